// Runs the facts about Kafka that were collected from its documentation, its source and its own classes. The
// file with them is not part of the repository; without it these tests are skipped and say so.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { consumeFields } from "./fields.ts";
import { assignRange, assignRoundRobin } from "../mechanisms/assignment.ts";
import { murmur2, positiveKeyHash, toUtf8 } from "../mechanisms/routing/murmur2.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);

interface Vector {
  readonly id: string;
  readonly system: string;
  // Each kind of vector has its own shape; the test of a vector knows it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly given: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly expect: any;
}

const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as readonly Vector[]).filter(
      ({ system }) => system === "kafka",
    )
  : [];

const MIB = 1_048_576;

function sketch(about: {
  topic?: Readonly<Record<string, number | string | boolean | null>>;
  cluster?: Readonly<Record<string, number>>;
  publish?: Readonly<Record<string, number | string | boolean>>;
  consume?: Readonly<Record<string, number | string | boolean>>;
  workers?: number;
}): Sketch {
  return {
    parameters: about.cluster ?? {},
    channels: [{ id: "t", kind: "topic", parameters: about.topic ?? {} }],
    publishers: [{ to: "t", parameters: about.publish ?? {} }],
    subscriptions:
      about.workers === 0
        ? []
        : [{ from: "t", node: "c", workers: about.workers ?? 1, parameters: about.consume ?? {} }],
  };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function leaderOf(run: FakeRun): number {
  return run.broker.nodes().findIndex(({ leads }) => leads > 0);
}

function checkKey({ given, expect: wanted }: Vector): void {
  const key = given.key_utf8 as string;
  expect(murmur2(toUtf8(key))).toBe(wanted.murmur2);
  const partitions = given.partitions as number[];
  expect(partitions.map((count) => positiveKeyHash(key) % count)).toEqual(wanted.partition);
}

function checkAssignment({ given, expect: wanted }: Vector): void {
  const assignors: Record<string, typeof assignRange> = {
    range: assignRange,
    roundrobin: assignRoundRobin,
  };
  const members = (given.members ?? Object.keys(given.subscriptions as object)) as string[];
  const topics = Object.entries(given.topics as Record<string, number>);
  const shared = topics.map(([topic, partitions]) => ({
    partitions,
    members: members.flatMap((member, rank) =>
      given.subscriptions === undefined || given.subscriptions[member].includes(topic)
        ? [rank]
        : [],
    ),
  }));
  const owners = assignors[given.assignor as string]?.(shared) ?? [];
  const result = members.map((member, rank): [string, string[]] => [
    member,
    topics.flatMap(([topic], t) =>
      (owners[t] ?? []).flatMap((owner, p) => (owner === rank ? [`${topic}-${p}`] : [])),
    ),
  ]);
  expect(Object.fromEntries(result)).toEqual(wanted);
}

/** A group at offset 50 whose log begins at 80 when it comes back; returns what it reads first. */
function runOutOfRange(reset: string): { readonly first: number; readonly skipped: number } {
  const topic = { "segment.bytes": 10 * MIB, "retention.bytes": 120 * MIB };
  const run = new FakeRun(
    kafka,
    sketch({ topic, consume: { "auto.offset.reset": reset, "max.poll.records": 50 } }),
    { plans: [{ serviceMs: 1 }] },
  );
  for (const i of numbers(0, 50)) run.publish(i, 0, i, { sizeBytes: MIB });
  run.at(10_000, () => run.leave(0, 0, "close"));
  for (const i of numbers(50, 200)) run.publish(20_000 + i, 0, i, { sizeBytes: MIB });
  run.at(310_000, () => run.join(0, 0));
  run.publish(320_000, 0, 200, { sizeBytes: MIB });
  run.runUntil(330_000);
  const first = run.find("deliver").find(({ ms }) => ms > 300_000)?.offset ?? -1;
  return { first, skipped: run.books("t").dropped };
}

const modelled: Readonly<Record<string, (vector: Vector) => void>> = {
  ...Object.fromEntries(
    ["004", "005", "006", "007", "008", "010", "011", "014", "016", "017"].map((number) => [
      `kafka-${number}`,
      checkKey,
    ]),
  ),
  ...Object.fromEntries(
    ["018", "020", "022", "023", "028", "029", "030", "031"].map((number) => [
      `kafka-${number}`,
      checkAssignment,
    ]),
  ),
  "kafka-032": ({ expect: wanted }) => {
    expect(consumeFields["partition.assignment.strategy"].default).toBe(wanted.assignor);
    // Eager: while the group rebalances, a member that has lost nothing does not go on either.
    const run = new FakeRun(kafka, sketch({ topic: { partitions: 3 }, workers: 2 }), {
      plans: [{ serviceMs: 1 }],
    });
    run.at(1000, () => run.leave(0, 1, "crash"));
    run.at(2000, () => run.join(0, 1));
    for (const i of numbers(0, 30)) run.publish(6000 + i, 0, i, { key: `k${i}` });
    run.runUntil(40_000);
    expect(run.find("deliver")).toEqual([]);
  },
  "kafka-033": ({ expect: wanted }) => {
    const run = new FakeRun(
      kafka,
      {
        channels: [{ id: "t", kind: "topic", parameters: { partitions: 4 } }],
        publishers: [{ to: "t" }],
        subscriptions: [
          { from: "t", node: "g1", workers: 2 },
          { from: "t", node: "g2", workers: 1 },
        ],
      },
      { plans: [{ serviceMs: 1 }] },
    );
    for (const i of numbers(0, 100)) run.publish(i, 0, i, { key: `k${i}` });
    run.runUntil(5000);
    expect(run.books("t", 0).acknowledged).toBe(wanted.g1_total);
    expect(run.books("t", 1).acknowledged).toBe(wanted.g2_total);
  },
  "kafka-034": ({ expect: wanted }) => {
    const run = new FakeRun(kafka, sketch({ workers: 2 }));
    run.at(0, () => run.leave(0, 1, "crash"));
    run.runUntil(60_000);
    const left = run.find("note").find(({ reason }) => reason.includes("session timed out"));
    expect(left?.ms).toBe(wanted.removed_from_group_at_s * 1000);
  },
  "kafka-036": ({ expect: wanted }) => {
    const run = new FakeRun(kafka, sketch({}), { plans: [{ serviceMs: 1000 }] });
    for (const i of numbers(0, 500)) run.publish(0, 0, i, { sizeBytes: 1 });
    run.runUntil(1_700_000);
    const left = run.find("note").filter(({ reason }) => reason.includes("max.poll.interval.ms"));
    expect(Math.floor((left[0]?.ms ?? 0) / 1000)).toBe(wanted.leaves_group_at_s);
    expect(left.length).toBeGreaterThan(2);
    expect(run.books("t").acknowledged).toBe(wanted.progress);
    expect(run.find("deliver", { label: "0" }).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  },
  "kafka-038": ({ given, expect: wanted }) => {
    const processed: string[] = [];
    const verdict = (label: string) => {
      processed.push(label);
      return "done" as const;
    };
    const plans = [{ serviceMs: 100, verdict }];
    const run = new FakeRun(kafka, sketch({ consume: { commit: "auto" } }), { plans });
    for (const i of numbers(0, 500)) run.publish(0, 0, i, { sizeBytes: 1 });
    run.at(30_060, () => {
      expect(processed.length).toBe(given.processed_in_loop);
      run.leave(0, 0, "crash");
    });
    run.at(90_000, () => run.join(0, 0));
    run.runUntil(200_000);
    expect(processed.length - 500).toBe(wanted.duplicates);
    expect(500 - new Set(processed).size).toBe(wanted.lost);
    expect(run.books("t").acknowledged).toBe(500);
  },
  "kafka-041": ({ expect: wanted }) => {
    const run = new FakeRun(
      kafka,
      sketch({ consume: { commit: "before-processing", "max.poll.records": 10 } }),
    );
    run.publishAll(0, 0, numbers(0, 10));
    run.runUntil(100);
    for (const label of numbers(0, 4)) run.settle(label);
    run.leave(0, 0, "crash");
    run.at(50_000, () => run.join(0, 0));
    run.runUntil(60_000);
    expect(run.books("t")).toMatchObject({ acknowledged: 4, dropped: wanted.lost, inFlight: 0 });
    expect(run.find("deliver").length).toBe(10);
  },
  "kafka-044": ({ expect: wanted }) => {
    const { first, skipped } = runOutOfRange("earliest");
    expect(first).toBe(wanted.next_offset);
    expect(skipped).toBe(wanted.skipped_silently);
  },
  "kafka-045": ({ expect: wanted }) => {
    const { first, skipped } = runOutOfRange("latest");
    expect(first).toBe(wanted.next_offset);
    expect(skipped).toBe(wanted.skipped_silently);
  },
  "kafka-048": () => {
    const run = new FakeRun(kafka, sketch({ topic: { "min.insync.replicas": 2 } }), {
      plans: [{ serviceMs: 1 }],
    });
    run.at(1000, () => run.broker.crashNode(leaderOf(run)));
    for (const i of numbers(0, 40)) run.publish(i * 500, 0, i);
    run.runUntil(60_000);
    expect([...run.outcomes.values()].every((outcome) => outcome === "confirmed")).toBe(true);
    expect(run.books("t")).toMatchObject({ acknowledged: 40, dropped: 0 });
  },
  "kafka-050": () => {
    const run = new FakeRun(
      kafka,
      sketch({ topic: { "min.insync.replicas": 2 }, publish: { acks: "1" } }),
    );
    const leader = leaderOf(run);
    run.broker.crashNode((leader + 1) % 3);
    run.broker.crashNode((leader + 2) % 3);
    run.publish(20_000, 0, "written");
    run.runUntil(21_000);
    expect(run.outcomes.get("written")).toBe("confirmed");
  },
  "kafka-051": ({ given, expect: wanted }) => {
    const run = new FakeRun(
      kafka,
      sketch({ publish: { acks: "1" }, cluster: { "replica.fetch.latency.ms": 500 } }),
    );
    run.publishAll(0, 0, numbers(0, given.follower_end as number));
    run.publishAll(5000, 0, numbers(given.follower_end as number, given.leader_end as number));
    run.at(5100, () => run.broker.crashNode(leaderOf(run)));
    run.runUntil(30_000);
    expect([...run.outcomes.values()].every((outcome) => outcome === "confirmed")).toBe(true);
    expect(run.find("dropped", { reason: "lost-with-leader" }).length).toBe(wanted.acked_lost);
  },
  "kafka-052": () => {
    const run = runLastReplica(true);
    expect(run.books("t").dropped).toBe(1);
    expect(run.outcomes.get("later")).toBe("confirmed");
  },
  "kafka-053": () => {
    const run = runLastReplica(false);
    expect(run.books("t").dropped).toBe(0);
    expect(run.outcomes.get("later")).toBeUndefined();
    run.broker.restartNode(0);
    run.runUntil(150_000);
    expect(run.outcomes.get("later")).toBe("confirmed");
    expect(run.books("t")).toMatchObject({ routed: 3, dropped: 0 });
  },
  "kafka-054": ({ expect: wanted }) => {
    for (const crashMs of [0, 700, 1999, 2000, 3500]) {
      const run = new FakeRun(kafka, sketch({}));
      run.at(crashMs, () => run.broker.crashNode(0));
      run.runUntil(30_000);
      const moved = run.find("note").find(({ reason }) => reason.includes("leader moved"));
      const tookS = ((moved?.ms ?? Infinity) - crashMs) / 1000;
      expect(tookS).toBeGreaterThan(wanted.not_before_s as number);
      expect(tookS).toBeLessThanOrEqual(wanted.leaders_moved_no_later_than_s as number);
    }
  },
  "kafka-055": ({ expect: wanted }) => {
    // A follower that stops fetching while its session lives on: here a very long session.
    const cluster = { "broker.session.timeout.ms": 3_600_000 };
    const run = new FakeRun(kafka, sketch({ cluster }));
    run.at(7000, () => run.broker.crashNode(1));
    run.publish(7100, 0, "stalled");
    run.runUntil(100_000);
    const confirmedS = ((run.find("confirmed")[0]?.ms ?? 0) - 7000) / 1000;
    const [leastS, mostS] = wanted.produce_stalls_up_to_s as [number, number];
    expect(confirmedS).toBeGreaterThanOrEqual(leastS);
    expect(confirmedS).toBeLessThanOrEqual(mostS);
  },
  "kafka-058": ({ expect: wanted }) => {
    const run = new FakeRun(kafka, sketch({ publish: { "network.latency.ms": 100 } }));
    run.publishAll(0, 0, ["a", "b"]);
    // Appended at 105 ms, replicated at 106 ms; the answer would arrive at 206 ms.
    run.at(150, () => run.broker.crashNode(leaderOf(run)));
    run.publish(160, 0, "c");
    run.runUntil(30_000);
    expect(run.find("stored", { label: "a" }).length).toBe(wanted.copies);
    expect(run.labels("stored")).toEqual(["a", "b", "c"]);
    expect(run.labels("confirmed")).toEqual(["a", "b", "c"]);
  },
  "kafka-059": ({ expect: wanted }) => {
    // Sending again is another publication to the model as it is to the broker.
    const run = new FakeRun(kafka, sketch({}));
    run.publish(0, 0, "first sending");
    run.publish(100, 0, "second sending");
    run.runUntil(1000);
    expect(run.find("stored").length).toBe(wanted.copies);
  },
  "kafka-062": ({ expect: wanted }) => {
    const run = new FakeRun(kafka, sketch({ topic: { "retention.ms": 3_600_000 }, workers: 0 }));
    run.publish(0, 0, "alone");
    run.runUntil(3_600_000);
    expect(run.broker.depths(0)[0] === 0).toBe(wanted.deleted_at_1h);
  },
  "kafka-064": ({ given, expect: wanted }) => {
    // All numbers divided by 1000, the time is the same.
    const lag = given.lag / 1000;
    const serviceMs = 1e6 / given.consume_per_s;
    const run = new FakeRun(kafka, sketch({ consume: { "max.poll.interval.ms": 1e9 } }), {
      plans: [{ serviceMs }],
    });
    for (const i of numbers(0, lag)) run.publish(0, 0, i);
    for (const i of numbers(0, 2200)) run.publish(i * 1000, 0, `n${i}`);
    run.runUntil(wanted.drain_s * 980);
    expect(run.books("t").waiting + run.books("t").inFlight).toBeGreaterThan(5);
    run.runUntil(wanted.drain_s * 1020);
    expect(run.books("t").waiting + run.books("t").inFlight).toBeLessThan(5);
  },
};

/** Followers drop out, the leader writes on alone, and dies; then somebody writes. */
function runLastReplica(isUnclean: boolean): FakeRun {
  const run = new FakeRun(
    kafka,
    sketch({ topic: { "unclean.leader.election.enable": isUnclean }, consume: {} }),
  );
  run.publish(0, 0, "early");
  run.at(100, () => run.settle("early"));
  run.at(1000, () => run.broker.crashNode(1));
  run.at(1000, () => run.broker.crashNode(2));
  run.publish(20_000, 0, "alone");
  run.at(20_100, () => run.leave(0, 0, "crash"));
  run.at(21_000, () => run.broker.crashNode(0));
  run.at(22_000, () => run.broker.restartNode(1));
  run.publish(60_000, 0, "later");
  run.runUntil(80_000);
  return run;
}

const notYet: Readonly<Record<string, string>> = {
  "kafka-024": "cooperative-sticky assignment is not modelled",
  "kafka-025": "cooperative-sticky assignment is not modelled",
  "kafka-026": "cooperative-sticky assignment is not modelled",
  "kafka-027": "cooperative-sticky assignment is not modelled",
  "kafka-039":
    "a worker processes what it polled itself; handing over to other threads is not modelled",
  "kafka-043": "groups exist from the start, with committed offset 0; a new group is not modelled",
  "kafka-057": "a lane keeps its order when a batch is retried, also without idempotence",
  "kafka-061": "transactions are not modelled",
  "kafka-063": "compaction is not modelled",
  "kafka-065": "share groups are not modelled",
  "kafka-066": "share groups are not modelled",
  "kafka-067": "share groups are not modelled",
  "kafka-068": "share groups are not modelled",
  "kafka-069": "Connect is not modelled",
};

describe("the collected facts about Kafka", () => {
  if (vectors.length === 0) {
    test.skip("skipped: shared/broker-vectors.json does not lie beside the repository", () => {});
    return;
  }

  test("every fact is either checked or listed as not modelled yet", () => {
    const known = [...Object.keys(modelled), ...Object.keys(notYet)].sort();
    expect(known).toEqual(vectors.map(({ id }) => id).sort());
  });

  for (const vector of vectors) {
    const check = modelled[vector.id];
    if (check === undefined) continue;
    test(`${vector.id}: ${JSON.stringify(vector.given).slice(0, 90)}`, () => check(vector));
  }
});
