// Cards made of plain elements, frames made by hand.
import { beforeEach, describe, expect, it } from "vitest";
import { channelMetrics, type Frame, nodeMetrics } from "../../model/result.ts";
import { emptyFrame, smallScenario } from "../../store/fakeSimulation.suite.ts";
import type { LiveRun } from "../../store/liveRun.ts";
import { createLiveCards, type LiveCards } from "./liveCards.ts";

const scenario = smallScenario();
let root: HTMLElement;
let said: string[];
let isFar: boolean;
let cards: LiveCards;

function frameAt(timeS: number, change: (frame: Frame) => void = () => undefined): LiveRun {
  const frame = { ...emptyFrame(scenario), timeNs: timeS * 1e9, events: 1 };
  change(frame);
  return { scenario, frame, generation: 1, jumps: 0, seenNs: 0, speed: 1 };
}

function setNode(frame: Frame, row: number, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values))
    frame.nodes[row * nodeMetrics.length + nodeMetrics.findIndex((m) => m === name)] = value;
}

function setChannel(frame: Frame, row: number, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values))
    frame.channels[row * channelMetrics.length + channelMetrics.findIndex((m) => m === name)] =
      value;
}

const text = (selector: string) => root.querySelector(selector)?.textContent;

beforeEach(() => {
  const card = (id: string) => `<div class="react-flow__node" aria-label="${id}, node">
    <div data-node-id="${id}"><i data-live="state"></i><b data-live="busy-bar"></b>
    <span data-live="primary">at rest ${id}</span><span data-live="secondary">below</span>
    <u data-live="member-0"></u></div></div>`;
  document.body.innerHTML = `<main>${["orders", "payment", "ledger", "kafka"].map(card).join("")}
    <div data-channel-id="placed"><span data-live="waiting">topic</span>
    <b data-live="waiting-bar"></b></div></main>`;
  root = document.querySelector("main") ?? document.body;
  said = [];
  isFar = false;
  cards = createLiveCards({
    root,
    isFar: () => isFar,
    announce: (sentence) => said.push(sentence),
  });
});

describe("live cards", () => {
  it("shows rates over the last second and counters", () => {
    cards.take(frameAt(1, (frame) => setNode(frame, 0, { handled: 100 })));
    cards.take(frameAt(2, (frame) => setNode(frame, 0, { handled: 120, failed: 3 })));
    cards.paint(1000);
    expect(text('[data-node-id="orders"] [data-live="primary"]')).toBe("20/s · 120 sent");
    expect(text('[data-node-id="orders"] [data-live="secondary"]')).toBe("3 failed");
  });

  it("shows workers at work, and that a service is down", () => {
    cards.take(
      frameAt(1, (frame) => setNode(frame, 1, { busy: 3, capacity: 4, handled: 12, failed: 2 })),
    );
    cards.paint(1000);
    const card = root.querySelector('[data-node-id="payment"]');
    expect(text('[data-node-id="payment"] [data-live="primary"]')).toBe("busy 3 of 4 · 0/s");
    expect(text('[data-node-id="payment"] [data-live="secondary"]')).toBe("2 failed");
    expect(card?.querySelector<HTMLElement>('[data-live="busy-bar"]')?.style.transform).toBe(
      "scaleX(0.75)",
    );
    cards.take(frameAt(1.5, (frame) => setNode(frame, 1, { state: 1, capacity: 4 })));
    cards.paint(1100);
    expect(text('[data-node-id="payment"] [data-live="primary"]')).toBe("crashed");
    expect(card?.getAttribute("data-live-state")).toBe("down");
  });

  it("says how far a store is behind, or that it has converged", () => {
    const of = { entities: 1180, behind: 24, stalenessMs: 1234 };
    cards.take(frameAt(1, (frame) => setNode(frame, 2, of)));
    cards.paint(1000);
    expect(text('[data-node-id="ledger"] [data-live="primary"]')).toBe("1,180 keys");
    expect(text('[data-node-id="ledger"] [data-live="secondary"]')).toBe("24 behind by 1.2 s");
    cards.take(frameAt(2));
    cards.paint(2000);
    expect(text('[data-node-id="ledger"] [data-live="secondary"]')).toBe("converged");
  });

  it("fills channels, and explains why nothing is delivered", () => {
    const live = frameAt(1, (frame) => setChannel(frame, 0, { waiting: 24, inFlight: 3 }));
    const blocked = { in: "No worker is up." };
    cards.take({ ...live, frame: { ...live.frame, blocked } });
    cards.paint(1000);
    expect(text('[data-live="waiting"]')).toBe("24 waiting · 3 in flight ⚠");
    expect(root.querySelector('[data-node-id="payment"]')?.getAttribute("data-tip")).toBe(
      "No worker is up.",
    );
  });

  it.each([
    [{ up: false, isolated: true }, "down", "all nodes down"],
    [{ isolated: true, slowness: 10 }, "isolated", "1 cut off"],
    [{ slowness: 10 }, "slow", "1 slow"],
    [{}, "up", "0 waiting"],
  ])("shows a node of a cluster that is %o", (fault, state, words) => {
    const live = frameAt(1);
    const clusters = { kafka: [{ up: true, leads: 0, isolated: false, slowness: 1, ...fault }] };
    cards.take({ ...live, frame: { ...live.frame, clusters } });
    cards.paint(1000);
    const dot = root.querySelector('[data-node-id="kafka"] [data-live="member-0"]');
    expect(dot?.getAttribute("data-state")).toBe(state);
    expect(text('[data-node-id="kafka"] [data-live="primary"]')).toContain(words);
  });

  it("writes ten times a second at most, and says when something is left", () => {
    cards.take(frameAt(1));
    expect(cards.paint(1000)).toBe(false);
    cards.take(frameAt(2, (frame) => setNode(frame, 2, { entities: 5 })));
    expect(cards.paint(1050)).toBe(true);
    expect(text('[data-node-id="ledger"] [data-live="primary"]')).toBe("0 keys");
    expect(cards.paint(1100)).toBe(false);
    expect(text('[data-node-id="ledger"] [data-live="primary"]')).toBe("5 keys");
  });

  it("brings back what stood there at rest, also what React wrote meanwhile", () => {
    const before = root.innerHTML;
    cards.take(frameAt(1, (frame) => setNode(frame, 1, { state: 1 })));
    cards.paint(1000);
    expect(root.innerHTML).not.toBe(before);
    const secondary = root.querySelector('[data-node-id="orders"] [data-live="secondary"]');
    if (secondary !== null) secondary.textContent = "changed";
    cards.take(frameAt(2));
    cards.paint(2000);
    cards.take(null);
    cards.paint(3000);
    expect(text('[data-node-id="orders"] [data-live="primary"]')).toBe("at rest orders");
    expect(secondary?.textContent).toBe("changed");
    expect(root.querySelector("[data-state]")).toBeNull();
  });

  it("adds the values to the accessible name, without piling them up", () => {
    cards.take(frameAt(1));
    cards.paint(1000);
    cards.take(frameAt(2));
    cards.paint(2000);
    const node = root.querySelector('[data-node-id="ledger"]')?.parentElement;
    expect(node?.getAttribute("aria-label")).toBe("ledger, node. 0 keys, converged.");
  });

  it("writes only states from far away", () => {
    isFar = true;
    cards.take(frameAt(1, (frame) => setNode(frame, 1, { state: 1 })));
    cards.paint(1000);
    const card = root.querySelector('[data-node-id="payment"]');
    expect(card?.getAttribute("data-live-state")).toBe("down");
    expect(text('[data-node-id="payment"] [data-live="primary"]')).toBe("at rest payment");
  });

  it("spreads a round over frames when there are many cards", () => {
    for (let i = 0; i < 40; i++) {
      const card = document.createElement("div");
      card.dataset["nodeId"] = "ledger";
      card.innerHTML = `<span data-live="primary"></span>`;
      root.append(card);
    }
    cards.take(frameAt(1));
    expect(cards.paint(1000)).toBe(true);
    expect(root.lastElementChild?.textContent).toBe("");
    expect(cards.paint(1016)).toBe(false);
    expect(root.lastElementChild?.textContent).toBe("0 keys");
  });

  it("announces an outage at once, and is silent while nothing happens", () => {
    cards.take(frameAt(1));
    cards.paint(1000);
    cards.take(frameAt(2, (frame) => setNode(frame, 1, { state: 1 })));
    cards.paint(3500);
    cards.take(frameAt(3, (frame) => setNode(frame, 1, { state: 1 })));
    cards.paint(6000);
    expect(said).toEqual([
      "1 seconds: 0 messages waiting, all up.",
      "2 seconds: 0 messages waiting, down: Payment.",
    ]);
  });
});
