// The form of an entry against the document's own reader, and the track with keys: what a person does is what is written.

import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import "../../brokers/technologies.ts";
import { smallScenario } from "../../store/fakeSimulation.suite.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import { changeDraft, draftOf, entryOf, formFields, newDraft } from "./entryForm.ts";
import { possibleActs } from "./entryKinds.ts";
import { FaultTrack } from "./FaultTrack.tsx";
import { lanesOf, niceStepMs, ticksOf } from "./trackLayout.ts";

const entries: readonly TimelineEntry[] = [
  { at: 1000, act: "crash", target: "payment", duration: 2000 },
  { at: 2000, act: "isolate", target: "kafka", member: 1 },
  { at: 3000, act: "slow", target: "kafka", zone: 0, factor: 4 },
  { at: 4000, act: "set", target: "orders", parameter: "rate", value: 5 },
  { at: 5000, act: "resume", target: "payment" },
];

function withTimeline(timeline: readonly TimelineEntry[]): Scenario {
  const small = smallScenario();
  const nodes = small.nodes.map((node) =>
    node.kind === "broker" ? { ...node, parameters: { brokers: 3 } } : node,
  );
  return { ...small, nodes, timeline };
}

describe("the form of an entry", () => {
  const scenario = withTimeline([]);

  it("gives back what it was given", () => {
    for (const entry of entries) {
      if ("zone" in entry) continue;
      const again = entryOf(scenario, draftOf(entry));
      expect(again).toEqual({ ok: true, value: entry });
    }
  });

  it("begins with something valid for everything that can happen", () => {
    expect(possibleActs(scenario)).toContain("isolate");
    for (const one of possibleActs(scenario))
      expect(entryOf(scenario, newDraft(scenario, one, 1234)), one).toMatchObject({ ok: true });
  });

  it("asks for what the act and its target need", () => {
    const draft = newDraft(scenario, "crash", 0, "payment");
    expect(Object.keys(formFields(scenario, draft))).toEqual(["act", "target", "at", "duration"]);
    const broker = changeDraft(scenario, draft, "target", "kafka");
    expect(Object.keys(formFields(scenario, broker))).toContain("which");
    const setting = changeDraft(scenario, broker, "act", "set");
    expect(setting).toMatchObject({ parameter: expect.any(String) });
    expect(setting["which"]).toBeUndefined();
  });

  it("says what is wrong", () => {
    const wrong = entryOf(scenario, {
      act: "set",
      at: 0,
      target: "orders",
      parameter: "rate",
      value: "x",
    });
    expect(wrong).toMatchObject({ ok: false, failure: expect.stringContaining("must be") });
  });
});

describe("the layout of the track", () => {
  it("has a lane per place, and a row per overlap", () => {
    const lanes = lanesOf(
      withTimeline([...entries, { at: 1500, act: "slow", target: "payment", factor: 2 }]),
    );
    expect(lanes.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
      "Payment 2",
      "Kafka node 1 1",
      "Kafka zone 0 1",
      "Orders 1",
    ]);
  });

  it("has ticks that people can read", () => {
    expect(niceStepMs(3)).toBe(5);
    expect(ticksOf({ fromMs: 0, toMs: 60_000 }, 10)).toEqual([
      0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000,
    ]);
    expect(ticksOf({ fromMs: 0, toMs: 3.6e6 }, 8)[1]).toBe(6e5);
  });
});

describe("the track", () => {
  const host = document.createElement("div");
  let root: ReturnType<typeof createRoot>;
  const timeline = () => useDocumentStore.getState().scenario.timeline;

  beforeEach(async () => {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    document.body.append(host);
    root = createRoot(host);
    useDocumentStore.getState().open(withTimeline(entries), "test");
    await act(async () => root.render(<FaultTrack />));
  });
  afterEach(async () => {
    await act(async () => root.unmount());
    host.remove();
  });

  const bars = () => [...host.querySelectorAll<HTMLButtonElement>("[data-act]")];
  async function press(key: string, modifiers: KeyboardEventInit = {}): Promise<void> {
    await act(async () => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, ...modifiers });
      document.activeElement?.dispatchEvent(event);
    });
  }

  it("moves, stretches and removes by keys, and follows what it moves", async () => {
    await act(async () => bars()[0]?.focus());
    await press("ArrowRight");
    expect(timeline()[0]).toMatchObject({ act: "crash", at: 1100, duration: 2000 });
    await press("ArrowLeft", { shiftKey: true });
    expect(timeline()[0]).toMatchObject({ at: 1100, duration: 1900 });
    for (let i = 0; i < 10; i++) await press("ArrowRight");
    expect(timeline()[1]).toMatchObject({ act: "crash", at: 2100 });
    expect(document.activeElement?.getAttribute("data-act")).toBe("crash");
    await press("Delete");
    expect(timeline().map((entry) => entry.act)).toEqual(["isolate", "slow", "set", "resume"]);
    await act(async () => useDocumentStore.getState().undo());
    expect(timeline()).toHaveLength(5);
  });

  it("says everything in words", () => {
    expect(bars()[0]?.getAttribute("aria-label")).toBe("Crash Payment, 1 s to 3 s (2 s)");
    expect(bars().map((bar) => bar.tabIndex)).toEqual([0, -1, -1, -1, -1]);
  });
});
