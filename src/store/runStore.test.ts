// The run store over a fake simulation, a fake document and frames that are drawn by hand.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import {
  createFakeSimulation,
  type FakeSimulation,
  smallScenario,
} from "./fakeSimulation.suite.ts";
import { latestLiveRun, subscribeLiveRun } from "./liveRun.ts";
import { connectRun, useRunStore } from "./runStore.ts";

let simulation: FakeSimulation;
let scenario: Scenario;
let titles: string[];
let nowMs: number;
let frames: (() => void)[];
let listeners: Set<() => void>;
let openAnother: () => void;
let disconnect: () => void;

const run = () => useRunStore.getState();
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function edit(after: Scenario): void {
  scenario = after;
  for (const listener of listeners) listener();
}

/** Draws frames of 20 ms until the wall clock has moved by `wallMs`. */
async function draw(wallMs: number): Promise<void> {
  for (let drawn = 0; drawn < wallMs; drawn += 20) {
    nowMs += 20;
    for (const callback of frames.splice(0)) callback();
    await settled();
  }
}

beforeEach(() => {
  simulation = createFakeSimulation();
  scenario = smallScenario();
  titles = [];
  nowMs = 1000;
  frames = [];
  listeners = new Set();
  disconnect = connectRun({
    simulation,
    scenario: () => scenario,
    onScenarioChange: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    onOpen: (opened) => {
      openAnother = opened;
      return () => undefined;
    },
    commit: (after, title) => {
      titles.push(title);
      edit(after);
    },
    requestFrame: (callback) => {
      frames.push(callback);
    },
    nowMs: () => nowMs,
  });
  run().setSpeed(1);
});

afterEach(() => {
  disconnect();
});

describe("playing", () => {
  it("loads the document and follows the wall clock", async () => {
    await run().play();
    expect(run().status).toBe("running");
    await draw(1000);
    expect(latestLiveRun()?.frame.timeNs).toBeCloseTo(1e9, -7);
    expect(run().timeNs).toBeGreaterThan(7e8);
    expect(run().eventsPerS).toBeGreaterThan(500);
  });

  it("multiplies the wall clock by the speed, and asks for the whole run at the highest", async () => {
    run().setSpeed(2);
    await run().play();
    await draw(200);
    expect(latestLiveRun()?.frame.timeNs).toBeCloseTo(4e8, -7);
    run().setSpeed(Infinity);
    await draw(20);
    expect(simulation.requests.at(-1)?.untilNs).toBe(10e9);
  });

  it("does not catch up on time when the page was hidden", async () => {
    await run().play();
    await draw(100);
    nowMs += 60_000;
    await draw(20);
    expect(latestLiveRun()?.frame.timeNs).toBeLessThan(0.25e9);
  });

  it("has one question under way at the most", async () => {
    await run().play();
    for (let i = 0; i < 5; i++) {
      nowMs += 16;
      for (const callback of frames.splice(0)) callback();
    }
    expect(simulation.requests).toHaveLength(1);
  });

  it("stands still while paused, and ends with a reason", async () => {
    await run().play();
    await draw(100);
    run().pause();
    const { timeNs } = run();
    await draw(200);
    expect(run().timeNs).toBe(timeNs);
    expect(frames).toHaveLength(0);
    run().setSpeed(Infinity);
    await run().toggle();
    await draw(60);
    expect(run().status).toBe("ended");
    expect(run().ending?.sentence).toBe("The run reached its end.");
    await run().play();
    expect(run().status).toBe("running");
    expect(simulation.loads).toHaveLength(2);
  });

  it("steps one event at a time, pausing", async () => {
    await run().step();
    await run().step();
    expect(run().status).toBe("paused");
    expect(run().events).toBe(2);
  });

  it("begins anew with a restart, with a new generation, and goes on running", async () => {
    await run().play();
    await draw(100);
    const { generation } = run();
    await run().restart();
    expect(run().status).toBe("running");
    expect(run().generation).toBe(generation + 1);
    expect(latestLiveRun()?.frame.timeNs).toBe(0);
  });

  it("says why a document cannot run", async () => {
    scenario = { ...scenario, nodes: [] };
    await run().play();
    expect(run().status).toBe("idle");
    expect(run().notice?.text).toContain("Add a producer first.");
    expect(run().problems[0]?.code).toBe("run/empty");
  });

  it("says that the simulation died, and comes back with a restart", async () => {
    await run().play();
    simulation.die();
    await draw(40);
    expect(run().status).toBe("faulted");
    expect(run().notice?.kind).toBe("fault");
    await run().restart();
    expect(run().status).toBe("ready");
  });

  it("hands every frame to who draws", async () => {
    const seen: number[] = [];
    const stop = subscribeLiveRun((live) => {
      if (live !== null) seen.push(live.frame.timeNs);
    });
    await run().play();
    await draw(60);
    stop();
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });
});

describe("going to another instant", () => {
  const liveMs = () => (latestLiveRun()?.frame.timeNs ?? 0) / 1e6;

  it("loads what was never run, and stands there", async () => {
    await run().seek(3e9);
    expect(liveMs()).toBe(3000);
    expect([run().status, run().timeNs]).toEqual(["paused", 3e9]);
    await run().play();
    await draw(100);
    expect(liveMs()).toBeGreaterThan(3000);
    expect(simulation.loads).toHaveLength(1);
  });

  it("goes on running from there, back and further, and knows how far it has been", async () => {
    await run().seek(5e9);
    await run().play();
    await draw(40);
    await run().seek(1e9);
    expect(run().status).toBe("running");
    await draw(100);
    expect(liveMs()).toBeGreaterThan(1000);
    expect(liveMs()).toBeLessThan(1300);
    expect(latestLiveRun()?.seenNs).toBeGreaterThanOrEqual(5e9);
  });

  it("takes the end of a run back, and stays within the run", async () => {
    await run().seek(1e12);
    expect([run().status, liveMs()]).toEqual(["ended", 10_000]);
    await run().seek(-5);
    expect([run().status, run().ending, liveMs()]).toEqual(["paused", null, 0]);
  });

  it("follows the latest wish, not every one of them", async () => {
    await run().seek(0);
    const jumps = latestLiveRun()?.jumps ?? 0;
    const all = [run().seek(1e9), run().seek(2e9), run().seek(4e9)];
    await Promise.all(all);
    await settled();
    expect(liveMs()).toBe(4000);
    expect((latestLiveRun()?.jumps ?? 0) - jumps).toBe(2);
  });

  it("asks again while the worker is still on its way", async () => {
    await run().seek(0);
    simulation.slowSeeks(400);
    await run().seek(2e9);
    expect(liveMs()).toBe(2000);
    simulation.slowSeeks(1);
    void run().seek(9e9);
    await settled();
    run().pause();
    await settled();
    const stoppedMs = liveMs();
    expect(stoppedMs).toBeLessThan(9000);
    await draw(100);
    expect(liveMs()).toBe(stoppedMs);
  });

  it("has not seen the future of an act", async () => {
    await run().seek(8e9);
    await run().seek(2e9);
    await run().act({ act: "crash", target: "payment" });
    expect(latestLiveRun()?.seenNs).toBe(2e9);
    expect(scenario.timeline[0]?.at).toBeCloseTo(2000, 0);
  });

  it("takes one event back, pausing", async () => {
    await run().seek(2e9);
    await run().stepBack();
    expect([run().status, run().events]).toEqual(["paused", 1999]);
  });
});

describe("acting on a running system", () => {
  it("writes the act on the timeline, and the run stays valid", async () => {
    await run().play();
    await draw(100);
    await run().act({ act: "crash", target: "payment" });
    expect(scenario.timeline).toHaveLength(1);
    expect(scenario.timeline[0]).toMatchObject({ act: "crash", target: "payment" });
    expect(titles[0]).toBe("Crash Payment at 0.1 s");
    expect(run().isStale).toBe(false);
    expect(run().status).toBe("running");
  });

  it("names parameters in the history as people know them", async () => {
    await run().play();
    await run().act({ act: "set", target: "orders", parameter: "rate", value: 40 });
    expect(titles[0]).toBe("Set rate of Orders to 40/s at 0.0 s");
  });

  it("reports what cannot be done", async () => {
    await run().play();
    await run().act({ act: "crash", target: "nobody" });
    expect(run().notice).toEqual({ kind: "refused", text: `There is no element "nobody".` });
    expect(titles).toEqual([]);
  });

  it("is stale when the act is taken back", async () => {
    await run().play();
    await draw(100);
    const before = scenario;
    await run().act({ act: "crash", target: "payment" });
    edit(before);
    expect(run().isStale).toBe(true);
  });
});

describe("editing the drawing", () => {
  it("ends with its document: another one begins without a run", async () => {
    await run().play();
    await draw(200);
    expect(run().timeNs).toBeGreaterThan(0);
    openAnother();
    edit({ ...scenario, nodes: [] });
    expect(run()).toMatchObject({ status: "idle", timeNs: 0, isStale: false, notice: null });
    expect(latestLiveRun()).toBeNull();
    await draw(200);
    expect(latestLiveRun()).toBeNull();
  });

  it("makes the run stale when the behaviour changes, until it is restarted", async () => {
    await run().play();
    await draw(100);
    edit({ ...scenario, seed: 8 });
    expect(run().isStale).toBe(true);
    expect(run().notice?.text).toContain("restart to run it");
    await run().restart();
    expect(run().isStale).toBe(false);
    expect(simulation.loads.at(-1)?.seed).toBe(8);
  });

  it("loads the new drawing with the next play after a pause", async () => {
    await run().play();
    await draw(100);
    run().pause();
    edit({ ...scenario, load: { duration: 5000 } });
    await run().play();
    expect(run().durationNs).toBe(5e9);
    expect(run().timeNs).toBeLessThan(1e8);
  });

  it("leaves the run alone when things are moved, named or described", async () => {
    await run().play();
    await draw(100);
    edit({
      ...scenario,
      layout: { orders: { x: 8, y: 8 } },
      title: "Renamed",
      nodes: scenario.nodes.map((node) => ({ ...node, name: `${node.id}!`, description: "x" })),
    });
    expect(run().isStale).toBe(false);
  });

  it("is valid again when the edit is undone", async () => {
    await run().play();
    await draw(100);
    const before = scenario;
    edit({ ...scenario, seed: 8 });
    edit(before);
    expect(run().isStale).toBe(false);
    expect(run().notice).toBeNull();
  });
});
