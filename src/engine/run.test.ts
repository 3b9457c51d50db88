// A run as a whole: slicing, acts, replay, limits, calls that fail.

import { describe, expect, test } from "vitest";
import { foodDelivery } from "../scenarios/foodDelivery.ts";
import { workQueue } from "../scenarios/workQueue.ts";
import type { MessageEvent } from "../model/events.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { directCall, finish, open, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const short = (scenario: Scenario): Scenario => ({
  ...scenario,
  load: { duration: 45_000 },
});

describe("slicing changes nothing", () => {
  for (const scenario of [short(foodDelivery), short(workQueue)]) {
    const whole = finish(scenario);

    for (const maxEvents of [1, 7, 1000])
      test(`${scenario.id} in pieces of ${maxEvents} events`, () => {
        const run = open(scenario);
        while (run.ended() === null) run.advance({ untilNs: Infinity, maxEvents });
        expect(run.stateHash()).toBe(whole.stateHash());
        expect(run.events()).toBe(whole.events());
      });

    test(`${scenario.id} in slices of 1 ms, looked at in between`, () => {
      const run = open(scenario, { movesMax: 100, onEvent: () => undefined });
      for (let ms = 1; run.ended() === null; ms++) {
        run.advance({ untilNs: ms * 1e6, maxEvents: Infinity });
        if (ms % 500 === 0) {
          run.frame(100);
          for (const chart of ["throughput", "backlog", "latency", "failures"] as const)
            run.series(chart);
          run.report(0);
        }
      }
      expect(run.stateHash()).toBe(whole.stateHash());
    });
  }
});

test("another seed gives another run", () => {
  const other = { ...short(foodDelivery), seed: 43 };
  expect(finish(other).stateHash()).not.toBe(finish(short(foodDelivery)).stateHash());
});

describe("acts during a run", () => {
  test("are recorded, and the recording repeats the run to the bit", () => {
    const run = open(short(foodDelivery));
    const entries: TimelineEntry[] = [];
    const act = (...args: Parameters<typeof run.act>): void => {
      const entry = run.act(...args);
      if (!entry.ok) throw new Error(entry.failure);
      entries.push(entry.value);
    };
    run.advance({ untilNs: 3.3e9, maxEvents: Infinity });
    act({ act: "crash", target: "matching" });
    run.advance({ untilNs: 5e9, maxEvents: 12_345 });
    act({ act: "set", target: "customers", parameter: "rate", value: 35 });
    act({ act: "set", target: "payment", parameter: "concurrency", value: 5 });
    run.advance({ untilNs: 9.87e9, maxEvents: Infinity });
    act({ act: "restart", target: "matching" });
    act({ act: "crash", target: "kafka", member: 1 });
    run.advance({ untilNs: 25e9, maxEvents: Infinity });
    act({ act: "set", target: "payment", parameter: "concurrency", value: 1 });
    act({ act: "restart", target: "kafka", member: 1 });
    run.advance({ untilNs: Infinity, maxEvents: Infinity });

    const recorded = {
      ...short(foodDelivery),
      timeline: [...foodDelivery.timeline, ...entries],
    };
    const replay = finish(JSON.parse(JSON.stringify(recorded)) as Scenario);
    expect(replay.stateHash()).toBe(run.stateHash());
    expect(replay.events()).toBe(run.events());
  });

  test("that make no sense are refused with a sentence", () => {
    const run = open(short(foodDelivery));
    const refusal = (...args: Parameters<typeof run.act>): string => {
      const result = run.act(...args);
      return result.ok ? "" : result.failure;
    };
    expect(refusal({ act: "crash", target: "nobody" })).toContain('no "nobody"');
    expect(refusal({ act: "crash", target: "customers" })).toContain("cannot crash");
    expect(refusal({ act: "set", target: "payment", parameter: "colour", value: 1 })).toContain(
      "no parameter",
    );
    expect(refusal({ act: "set", target: "customers", parameter: "rate", value: -1 })).toContain(
      "Rate",
    );
    expect(refusal({ act: "set", target: "customers", parameter: "keys", value: 5 })).toContain(
      "cannot change while",
    );
  });
});

describe("synchronous calls", () => {
  const pair = (server: Parameters<typeof worker>[1], call: object): Scenario =>
    sketch({
      duration: 20_000,
      nodes: [source("client", 50, { arrivals: "constant" }), worker("server", server)],
      connections: [
        {
          ...directCall("client", "server"),
          kind: "call",
          contract: "request",
          parameters: call as Record<string, number>,
        },
      ],
    });

  test("time out when the called service is slower than the caller is patient", () => {
    const slow = {
      serviceTime: { distribution: "constant", value: 300 } as const,
      concurrency: 100,
    };
    const [call] = reportOf(pair(slow, { timeout: 200 })).calls;
    expect(call!.succeeded).toBe(0);
    expect(call!.failed["timeout"]).toBeGreaterThan(980);
  });

  test("are tried as often as it says, and each attempt reaches the service", () => {
    const failing = { errorRate: 1, serviceTime: { distribution: "constant", value: 1 } as const };
    const report = reportOf(pair(failing, { attempts: 3, backoff: 10, jitter: "none" }));
    const [call] = report.calls;
    expect(call!.attempts).toBeGreaterThanOrEqual(3 * (call!.calls - call!.pending));
    expect(call!.failed["error"]).toBe(call!.calls - call!.pending);
  });

  test("are refused when the request queue is full", () => {
    const full = { mailbox: 2, serviceTime: { distribution: "constant", value: 1000 } as const };
    const [call] = reportOf(pair(full, { timeout: 10_000 })).calls;
    expect(call!.failed["overloaded"]).toBeGreaterThan(900);
    expect(call!.succeeded).toBeGreaterThanOrEqual(16);
  });

  test("fail at once while the called service is down", () => {
    const scenario = pair({ serviceTime: { distribution: "constant", value: 1 } }, {});
    const outage = { at: 5000, act: "crash", target: "server", duration: 5000 } as const;
    const [call] = reportOf({ ...scenario, timeline: [outage] }).calls;
    expect(call!.failed).toEqual({ unavailable: 250 });
  });
});

test("an event that causes itself ends the run with a sentence", () => {
  const loop = sketch({
    nodes: [
      source("source", 1),
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      worker("echo", { serviceTime: { distribution: "constant", value: 0.1 } }),
    ],
    channels: [{ id: "work", broker: "rabbit", kind: "queue" }],
    connections: [
      { id: "first", kind: "publish", from: "source", to: "work", contract: "ping" },
      { id: "take", kind: "consume", from: "work", to: "echo" },
      { id: "again", kind: "publish", from: "echo", to: "work", contract: "ping" },
    ],
  });
  const ending = finish(loop).ended();
  expect(ending?.reason).toBe("limit");
  expect(ending?.sentence).toContain("leads to itself");
});

test("the event log tells the life of a message in order, with its cause", () => {
  const log: MessageEvent[] = [];
  const run = finish(
    { ...foodDelivery, load: { duration: 3000, sourcesStopAt: 500 } },
    { onEvent: (record) => log.push(record) },
  );
  const first = log.find((record) => record.event === "published")!;
  const life = log.filter((record) => record.message === first.message);
  expect(life.map(({ event }) => event)).toEqual([
    "published",
    "stored",
    "routed",
    "confirmed",
    "delivered",
    "started",
    "written",
    "handled",
    "acknowledged",
  ]);
  const consequence = log.find((record) => record.cause === first.message);
  expect(consequence).toMatchObject({ event: "published", contract: "payment-confirmed" });
  expect(run.conservation().holds).toBe(true);
});
