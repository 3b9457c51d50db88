// Runs of Kafka that the collected facts are checked with; which fact takes which is decided by its shape.

import { expect } from "vitest";
import type { Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { type Assignment, assignRange, assignRoundRobin } from "../mechanisms/assignment.ts";
import { murmur2, positiveKeyHash, toUtf8 } from "../mechanisms/routing/murmur2.ts";
import { assignSticky, withoutMoves } from "../mechanisms/stickyAssignment.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

/** A collected fact. */
export interface Vector {
  readonly id: string;
  readonly system: string;
  // Each kind of vector has its own shape; the test of a vector knows it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly given: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly expect: any;
}

const MIB = 1_048_576;

/** A broker with one topic, one publisher and one subscription. */
export function sketch(about: {
  topic?: Readonly<Record<string, number | string | boolean | null>>;
  cluster?: Readonly<Record<string, number | string>>;
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

/** The whole numbers from … to below another. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The node that leads the only partition. */
export function leaderOf(run: FakeRun): number {
  return run.broker.nodes().findIndex(({ leads }) => leads > 0);
}

/** Keys and their partitions. */
export function checkKey({ given, expect: wanted }: Vector): void {
  const key = given.key_utf8 as string;
  expect(murmur2(toUtf8(key))).toBe(wanted.murmur2);
  const partitions = given.partitions as number[];
  expect(partitions.map((count) => positiveKeyHash(key) % count)).toEqual(wanted.partition);
}

/** What an assignor makes of topics, members and what they own. */
export function checkAssignment({ given, expect: wanted }: Vector): void {
  const topics = Object.entries(given.topics as Record<string, number>);
  const owned = (given.owned ?? {}) as Record<string, string[]>;
  const joining = given.joins === undefined ? [] : [given.joins as string];
  const stated = (given.members ?? Object.keys(given.subscriptions ?? owned)) as string[];
  const members = [...stated, ...joining].sort();
  const shared = topics.map(([topic, partitions]) => ({
    partitions,
    members: members.flatMap((member, rank) =>
      given.subscriptions === undefined || given.subscriptions[member].includes(topic)
        ? [rank]
        : [],
    ),
  }));
  const before: Assignment = topics.map(([topic, partitions]) =>
    numbers(0, partitions).map((p) =>
      members.findIndex((member) => owned[member]?.includes(`${topic}-${p}`) === true),
    ),
  );
  const assignors: Record<string, () => Assignment> = {
    range: () => assignRange(shared),
    roundrobin: () => assignRoundRobin(shared),
    sticky: () => assignSticky(shared, before),
    "cooperative-sticky": () => withoutMoves(assignSticky(shared, before), before),
  };
  const owners = assignors[given.assignor as string]!();
  const result = members.map((member, rank): [string, string[]] => [
    member,
    topics.flatMap(([topic], t) =>
      owners[t]!.flatMap((owner, p) => (owner === rank ? [`${topic}-${p}`] : [])),
    ),
  ]);
  expect(Object.fromEntries(result)).toEqual(wanted);
}

/** A group that comes back to a log whose beginning retention has deleted: what it reads first, how much it skips. */
export function checkOutOfRange({ given, expect: wanted }: Vector): void {
  const { committed_offset: committed, log_start_offset: start } = given;
  const end = (given.log_end_offset ?? 200) as number;
  const topic = { "segment.bytes": 10 * MIB, "retention.bytes": (end - start) * MIB };
  const reset = given["auto.offset.reset"] as string;
  const run = new FakeRun(
    kafka,
    sketch({ topic, consume: { "auto.offset.reset": reset, "max.poll.records": 50 } }),
    { plans: [{ serviceMs: 1 }] },
  );
  for (const i of numbers(0, committed as number)) run.publish(i, 0, i, { sizeBytes: MIB });
  run.at(10_000, () => run.leave(0, 0, "close"));
  for (const i of numbers(committed as number, end))
    run.publish(20_000 + i, 0, i, { sizeBytes: MIB });
  run.at(310_000, () => run.join(0, 0));
  run.publish(320_000, 0, end, { sizeBytes: MIB });
  run.runUntil(330_000);
  const first = run.find("deliver").find(({ ms }) => ms > 300_000)?.offset;
  if (reset === "none") {
    expect(first).toBeUndefined();
    expect(run.broker.blocked(0)).toContain("auto.offset.reset is none");
    return;
  }
  expect(first).toBe(wanted.next_offset);
  expect(run.books("t").dropped).toBe(wanted.skipped_silently);
}

/** A share group of one topic whose records fail or are never settled, with so many workers. */
function shareRun(about: {
  readonly consume?: Readonly<Record<string, number | string>>;
  readonly verdict?: "done" | "failed";
  readonly serviceMs?: number;
  readonly workers?: number;
}): FakeRun {
  const { serviceMs, verdict } = about;
  return new FakeRun(
    kafka,
    sketch({
      cluster: { version: "4.2" },
      workers: about.workers ?? 1,
      consume: { "group.type": "share", "network.latency.ms": 0, ...about.consume },
    }),
    serviceMs === undefined ? {} : { plans: [{ serviceMs, verdict: () => verdict ?? "done" }] },
  );
}

/** Records whose locks run out. */
export function checkLocks({ given, expect: wanted }: Vector): void {
  const run = shareRun({
    consume: {
      "share.record.lock.duration.ms": given.record_lock_s * 1000,
      "share.delivery.count.limit": given.delivery_count_limit,
      // Somebody else is there to take it when the first one does not come back.
    },
    workers: 10,
  });
  run.publish(0, 0, "poison");
  run.runUntil(1_000_000);
  const start = run.find("deliver")[0]!.ms;
  const seconds = (ms: number) => (ms - start) / 1000;
  expect(run.find("deliver").map(({ ms }) => seconds(ms))).toEqual(wanted.deliveries_at_s);
  expect(run.find("discarded", { reason: "archived" }).map(({ ms }) => seconds(ms))).toEqual([
    wanted.archived_at_s,
  ]);
}

/** Records that consumers of a share group give back. */
export function checkShareVerdict({ given, expect: wanted }: Vector): void {
  const type = /release/iu.test(given.consumer as string) ? "release" : "reject";
  const run = shareRun({
    consume: { "acknowledge.on.failure": type },
    serviceMs: 1,
    verdict: "failed",
  });
  run.publish(0, 0, "poison");
  run.runUntil(1_000_000);
  expect(run.find("deliver").length).toBe(wanted.deliveries);
  expect(run.find("discarded").map(({ reason }) => reason)).toEqual([wanted.then]);
}

/** More members of a share group than partitions. */
export function checkShareMembers({ given, expect: wanted }: Vector): void {
  const members = given.members as number;
  const run = new FakeRun(
    kafka,
    sketch({
      cluster: { version: "4.2" },
      topic: { partitions: given.partitions as number },
      workers: members,
      consume: { "group.type": "share", "max.poll.records": 1 },
    }),
    { plans: [{ serviceMs: 50 }] },
  );
  for (const i of numbers(0, 200)) run.publish(i, 0, i);
  run.at(105, () => run.leave(0, 0, "close"));
  run.at(106, () => run.join(0, 0));
  run.runUntil(60_000);
  expect(new Set(run.find("deliver").map(({ worker }) => worker)).size).toBe(wanted.active_members);
  const offsets = run.find("acknowledged").map(({ label }) => Number(label));
  const isOrdered = offsets.every((offset, i) => i === 0 || offset > offsets[i - 1]!);
  expect(isOrdered).toBe(wanted.order_guaranteed);
}

/** A publisher with an open transaction crashes, at several times between two looks of the coordinator. */
export function checkTransactionTimeout({ given, expect: wanted }: Vector): void {
  const timeout = given["transaction.timeout.ms"] as number;
  const [leastS, mostS] = wanted.aborted_between_s as [number, number];
  for (const crashMs of [100, 3000, 9999]) {
    const publish = {
      "transactional.id": true,
      "transaction.timeout.ms": timeout,
      "commit.interval.ms": 1e6,
    };
    const run = new FakeRun(kafka, sketch({ publish }), { plans: [{ serviceMs: 1 }] });
    run.publish(crashMs - 10, 0, "void");
    run.at(crashMs, () => run.broker.publisherCrashed?.(0));
    run.runUntil(2 * timeout + 60_000);
    const aborted = run.find("note").find(({ reason }) => reason.includes("timed out"));
    // The transaction is as old as its first record.
    const tookS = ((aborted?.ms ?? Infinity) - crashMs + 10) / 1000;
    expect(tookS).toBeGreaterThanOrEqual(leastS);
    expect(tookS).toBeLessThanOrEqual(mostS);
  }
}

/** Records with keys and tombstones, then compaction of closed segments: what a group finds that comes later. */
export function checkCompaction({ given, expect: wanted }: Vector): void {
  const topic = {
    "cleanup.policy": given["cleanup.policy"] as string,
    "segment.ms": 1000,
    "min.cleanable.dirty.ratio": 0,
  };
  const run = new FakeRun(
    kafka,
    {
      channels: [{ id: "t", kind: "topic", parameters: topic }],
      publishers: [{ to: "t" }, { to: "t", parameters: { "null.value": true } }],
      subscriptions: [{ from: "t", parameters: { "auto.offset.reset": "earliest" } }],
    },
    { plans: [{ serviceMs: 1 }], joins: "none" },
  );
  const records = given.records as readonly (readonly [string, string | null])[];
  records.forEach(([key, value], i) =>
    run.publish(10 * i, value === null ? 1 : 0, `${i}`, { key }),
  );
  // Closes their segment: the open one is never compacted.
  run.publish(5000, 0, "later", { key: "another" });
  run.at(40_000, () => run.join(0, 0));
  run.runUntil(60_000);
  const read = run.find("deliver").filter(({ label }) => label !== "later");
  expect(read.map(({ offset }) => offset)).toEqual(wanted.offsets);
  expect(read.map(({ label }) => records[Number(label)])).toEqual(wanted.kept);
}

/** So many brokers go down that do not lead; then somebody writes. */
export function checkBrokersDown({ given, expect: wanted }: Vector): void {
  const { RF, "min.insync.replicas": least, acks, brokers_down: down } = given;
  const run = new FakeRun(
    kafka,
    sketch({
      cluster: { nodes: RF },
      topic: { "replication.factor": RF, "min.insync.replicas": least },
      publish: { acks, "delivery.timeout.ms": 30_000 },
    }),
    { plans: [{ serviceMs: 1 }] },
  );
  for (const i of numbers(0, 5)) run.publish(i, 0, `before ${i}`);
  const leader = leaderOf(run);
  const isLeaderAlive = /alive/u.test((given.leader ?? "") as string) || down > 1;
  run.at(1000, () => {
    for (const i of numbers(0, down as number))
      run.broker.crashNode((leader + i + Number(isLeaderAlive)) % (RF as number));
  });
  run.publish(30_000, 0, "later");
  run.runUntil(90_000);
  const isWritten = wanted.writes === undefined || wanted.writes === "ok";
  expect(run.outcomes.get("later")).toBe(isWritten ? "confirmed" : "not-enough-replicas");
  expect(run.books("t").dropped).toBe(wanted.acked_lost ?? 0);
  const written = isWritten ? 6 : 5;
  expect(run.books("t").acknowledged).toBe(written);
}

/** Controllers of which some are down. */
export function checkControllers({ given, expect: wanted }: Vector): void {
  const { ensemble, down } = given;
  const cluster = {
    nodes: ensemble as number,
    "process.roles": "broker,controller",
    "controller.quorum.voters": ensemble as number,
  };
  // The second half of the nodes is down; a partition without a copy there shows what leaders do.
  const run = new FakeRun(kafka, {
    parameters: cluster,
    channels: [
      { id: "kept", kind: "topic", parameters: { "replication.factor": 1 } },
      { id: "moved", kind: "topic", parameters: { partitions: ensemble, "replication.factor": 2 } },
    ],
    publishers: [{ to: "kept" }],
  });
  const before = run.broker.nodes().map(({ leads }) => leads);
  run.at(1000, () => {
    for (let node = ensemble - down; node < ensemble; node++) run.broker.crashNode(node);
  });
  run.publish(30_000, 0, "served");
  run.runUntil(60_000);
  const notes = run.find("note").map(({ reason }) => reason);
  expect(notes.some((note) => note.includes("lost their majority"))).toBe(!wanted.quorum);
  expect(run.outcomes.get("served") === "confirmed").toBe(
    wanted.kafka_leaders_keep_serving ?? true,
  );
  const hasMoved = notes.some((note) => note.includes("leader moved"));
  expect(hasMoved).toBe(wanted.leader_changes ?? wanted.quorum);
  expect(before.reduce((a, b) => a + b)).toBe(1 + ensemble);
}

/** Followers drop out, the leader writes on alone, and dies; then somebody writes. */
export function runLastReplica(isUnclean: boolean): FakeRun {
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
