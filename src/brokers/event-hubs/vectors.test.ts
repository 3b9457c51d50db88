// Event Hubs against the shared vectors, where they are at hand. What a vector gives decides what is run with it: a vector
// of a shape that nobody knows fails.

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulatedEventHubs } from "./simulated.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
type Shape = any;
type Vector = Readonly<Record<"id" | "system", string> & Record<"given" | "expect", Shape>>;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter(
      (one) => one.system === "event-hubs",
    )
  : [];

const MB = 1_000_000;

function sketch(about: {
  readonly namespace?: Parameters;
  readonly hub?: Parameters;
  readonly groups?: readonly { readonly workers?: number; readonly parameters?: Parameters }[];
}): Sketch {
  return {
    parameters: about.namespace ?? {},
    channels: [{ id: "h", kind: "hub", parameters: about.hub ?? {} }],
    publishers: [{ to: "h", parameters: { maximumRetries: 0, "network.latency.ms": 0 } }],
    subscriptions: (about.groups ?? []).map((one) => ({ from: "h", ...one })),
  };
}

const seconds = 5;

function checkThroughput(given: Shape, wanted: Shape): void {
  const run = new FakeRun(simulatedEventHubs, sketch({ namespace: { throughputUnits: given.TU } }));
  const { events_per_s: perS, bytes: sizeBytes } = given;
  for (let i = 0; i < perS * seconds; i++) run.publish((i * 1000) / perS, 0, i, { sizeBytes });
  run.runUntil(seconds * 1000 + 10);
  const accepted = run.find("confirmed").length / seconds;
  const throttled =
    [...run.outcomes.values()].filter((one) => one === "refused: server-busy").length / seconds;
  if (wanted.accepted_per_s !== undefined) expect(accepted).toBe(wanted.accepted_per_s);
  if (wanted.throttled_per_s !== undefined) expect(throttled).toBe(wanted.throttled_per_s);
  if (wanted.accepted_bytes_per_s !== undefined)
    expect(accepted * sizeBytes).toBe(wanted.accepted_bytes_per_s);
  if (wanted.bound_by !== undefined) {
    const share = {
      bytes: (accepted * sizeBytes) / (MB * given.TU),
      events: accepted / (1000 * given.TU),
    };
    const bound = share.bytes >= share.events ? "bytes" : "events";
    expect(bound).toBe(wanted.bound_by);
  }
}

function checkCheckpoint(given: Shape, wanted: Shape): void {
  const parameters = { checkpointEvery: given.checkpoint_every, checkpointInterval: null };
  const run = new FakeRun(
    simulatedEventHubs,
    sketch({ hub: { partitionCount: 1 }, groups: [{ parameters }] }),
    { plans: [{ serviceMs: 0 }] },
  );
  for (let i = 0; i < given.crash_after; i++) run.publish(10 + i, 0, i);
  run.at(10_000, () => run.leave(0, 0, "crash"));
  run.at(11_000, () => run.join(0, 0));
  run.runUntil(400_000);
  expect(run.find("deliver", { attempt: 2 })).toHaveLength(wanted.reprocessed);
}

function checkGroups(given: Shape, wanted: Shape): void {
  const groups = Array.from({ length: given.consumer_groups }, () => ({}));
  const run = new FakeRun(
    simulatedEventHubs,
    sketch({ hub: { partitionCount: given.partitions }, groups }),
    { plans: [{ serviceMs: 0 }] },
  );
  for (let i = 0; i < given.events; i++) run.publish(10 + i, 0, i);
  run.runUntil(10_000);
  groups.forEach((_, subscription) =>
    expect(run.find("deliver", { subscription })).toHaveLength(wanted.each_group_receives),
  );
}

function checkProcessors(given: Shape, wanted: Shape): void {
  const workers = given.processors_in_group;
  const run = new FakeRun(
    simulatedEventHubs,
    sketch({ hub: { partitionCount: given.partitions }, groups: [{ workers }] }),
    { plans: [{ serviceMs: 0 }] },
  );
  for (let i = 0; i < 20 * given.partitions; i++) run.publish(10 + i, 0, i);
  run.runUntil(100_000);
  const working = run.find("deliver").map(({ worker }) => worker);
  const counts = new Set(working).size;
  if (wanted.active !== undefined) expect(counts).toBe(wanted.active);
  if (wanted.idle !== undefined) expect(workers - counts).toBe(wanted.idle);
}

function checkCapture(given: Shape, wanted: Shape): void {
  const { minutes, MB: size } = given.capture;
  const hub = {
    partitionCount: 1,
    captureEnabled: true,
    captureInterval: minutes * 60_000,
    captureSize: size * MB,
  };
  const namespace = { tier: "Premium" };
  const run = new FakeRun(simulatedEventHubs, sketch({ namespace, hub }));
  // Four events a second: one alone would be larger than the service takes.
  const lengthS = 3 * wanted.file_every_s + 2;
  for (let i = 1; i <= 4 * lengthS; i++)
    run.publish(i * 250 - 1, 0, i, { sizeBytes: (given.rate_MB_per_s * MB) / 4 });
  run.runUntil(lengthS * 1000);
  const times = run.find("note").map(({ ms }) => ms / 1000);
  const gaps = times.map((time, i) => Math.round(time - (times[i - 1] ?? 0)));
  expect(gaps.slice(0, 3)).toEqual([1, 2, 3].map(() => wanted.file_every_s));
}

const shapes: readonly (readonly [
  applies: (given: Shape) => boolean,
  check: (given: Shape, wanted: Shape) => void,
])[] = [
  [(given) => given.events_per_s !== undefined, checkThroughput],
  [(given) => given.checkpoint_every !== undefined, checkCheckpoint],
  [(given) => given.consumer_groups !== undefined, checkGroups],
  [(given) => given.processors_in_group !== undefined, checkProcessors],
  [(given) => given.capture !== undefined, checkCapture],
];

test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
  const found = shapes.find(([applies]) => applies(vector.given));
  expect(
    found,
    `${id}: ${JSON.stringify(vector.given)} has a shape that is not known`,
  ).toBeDefined();
  found![1](vector.given, vector.expect);
});
