// In which order and at which speed a service works: exact moments of small scenes, worked out by hand.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { MessageEvent } from "../model/events.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { finish, sketch, worker } from "./sketch.suite.ts";

/** One arrival at a moment [s]: a producer of its own that makes one event every 1,000 s and begins early. */
interface Arrival {
  readonly at: number;
  readonly priority?: number;
  /** Over a queue instead of by a call. */
  readonly queued?: boolean;
}

/** When work began and ended [s], by the number of the arrival. */
interface Told {
  readonly started: readonly (readonly number[])[];
  readonly ended: readonly number[];
  readonly failed: readonly string[];
}

/** Arrivals at a service that works for a second on each. */
function scene(
  arrivals: readonly Arrival[],
  parameters: Parameters,
  timeline: readonly TimelineEntry[] = [],
): Scenario {
  const instant = { distribution: "constant", value: 0 } as const;
  const nodes = arrivals.map(({ at }, i): Node => ({
    id: `source-${i}`,
    kind: "producer",
    // A constant producer sends first after one gap.
    parameters: { arrivals: "constant", rate: 1 / at },
  }));
  const links = arrivals.map(({ priority = 0, queued }, i): Connection => {
    const about = { id: `link-${i}`, from: `source-${i}`, contract: `job-${i}` };
    return queued === true
      ? { ...about, kind: "publish", to: "queue", parameters: { priority, latency: 0.01 } }
      : {
          ...about,
          kind: "call",
          to: "service",
          parameters: { priority, latency: instant, timeout: 1e6 },
        };
  });
  const second = { distribution: "constant", value: 1000 } as const;
  return sketch({
    duration: 2 * Math.min(...arrivals.map(({ at }) => at)) * 1000 - 1,
    nodes: [
      ...nodes,
      { id: "broker", kind: "broker", technology: "rabbitmq" },
      worker("service", { serviceTime: second, ...parameters }),
    ],
    channels: [{ id: "queue", broker: "broker", kind: "queue" }],
    connections: [
      ...links,
      {
        id: "consume",
        kind: "consume",
        from: "queue",
        to: "service",
        parameters: { latency: 0.01 },
      },
    ],
    timeline,
  });
}

function tell(scenario: Scenario): Told {
  const records: MessageEvent[] = [];
  finish(scenario, { onEvent: (record) => records.push(record) });
  const jobs = scenario.contracts.length;
  const of = (job: number, event: string): readonly MessageEvent[] =>
    records.filter((record) => record.contract === `job-${job}` && record.event === event);
  const list = Array.from({ length: jobs }, (_, job) => job);
  return {
    started: list.map((job) => of(job, "started").map(({ t }) => t)),
    ended: list.map((job) => of(job, "handled")[0]?.t ?? -1),
    failed: list.flatMap((job) => of(job, "answered").flatMap(({ reason }) => reason ?? [])),
  };
}

/** To the microsecond: events over a queue are some microseconds late. */
const rounded = (values: readonly number[]): readonly number[] =>
  values.map((value) => Math.round(value * 1e4) / 1e4);

const endsOf = (
  arrivals: readonly Arrival[],
  parameters: Parameters,
  timeline?: readonly TimelineEntry[],
): readonly number[] => rounded(tell(scene(arrivals, parameters, timeline)).ended);

const at = (...moments: readonly number[]): readonly Arrival[] =>
  moments.map((moment) => ({ at: moment }));
const queued = (arrivals: readonly Arrival[]): readonly Arrival[] =>
  arrivals.map((arrival) => ({ ...arrival, queued: true }));

for (const [what, how] of [
  ["requests", (arrivals: readonly Arrival[]) => arrivals],
  ["messages", queued],
  [
    "both",
    (arrivals: readonly Arrival[]) => arrivals.map((a, i) => ({ ...a, queued: i % 2 === 1 })),
  ],
] as const) {
  test(`${what}: first in, first out`, () => {
    expect(endsOf(how(at(100, 100.2, 100.4, 100.6)), {})).toEqual([101, 102, 103, 104]);
  });

  test(`${what}: last in, first out, without interrupting`, () => {
    const ends = endsOf(how(at(100, 100.2, 100.4, 101.6)), { order: "lifo" });
    expect(ends).toEqual([101, 104, 102, 103]);
  });

  test(`${what}: the highest priority first, in order of arrival among equals`, () => {
    const arrivals = at(100, 100.2, 100.4, 100.6, 100.8).map((arrival, i) => ({
      ...arrival,
      priority: [0, 3, 9, 3, 0][i]!,
    }));
    expect(endsOf(how(arrivals), { order: "priority" })).toEqual([101, 103, 102, 104, 105]);
    expect(endsOf(how(arrivals), {}), "priorities count only where the order is").toEqual([
      101, 102, 103, 104, 105,
    ]);
  });
}

test("shared cores: who works alone has a core, two share it", () => {
  // The first works alone for 0.4 s and has 0.6 s left; both share until it is through after 1.2 s more; the second,
  // which has had 0.6 s of work then, is alone again.
  const ends = endsOf(at(100, 100.4), { concurrency: 2, cores: 1 });
  expect(ends).toEqual([101.6, 102]);
});

test("shared cores: as many cores as workers at work are as good as one each", () => {
  const moments = at(100, 100.1, 100.2);
  expect(endsOf(moments, { concurrency: 3, cores: 3 })).toEqual(
    endsOf(moments, { concurrency: 3 }),
  );
  // Three on two cores: 0.8 + 0.1 of work is left of the first when the third comes, then two thirds of the speed.
  const [first] = endsOf(moments, { concurrency: 3, cores: 2 });
  expect(first).toBeCloseTo(100.2 + 0.8 * 1.5, 6);
});

test("shared cores: a crash loses the work, and who comes later is not slowed by it", () => {
  const crash: TimelineEntry = { at: 100_500, act: "crash", target: "service", duration: 100 };
  const arrivals = at(100, 100.2, 101);
  const { ended, failed } = tell(scene(arrivals, { concurrency: 2, cores: 1 }, [crash]));
  expect(rounded(ended)).toEqual([-1, -1, 102]);
  expect(failed).toEqual(["unavailable", "unavailable"]);
});

test("shared cores: with fewer workers those that remain share", () => {
  const fewer: TimelineEntry = {
    at: 100_100,
    act: "set",
    target: "service",
    parameter: "concurrency",
    value: 1,
  };
  // All three have begun; a worker that is one too many finishes its work.
  expect(endsOf(at(100, 100, 100), { concurrency: 3, cores: 1 }, [fewer])).toEqual([103, 103, 103]);
});

test("shared cores: the work done is the time that the cores were at work, whatever comes when", () => {
  const moments = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(moments, (list) => {
      const sorted = list.map((ms) => 100 + ms / 1000).toSorted((a, b) => a - b);
      const last = Math.max(...tell(scene(at(...sorted), { concurrency: 6, cores: 1 })).ended);
      // One core that is never idle while there is work ends when first come, first served does.
      const queue = Math.max(...tell(scene(at(...sorted), { concurrency: 1 })).ended);
      expect(Math.abs(last - queue)).toBeLessThan(1e-8);
    }),
    { numRuns: 30 },
  );
});

test("a cold start delays what meets an idle worker, not what waits for a busy one", () => {
  const coldStart = { distribution: "constant", value: 500 } as const;
  const { started } = tell(scene(at(100, 100.2, 110), { coldStart }));
  expect(started).toEqual([[100.5], [101.5], [110.5]]);
});

test("a worker stays warm for as long as is stated", () => {
  const coldStart = { distribution: "constant", value: 500 } as const;
  const { started } = tell(scene(at(100, 110, 121), { coldStart, keepWarm: 9000 }));
  // It is through at 101.5 and at 111.
  expect(started).toEqual([[100.5], [110], [121.5]]);
});

test("a polling worker looks every interval while it finds nothing, and goes on while it finds something", () => {
  const pollInterval = { distribution: "constant", value: 700 } as const;
  const { started } = tell(scene(at(7.1, 7.2, 9.5), { pollInterval }));
  // It looks at 7.0 and 7.7, is through at 9.7 with both and with the third at 10.7.
  expect(started.map((times) => rounded(times))).toEqual([[7.7], [8.7], [9.7]]);
  const messages = tell(scene(queued(at(7.1, 7.2, 9.5)), { pollInterval }));
  expect(messages.started.map((times) => rounded(times))).toEqual([[7.7], [8.7], [9.7]]);
  const again = tell(scene(at(7.1, 9), { pollInterval }));
  // Through at 8.7, it finds nothing until 9.4.
  expect(rounded(again.started.flat())).toEqual([7.7, 9.4]);
});
