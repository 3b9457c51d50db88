// Going back, case by case: what a person finds at an instant, what happens again, and what a fork may change.

import { describe, expect, test } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import { workQueue } from "../scenarios/workQueue.ts";
import type { Run } from "./run.ts";
import { finish, open, sketch, source, worker } from "./sketch.suite.ts";

const scenario: Scenario = { ...workQueue, load: { duration: 60_000 } };
const service = scenario.nodes.find(({ kind }) => kind === "service")!.id;
const producer = scenario.nodes.find(({ kind }) => kind === "producer")!.id;

/** A run with moments to go back to, at a time [s]. */
function playedTo(seconds: number): Run {
  const run = open(scenario, { historyBytes: 1e8, historyEvents: 500 });
  run.advance({ untilNs: seconds * 1e9, maxEvents: Infinity });
  return run;
}

function hashAt(document: Scenario, seconds: number): string {
  const run = open(document);
  run.advance({ untilNs: seconds * 1e9, maxEvents: Infinity });
  return run.stateHash();
}

function act(run: Run, ...args: Parameters<Run["act"]>): void {
  const done = run.act(...args);
  if (!done.ok) throw new Error(done.failure);
}

describe("seeking", () => {
  test("goes to any instant of the past and the future, also after the end", () => {
    const run = playedTo(Infinity);
    expect(run.ended()?.reason).toBe("finished");
    for (const seconds of [20, 0, 59.999, 60, 20]) {
      expect(run.seek(seconds * 1e9).ok).toBe(true);
      expect(run.timeNs()).toBe(seconds * 1e9);
      expect(run.stateHash()).toBe(hashAt(scenario, seconds));
      expect(run.ended() === null).toBe(seconds < 60);
    }
  });

  test("refuses what lies outside the run, and stays where it is", () => {
    const run = playedTo(10);
    for (const timeNs of [-1, 60e9 + 1, NaN]) {
      const sought = run.seek(timeNs);
      expect(sought.ok ? "" : sought.failure).toContain("from 0 s to 1 min");
    }
    expect(run.timeNs()).toBe(10e9);
  });

  test("shows what was said up to then, and no movement of another time", () => {
    const run = open(scenario, { historyBytes: 1e8, movesMax: 100 });
    run.advance({ untilNs: 10e9, maxEvents: Infinity });
    act(run, { act: "crash", target: service });
    run.advance({ untilNs: 20e9, maxEvents: Infinity });
    const said = run.report(0).notes;
    run.seek(9e9);
    expect(run.report(0).notes.every(({ t }) => t <= 9)).toBe(true);
    expect(run.frame(100).moves.connection.length).toBe(0);
    run.seek(20e9);
    expect(run.report(0).notes).toEqual(said);
  });

  test("steps back one event at a time, down to the beginning", () => {
    const run = playedTo(2);
    const events = run.events();
    const again = open(scenario);
    const states: (readonly [string, number])[] = [];
    for (; again.events() < events; again.step()) states.push([again.stateHash(), again.timeNs()]);
    for (const state of states.slice(-40).toReversed()) {
      run.stepBack();
      expect([run.stateHash(), run.timeNs()]).toEqual(state);
    }
    run.seek(0);
    run.stepBack();
    expect([run.events(), run.timeNs()]).toEqual([0, 0]);
  });

  test("leaves acts on the timeline: they happen again", () => {
    const run = playedTo(40);
    act(run, { act: "crash", target: service });
    const entry = run.acts()[0]!;
    run.seek(20e9);
    expect(run.acts()).toEqual([entry]);
    run.advance({ untilNs: 50e9, maxEvents: Infinity });
    const recorded = { ...scenario, timeline: [...scenario.timeline, entry] };
    expect(run.stateHash()).toBe(hashAt(recorded, 50));
  });

  test("keeps what was done later when something is done before it", () => {
    const run = playedTo(40);
    act(run, { act: "crash", target: service });
    run.seek(20e9);
    act(run, { act: "set", target: producer, parameter: "rate", value: 5 });
    expect(run.acts().map(({ at }) => Math.floor(at))).toEqual([40_000, 20_000]);
    run.seek(50e9);
    const recorded = { ...scenario, timeline: [...scenario.timeline, ...run.acts()] };
    expect(run.stateHash()).toBe(hashAt(recorded, 50));
  });

  test("goes back to before a limit was reached, and reaches it again", () => {
    // An event that causes itself, until the chain of causes is too long.
    const loop = sketch({
      nodes: [
        source("source", 1),
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
        worker("echo", { serviceTime: { distribution: "constant", value: 1 } }),
      ],
      channels: [{ id: "work", broker: "rabbit", kind: "queue" }],
      connections: [
        { id: "first", kind: "publish", from: "source", to: "work", contract: "ping" },
        { id: "take", kind: "consume", from: "work", to: "echo" },
        { id: "again", kind: "publish", from: "echo", to: "work", contract: "ping" },
      ],
    });
    const run = open(loop, { historyBytes: 1e9, historyEvents: 100 });
    run.advance({ untilNs: Infinity, maxEvents: Infinity });
    const [ending, hash, timeNs] = [run.ended(), run.stateHash(), run.timeNs()];
    expect(ending?.reason).toBe("limit");
    run.seek(timeNs - 5e8);
    expect([run.ended(), run.timeNs()]).toEqual([null, timeNs - 5e8]);
    run.seek(60e9);
    expect([run.ended(), run.stateHash(), run.timeNs()]).toEqual([ending, hash, timeNs]);
    const copy = open(loop);
    copy.resume(run.capture());
    expect(copy.ended()).toEqual(ending);
  });
});

describe("the memory for moments", () => {
  test("stays within its bounds and changes nothing", () => {
    const plain = finish(scenario);
    for (const historyBytes of [1, 4e6, 1e9]) {
      const run = open(scenario, { historyBytes, historyEvents: 200 });
      run.advance({ untilNs: Infinity, maxEvents: Infinity });
      expect(run.stateHash()).toBe(plain.stateHash());
      const { moments, bytes } = run.historySize();
      expect(bytes).toBeLessThanOrEqual(historyBytes);
      expect(moments > 2).toBe(historyBytes > 1);
    }
    expect(plain.historySize()).toEqual({ moments: 0, bytes: 0 });
  });
});

describe("a fork", () => {
  const slower = { distribution: "constant", value: 400 } as const;

  function changed(change: (node: Scenario["nodes"][number]) => object): Scenario {
    return {
      ...scenario,
      nodes: scenario.nodes.map((node) => ({ ...node, ...change(node) })),
    };
  }

  test("goes on with other parameters like a fresh run that has them on its timeline", () => {
    const run = playedTo(40);
    const before = run.stateHash();
    const wanted = changed((node) =>
      node.id === service ? { parameters: { ...node.parameters, serviceTime: slower } } : {},
    );
    const fork = run.fork(20e9, { scenario: wanted });
    if (!fork.ok) throw new Error(fork.failure);
    expect(fork.value.timeNs()).toBe(20e9);
    fork.value.advance({ untilNs: 50e9, maxEvents: Infinity });
    const [entry] = fork.value.acts();
    expect(entry).toMatchObject({ at: 20_000.001, target: service, value: slower });
    const timeline = [...scenario.timeline, entry!];
    expect(fork.value.stateHash()).toBe(hashAt({ ...scenario, timeline }, 50));
    expect(run.stateHash()).toBe(before);
  });

  test("may leave out or add what lies ahead on the timeline, but not what is past", () => {
    const planned = {
      ...scenario,
      timeline: [{ at: 30_000, act: "crash", target: service }],
    } as const;
    const run = open(planned, { historyBytes: 1e8 });
    run.advance({ untilNs: 40e9, maxEvents: Infinity });
    const fork = run.fork(20e9, { scenario });
    if (!fork.ok) throw new Error(fork.failure);
    fork.value.advance({ untilNs: 50e9, maxEvents: Infinity });
    expect(fork.value.stateHash()).toBe(hashAt(scenario, 50));
    const late = run.fork(35e9, { scenario });
    expect(late.ok ? "" : late.failure).toContain("timeline before 35 s has changed");
  });

  test("refuses what cannot change in the middle of a run, with a sentence", () => {
    const run = playedTo(10);
    const refusal = (wanted: Scenario): string => {
      const fork = run.fork(5e9, { scenario: wanted });
      return fork.ok ? "" : fork.failure;
    };
    expect(refusal({ ...scenario, seed: 99 })).toContain("another seed");
    expect(refusal({ ...scenario, load: { duration: 70_000 } })).toContain("length");
    expect(refusal({ ...scenario, connections: [] })).not.toBe("");
    const keyed = changed((node) =>
      node.kind === "producer" ? { parameters: { ...node.parameters, keys: 7 } } : {},
    );
    expect(refusal(keyed)).toContain("cannot change while the scenario runs");
    expect(refusal(changed((node) => ({ name: `${node.id} by another name` })))).toBe("");
    const acts = run.fork(5e9, { acts: [{ act: "crash", target: "nobody" }] });
    expect(acts.ok ? "" : acts.failure).toContain('no "nobody"');
    const outside = run.fork(61e9);
    expect(outside.ok ? "" : outside.failure).toContain("from 0 s to 1 min");
  });
});
