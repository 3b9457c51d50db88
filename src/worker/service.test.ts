// The service without a thread, over a run of a dozen lines and a clock that ticks when it is read.
import { describe, expect, it } from "vitest";
import { fail, succeed } from "../base/result.ts";
import type { Report } from "../model/report.ts";
import type { Frame, RunEnding } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import { coarsenRates } from "./coarsen.ts";
import { type SimulatedRun, SimulationService } from "./service.ts";
import { buffersOf } from "./transfer.ts";

const scenario = { id: "test" } as unknown as Scenario;

/** One event per simulated millisecond, up to ten seconds. */
function fakeRun(options: { bugAtEvent?: number } = {}): SimulatedRun {
  let events = 0;
  const ended = (): RunEnding | null =>
    events >= 10_000 ? { reason: "finished", sentence: "The run is over." } : null;
  const run: SimulatedRun = {
    advance: ({ untilNs, maxEvents }) => {
      for (let left = maxEvents; left > 0 && events < 10_000; left--) {
        if ((events + 1) * 1e6 > untilNs) return;
        events++;
        if (events === options.bugAtEvent) throw new Error("The books do not balance.");
      }
    },
    step: () => {
      events++;
    },
    rewind: (timeNs) => {
      events = Math.min(events, Math.floor(timeNs / 1e6 / 100) * 100);
    },
    stepBack: () => {
      events--;
    },
    act: (act) =>
      act.target === "nobody"
        ? fail(`There is no node "nobody".`)
        : succeed({ at: events, act: "crash", target: act.target }),
    timeNs: () => events * 1e6,
    events: () => events,
    ended,
    frame: () => frameAt(events, ended()),
    series: () => ({ timesS: Float64Array.of(0, 1), lines: [] }),
    consistency: () => undefined,
    objectives: () => [],
    report: (wallSeconds) => ({ wallSeconds }) as Report,
    scenarioWith: (entries) => ({ ...scenario, timeline: entries }),
    learn: () => undefined,
    canDo: (act) => act.act !== "redrive",
    entryOf: (act) => ({ at: events + 0.001, ...act }),
  };
  return run;
}

function frameAt(events: number, ended: RunEnding | null): Frame {
  return {
    timeNs: events * 1e6,
    events,
    ended,
    nodes: Float64Array.of(events),
    channels: new Float64Array(0),
    connections: new Float64Array(0),
    moves: {
      oneOf: 1,
      connection: Int32Array.of(0),
      timeNs: Float64Array.of(0),
      outcome: Uint8Array.of(0),
      contract: Int32Array.of(0),
      message: Float64Array.of(1),
    },
    blocked: {},
    depths: {},
    clusters: {},
    counts: {},
  };
}

function serviceOver(run: SimulatedRun, tickMs = 0): SimulationService<SimulatedRun> {
  let nowMs = 0;
  return new SimulationService({
    createRun: () => succeed(run),
    lookBack: () => Promise.reject(new Error("Nobody looks back here.")),
    readabilityOf: () => ({}),
    nowMs: () => (nowMs += tickMs),
  });
}

const farNs = 1e15;

describe("going back", () => {
  it("goes to an instant of the past and of the future, without movements of the way there", async () => {
    const service = serviceOver(fakeRun());
    await service.load(scenario);
    await service.advance({ untilNs: 5e9, budgetMs: 1000, movesMax: 10 });
    expect((await service.seek({ timeNs: 1.234e9, budgetMs: 1000 })).events).toBe(1234);
    expect((await service.stepBack()).events).toBe(1233);
    expect((await service.seek({ timeNs: 7e9, budgetMs: 1000 })).events).toBe(7000);
  });

  it("stops on the way when the budget is used up, and goes on when asked again", async () => {
    const service = serviceOver(fakeRun(), 1);
    await service.load(scenario);
    const first = await service.seek({ timeNs: 9e9, budgetMs: 3 });
    expect(first.events).toBeLessThan(9000);
    let frame = first;
    for (let i = 0; i < 50 && frame.events < 9000; i++)
      frame = await service.seek({ timeNs: 9e9, budgetMs: 3 });
    expect(frame.events).toBe(9000);
  });
});

describe("the simulation service", () => {
  it("simulates up to the asked time", async () => {
    const service = serviceOver(fakeRun());
    await service.load(scenario);
    const frame = await service.advance({ untilNs: 2.5e9, budgetMs: 1000, movesMax: 10 });
    expect(frame.timeNs).toBe(2.5e9);
    expect(frame.ended).toBeNull();
  });

  it("stops when the wall budget is spent, and goes on from there", async () => {
    const service = serviceOver(fakeRun(), 4);
    await service.load(scenario);
    const first = await service.advance({ untilNs: farNs, budgetMs: 8, movesMax: 10 });
    expect(first.events).toBeGreaterThan(0);
    expect(first.events).toBeLessThan(10_000);
    const second = await service.advance({ untilNs: farNs, budgetMs: 8, movesMax: 10 });
    expect(second.events).toBeGreaterThan(first.events);
  });

  it("reaches the end and says why", async () => {
    const service = serviceOver(fakeRun());
    await service.load(scenario);
    const frame = await service.advance({ untilNs: farNs, budgetMs: 1e9, movesMax: 10 });
    expect(frame.ended?.reason).toBe("finished");
  });

  it("turns a bug of the engine into an ending, and stays there", async () => {
    const service = serviceOver(fakeRun({ bugAtEvent: 700 }));
    await service.load(scenario);
    await service.advance({ untilNs: 5e8, budgetMs: 1000, movesMax: 10 });
    const broken = await service.advance({ untilNs: farNs, budgetMs: 1e9, movesMax: 10 });
    expect(broken.ended).toEqual({ reason: "impossible", sentence: "The books do not balance." });
    expect(broken.timeNs).toBe(5e8);
    const again = await service.step();
    expect(again.ended?.reason).toBe("impossible");
    expect((await service.act({ act: "crash", target: "payment" })).ok).toBe(false);
  });

  it("hands on what is wrong with a scenario, also when the compiler breaks", async () => {
    const problem = {
      code: "x/y",
      severity: "error",
      path: "",
      message: "Connect the broker.",
    } as const;
    const refusing = new SimulationService({
      createRun: () => fail([problem]),
      lookBack: () => Promise.reject(new Error("Nobody looks back here.")),
      readabilityOf: () => ({}),
      nowMs: () => 0,
    });
    expect(await refusing.load(scenario)).toEqual(fail([problem]));
    const breaking = new SimulationService({
      createRun: () => {
        throw new Error("A mistake.");
      },
      lookBack: () => Promise.reject(new Error("Nobody looks back here.")),
      readabilityOf: () => ({}),
      nowMs: () => 0,
    });
    const loaded = await breaking.load(scenario);
    expect(loaded.ok).toBe(false);
    if (!loaded.ok) expect(loaded.failure[0]?.code).toBe("run/mistake");
  });

  it("compares versions before they meet, and drops what was prepared for an older load", async () => {
    const learnt: unknown[] = [];
    const fake = { ...fakeRun(), learn: (known: unknown) => void learnt.push(known) };
    const waits: (() => void)[] = [];
    const service = new SimulationService({
      createRun: () => succeed(fake),
      lookBack: () => Promise.reject(new Error("Nobody looks back here.")),
      readabilityOf: async () => {
        await new Promise<void>((resolve) => waits.push(resolve));
        return { order: { pairs: [], conflicts: [] } };
      },
      nowMs: () => 0,
    });
    const [first, second] = [service.load(scenario), service.load(scenario)];
    waits[1]!();
    expect((await second).ok).toBe(true);
    waits[0]!();
    expect((await first).ok).toBe(false);
    expect((await service.step()).events).toBe(1);
    const rollOut = { act: "roll out", target: "shop", contract: "order", contractVersion: "2" };
    const done = service.act({ ...rollOut, act: "roll out" });
    expect(learnt).toEqual([]);
    waits[2]!();
    expect((await done).ok).toBe(true);
    expect(learnt).toEqual([{ order: { pairs: [], conflicts: [] } }]);
  });

  it("repeats what a person does as a timeline entry, or says why not", async () => {
    const service = serviceOver(fakeRun());
    await service.load(scenario);
    await service.step();
    const crashed = await service.act({ act: "crash", target: "payment" });
    expect(crashed.ok && crashed.value.entry).toEqual({ at: 1, act: "crash", target: "payment" });
    expect(await service.act({ act: "crash", target: "nobody" })).toEqual(
      fail(`There is no node "nobody".`),
    );
  });

  it("measures the wall time of the simulation for the report", async () => {
    const service = serviceOver(fakeRun(), 2);
    await service.load(scenario);
    await service.advance({ untilNs: 1e6, budgetMs: 1000, movesMax: 1 });
    expect((await service.report()).wallSeconds).toBeGreaterThan(0);
  });

  it("refuses questions before a run is loaded", async () => {
    const service = serviceOver(fakeRun());
    await expect(service.step()).rejects.toThrow("load a scenario first");
  });
});

describe("rates at the resolution of the screen", () => {
  const tenths = (seconds: number) => ({
    timesS: Float64Array.from({ length: seconds * 10 }, (_, i) => i / 10),
    lines: [
      {
        id: "a",
        label: "A",
        values: Float64Array.from({ length: seconds * 10 }, (_, i) => i % 10),
      },
    ],
  });

  it("are means over a second", () => {
    const series = coarsenRates(tenths(30));
    expect(series.timesS).toHaveLength(30);
    expect(series.timesS[2]).toBeCloseTo(2);
    expect([...(series.lines[0]?.values ?? [])]).toEqual(Array.from({ length: 30 }, () => 4.5));
  });

  it("stay fine while the run is short, and leave out what is still filling", () => {
    expect(coarsenRates(tenths(1)).timesS).toHaveLength(10);
    const long = coarsenRates(tenths(1000));
    expect(long.timesS.length).toBeLessThanOrEqual(160);
    expect(long.timesS.length).toBeGreaterThan(150);
  });
});

describe("transferring", () => {
  it("finds every column of an answer once, however deep", () => {
    const frame = frameAt(1, null);
    const buffers = buffersOf({ ok: true, value: { entry: {}, frame } });
    expect(buffers).toContain(frame.nodes.buffer);
    expect(buffers).toContain(frame.moves.message.buffer);
    expect(new Set(buffers).size).toBe(buffers.length);
  });

  it("leaves empty columns and parts of a larger buffer where they are", () => {
    const large = new Float64Array(10);
    expect(buffersOf({ part: large.subarray(0, 5), none: new Float64Array(0) })).toEqual([]);
  });
});
