// Replays: the recorded events at their times, over the connections that carry them, with their keys and sizes.

import { expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { finish, sketch } from "../../engine/sketch.suite.ts";
import type { MessageEvent } from "../../model/events.ts";

/** Two queues, one per contract, and what is published into them. */
function replay(parameters: Parameters, about = {}): readonly MessageEvent[] {
  const scenario = sketch({
    duration: 10_000,
    nodes: [
      { id: "shop", kind: "producer", parameters: { arrivals: "replay", ...parameters } },
      { id: "broker", kind: "broker", technology: "kafka" },
    ],
    channels: [
      { id: "orders", broker: "broker", kind: "topic" },
      { id: "payments", broker: "broker", kind: "topic" },
    ],
    connections: [
      { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order" },
      { id: "pay", kind: "publish", from: "shop", to: "payments", contract: "payment" },
    ],
    ...about,
  });
  const log: MessageEvent[] = [];
  const run = finish(scenario, { onEvent: (record) => log.push(record) });
  expect(run.conservation().violations).toEqual([]);
  return log.filter(({ event }) => event === "published");
}

test("events come at their times, over the connections of their contract, with their keys", () => {
  const recording =
    "time,contract,key\n0.5,order,ann\n0.5,payment,\n2,,bob\n3,letter,x\n4,order,ann";
  const sent = replay({ recording }).map(({ t, channel, key }) => [t, channel, key]);
  expect(sent).toEqual([
    [0.5, "orders", "ann"],
    [0.5, "payments", undefined],
    [2, "orders", "bob"],
    [2, "payments", "bob"],
    [4, "orders", "ann"],
  ]);
});

test("without a column of keys the producer chooses them", () => {
  const sent = replay({ recording: "time,contract\n1,order\n2,order", keyName: "cart" });
  expect(sent.map(({ key }) => key)).toEqual(["cart-0", "cart-1"]);
});

test("it begins again one mean gap after its last event, and stops with the sources", () => {
  const recording = "time,contract\n1,order\n2,order\n4,order";
  const times = (more: Parameters, about = {}) =>
    replay({ recording, ...more }, about).map(({ t }) => t);
  expect(times({})).toEqual([1, 2, 4]);
  expect(times({ recordingRepeats: true })).toEqual([1, 2, 4, 5.5, 6.5, 8.5]);
  expect(times({ recordingRepeats: true, recordingSpeed: 2 }).slice(0, 5)).toEqual([
    0.5, 1, 2, 2.75, 3.25,
  ]);
  expect(times({ recordingRepeats: true }, { sourcesStopAt: 5500 })).toEqual([1, 2, 4]);
});

test("a single event comes again and again after its time; one without any time comes once", () => {
  const times = (recording: string) =>
    replay({ recording, recordingRepeats: true }).map(({ t }) => t);
  expect(times("time,contract\n3,order")).toEqual([3, 6, 9]);
  expect(times("time,contract\n0,order")).toEqual([0]);
});

test("an empty recording sends nothing", () => {
  expect(replay({ recording: "" })).toEqual([]);
  expect(replay({ recording: "time" })).toEqual([]);
});

test("stated sizes replace those of the connection", () => {
  // Batches of 10,000 bytes: two events of 9,000 do not fit into one, two of 1,000 (the connection's own) do.
  const stored = (sizes: readonly string[]): number => {
    const rows = sizes.map((size) => `1,order,k,${size}`).join("\n");
    const scenario = sketch({
      duration: 10_000,
      nodes: [
        {
          id: "shop",
          kind: "producer",
          parameters: { arrivals: "replay", recording: `time,contract,key,size\n${rows}` },
        },
        { id: "broker", kind: "broker", technology: "kafka" },
      ],
      channels: [{ id: "orders", broker: "broker", kind: "topic", parameters: { partitions: 1 } }],
      connections: [
        {
          id: "place",
          kind: "publish",
          from: "shop",
          to: "orders",
          contract: "order",
          parameters: { "linger.ms": 500, "batch.size": 10_000 },
        },
      ],
    });
    const log: number[] = [];
    finish(scenario, { onEvent: ({ event, t }) => event === "stored" && log.push(t) });
    expect(log).toHaveLength(sizes.length);
    return log.at(0)!;
  };
  expect(stored(["", ""])).toBeGreaterThan(1.5);
  expect(stored(["9000", "9000"])).toBeLessThan(1.5);
});
