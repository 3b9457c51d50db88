// Runs the facts about Kafka and its controllers that were collected from documentation, source and its own classes. The
// file with them is not part of the repository; without it these tests are skipped and say so.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { consumeFields } from "./clientFields.ts";
import { clusterFields } from "./fields.ts";
import {
  checkAssignment,
  checkBrokersDown,
  checkCompaction,
  checkControllers,
  checkKey,
  checkLocks,
  checkOutOfRange,
  checkShareMembers,
  checkShareVerdict,
  checkTransactionTimeout,
  leaderOf,
  numbers,
  runLastReplica,
  sketch,
  type Vector,
} from "./vectorRuns.suite.ts";

const { kafka } = simulated;

const file = new URL("../../../../shared/broker-vectors.json", import.meta.url);

const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as readonly Vector[]).filter(
      ({ system }) => system === "kafka" || system === "zookeeper-kraft",
    )
  : [];

interface Shape {
  readonly name: string;
  readonly fits: (given: Vector["given"], wanted: Vector["expect"]) => boolean;
  readonly check: (vector: Vector) => void;
}

/** The first and the second number of a text. */
function numbersIn(text: string): number[] {
  return (text.match(/\d+/gu) ?? []).map(Number);
}

const shapes: readonly Shape[] = [
  { name: "key", fits: (given) => "key_utf8" in given, check: checkKey },
  { name: "assignor", fits: (given) => "assignor" in given, check: checkAssignment },
  {
    name: "default strategy",
    fits: (given) => "partition.assignment.strategy" in given,
    check: ({ expect: wanted }) => {
      expect(consumeFields["partition.assignment.strategy"].default).toBe(wanted.assignor);
      expect(wanted.rebalance_protocol).toBe("EAGER");
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
  },
  {
    name: "groups",
    fits: (given) => "groups" in given,
    check: ({ given, expect: wanted }) => {
      const groups = (given.groups as string[]).map((text) => ({
        id: text.split(" ")[0]!,
        workers: numbersIn(text).at(-1)!,
      }));
      const run = new FakeRun(
        kafka,
        {
          channels: [
            { id: "t", kind: "topic", parameters: { partitions: Number.parseInt(given.topic) } },
          ],
          publishers: [{ to: "t" }],
          subscriptions: groups.map(({ id, workers }) => ({ from: "t", node: id, workers })),
        },
        { plans: [{ serviceMs: 1 }] },
      );
      for (const i of numbers(0, given.records as number)) run.publish(i, 0, i, { key: `k${i}` });
      run.runUntil(20_000);
      groups.forEach(({ id }, i) =>
        expect(run.books("t", i).acknowledged).toBe(wanted[`${id}_total`]),
      );
    },
  },
  {
    name: "session",
    fits: (given, wanted) => "removed_from_group_at_s" in wanted && "consumer" in given,
    check: ({ given, expect: wanted }) => {
      const consume = { "session.timeout.ms": given["session.timeout.ms"] ?? 45_000 };
      const run = new FakeRun(kafka, sketch({ workers: 2, consume }));
      const how = /close/u.test(given.consumer as string) ? "close" : "crash";
      run.at(0, () => run.leave(0, 1, how));
      run.runUntil(100_000);
      const left = run
        .find("note")
        .find(({ reason }) => /session timed out|left: closed/u.test(reason));
      expect(left?.ms).toBe(wanted.removed_from_group_at_s * 1000);
    },
  },
  {
    name: "poll interval",
    fits: (given) => "per_record_s" in given && "max.poll.records" in given,
    check: ({ given, expect: wanted }) => {
      const { "max.poll.records": records, per_record_s: eachS } = given;
      const intervalMs = (given["max.poll.interval.ms"] ?? 300_000) as number;
      const consume = { "max.poll.records": records, "max.poll.interval.ms": intervalMs };
      const run = new FakeRun(kafka, sketch({ consume }), {
        plans: [{ serviceMs: eachS * 1000 }],
      });
      for (const i of numbers(0, records as number)) run.publish(0, 0, i, { sizeBytes: 1 });
      const batchMs = records * eachS * 1000;
      run.runUntil(3.4 * batchMs);
      const left = run.find("note").filter(({ reason }) => reason.includes("max.poll.interval.ms"));
      const isTooSlow = batchMs > intervalMs;
      expect(left.length > 0).toBe(isTooSlow);
      if (wanted.leaves_group_at_s !== undefined)
        expect(Math.floor(left[0]!.ms / 1000)).toBe(wanted.leaves_group_at_s);
      const { acknowledged } = run.books("t");
      expect(acknowledged).toBe(isTooSlow ? (wanted.progress ?? 0) : records);
      const attempts = run.find("deliver", { label: "0" }).map(({ attempt }) => attempt);
      expect(attempts.length > 2).toBe(isTooSlow);
    },
  },
  {
    name: "auto-commit inside the loop",
    fits: (given) => given["enable.auto.commit"] === true && "processed_in_loop" in given,
    check: ({ given, expect: wanted }) => {
      const { poll_returned: returned, processed_in_loop: done } = given;
      const processed: string[] = [];
      const verdict = (label: string) => {
        processed.push(label);
        return "done" as const;
      };
      const plans = [{ serviceMs: 100, verdict }];
      const consume = { commit: "auto", "max.poll.records": returned };
      const run = new FakeRun(kafka, sketch({ consume }), { plans });
      for (const i of numbers(0, returned as number)) run.publish(0, 0, i, { sizeBytes: 1 });
      run.at(done * 100 + 60, () => {
        expect(processed.length).toBe(done);
        run.leave(0, 0, "crash");
      });
      run.at(done * 100 + 60_000, () => run.join(0, 0));
      run.runUntil(done * 100 + 70_000 + returned * 120);
      expect(processed.length - returned).toBe(wanted.duplicates);
      expect(returned - new Set(processed).size).toBe(wanted.lost ?? 0);
      expect(run.books("t").acknowledged).toBe(returned);
    },
  },
  {
    name: "auto-commit with other threads",
    fits: (given) => /thread/u.test((given.processing ?? "") as string),
    check: ({ given, expect: wanted }) => {
      const { handed, processed } = given;
      // The interval ends before the crash, so that a poll has committed what was handed over.
      const consume = {
        commit: "auto-handed-off",
        "max.poll.records": handed,
        "auto.commit.interval.ms": 100,
      };
      let done = 0;
      const verdict = () => {
        if (++done === processed) run.at(run.nowMs(), () => run.leave(0, 0, "crash"));
        return "done" as const;
      };
      const run = new FakeRun(kafka, sketch({ consume }), { plans: [{ serviceMs: 10, verdict }] });
      for (const i of numbers(0, handed as number)) run.publish(0, 0, i, { sizeBytes: 1 });
      run.at(60_000, () => run.join(0, 0));
      run.runUntil(200_000);
      const { acknowledged, dropped } = run.books("t");
      expect({ acknowledged, lost: dropped }).toEqual({
        acknowledged: processed,
        lost: wanted.lost,
      });
    },
  },
  {
    name: "commit before or after processing",
    fits: (given) => typeof given.commit === "string" && "event" in given,
    check: ({ given, expect: wanted }) => {
      const isBefore = /before/u.test(given.commit as string);
      const [polled = 10, done = 4] = numbersIn(given.event as string).sort((a, b) => b - a);
      const commit = isBefore ? "before-processing" : "after-processing";
      const run = new FakeRun(kafka, sketch({ consume: { commit, "max.poll.records": polled } }));
      run.publishAll(0, 0, numbers(0, polled));
      run.runUntil(100);
      for (const label of numbers(0, done)) run.settle(label);
      run.leave(0, 0, "crash");
      run.at(50_000, () => run.join(0, 0));
      run.runUntil(60_000);
      const repeated = run.find("deliver").filter(({ attempt }) => attempt > 1);
      expect(run.books("t").dropped).toBe(wanted.lost ?? 0);
      if (wanted.duplicates !== undefined)
        expect(repeated.filter(({ label }) => Number(label) < done).length).toBe(wanted.duplicates);
      expect(repeated.length).toBe(isBefore ? 0 : polled);
    },
  },
  {
    name: "new group",
    fits: (given) => "retained_records_before_join" in given,
    check: ({ given, expect: wanted }) => {
      const { retained_records_before_join: before, after } = given;
      const consume = { "auto.offset.reset": given["auto.offset.reset"] };
      const run = new FakeRun(kafka, sketch({ consume }), {
        plans: [{ serviceMs: 1 }],
        joins: "none",
      });
      run.publishAll(0, 0, numbers(0, before as number));
      run.at(10_000, () => run.join(0, 0));
      run.publishAll(20_000, 0, numbers(before as number, before + after));
      run.runUntil(60_000);
      expect(run.books("t").acknowledged).toBe(wanted.received);
    },
  },
  { name: "out of range", fits: (given) => "log_start_offset" in given, check: checkOutOfRange },
  { name: "brokers down", fits: (given) => "brokers_down" in given, check: checkBrokersDown },
  {
    name: "leader ahead of its followers",
    fits: (given) => "leader_end" in given && "follower_end" in given,
    check: ({ given, expect: wanted }) => {
      const acks = (given.acks ?? "1") as string;
      const run = new FakeRun(
        kafka,
        sketch({ publish: { acks }, cluster: { "replica.fetch.latency.ms": 500 } }),
      );
      run.publishAll(0, 0, numbers(0, given.follower_end as number));
      run.publishAll(5000, 0, numbers(given.follower_end as number, given.leader_end as number));
      run.at(5100, () => run.broker.crashNode(leaderOf(run)));
      run.runUntil(30_000);
      expect([...run.outcomes.values()].every((outcome) => outcome === "confirmed")).toBe(true);
      expect(run.find("dropped", { reason: "lost-with-leader" }).length).toBe(wanted.acked_lost);
    },
  },
  {
    name: "last replica",
    fits: (given) => Array.isArray(given.ISR),
    check: ({ given, expect: wanted }) => {
      const isUnclean = given["unclean.leader.election.enable"] === true;
      const run = runLastReplica(isUnclean);
      const isOffline = /offline/u.test(wanted.partition as string);
      expect(isOffline).toBe(!isUnclean);
      expect(run.books("t").dropped).toBe(isUnclean ? 1 : 0);
      expect(run.outcomes.get("later")).toBe(isUnclean ? "confirmed" : undefined);
      if (isUnclean) return;
      run.broker.restartNode(0);
      run.runUntil(150_000);
      expect(run.outcomes.get("later")).toBe("confirmed");
      expect(run.books("t")).toMatchObject({ routed: 3, dropped: 0 });
    },
  },
  {
    name: "leaders move",
    fits: (_, wanted) => "leaders_moved_no_later_than_s" in wanted,
    check: ({ given, expect: wanted }) => {
      for (const crashMs of [0, 700, 1999, 2000, 3500]) {
        const session = given["broker.session.timeout.ms"] as number;
        const run = new FakeRun(
          kafka,
          sketch({ cluster: { "broker.session.timeout.ms": session } }),
        );
        run.at(crashMs, () => run.broker.crashNode(0));
        run.runUntil(crashMs + 10 * session);
        const moved = run.find("note").find(({ reason }) => reason.includes("leader moved"));
        const tookS = ((moved?.ms ?? Infinity) - crashMs) / 1000;
        expect(tookS).toBeGreaterThanOrEqual(wanted.not_before_s ?? 0);
        expect(tookS).toBeLessThanOrEqual(wanted.leaders_moved_no_later_than_s as number);
      }
    },
  },
  {
    name: "follower stops fetching",
    fits: (given) => "replica.lag.time.max.ms" in given,
    check: ({ given, expect: wanted }) => {
      // It lives, but its fetches take far too long.
      const lagMs = given["replica.lag.time.max.ms"] as number;
      const run = new FakeRun(kafka, sketch({ cluster: { "replica.lag.time.max.ms": lagMs } }));
      run.at(7000, () => run.broker.slowNode?.(1, 1e6));
      run.publish(7100, 0, "stalled");
      run.runUntil(7000 + 4 * lagMs);
      const confirmedS = ((run.find("confirmed")[0]?.ms ?? 0) - 7106) / 1000;
      const [leastS, mostS] = wanted.produce_stalls_up_to_s as [number, number];
      expect(confirmedS).toBeGreaterThanOrEqual(leastS);
      expect(confirmedS).toBeLessThanOrEqual(mostS + 0.002);
    },
  },
  {
    name: "batch overtaken",
    fits: (given) => given["enable.idempotence"] !== undefined && "max.in.flight" in given,
    check: ({ given, expect: wanted }) => {
      const idempotence = given["enable.idempotence"] as boolean;
      if (wanted.copies !== undefined) return checkLostAnswer(idempotence, wanted.copies as number);
      // Batch 1 comes when too few replicas are in sync, batch 2 a moment later, when there are enough again.
      const run = new FakeRun(
        kafka,
        sketch({
          topic: { "min.insync.replicas": 3 },
          publish: {
            "enable.idempotence": idempotence,
            "max.in.flight.requests.per.connection": given["max.in.flight"],
            "linger.ms": 0,
          },
        }),
      );
      run.at(1000, () => run.broker.crashNode(2));
      run.at(20_000, () => run.broker.restartNode(2));
      // It catches up within 1 ms: the first batch arrives before that, the second one after.
      run.publish(19_999.5, 0, "batch 1");
      run.publish(20_000.5, 0, "batch 2");
      run.runUntil(60_000);
      expect(run.labels("stored")).toEqual(wanted.order);
    },
  },
  {
    name: "sent again by the application",
    fits: (given, wanted) => /restarts/u.test((given.event ?? "") as string) && "copies" in wanted,
    check: ({ expect: wanted }) => {
      // Sending again is another publication to the model as it is to the broker.
      const run = new FakeRun(kafka, sketch({}));
      run.publish(0, 0, "first sending");
      run.publish(100, 0, "second sending");
      run.runUntil(1000);
      expect(run.find("stored").length).toBe(wanted.copies);
    },
  },
  {
    name: "retention",
    fits: (given) => "retention.ms" in given && "segment.ms" in given,
    check: ({ given, expect: wanted }) => {
      const topic = { "retention.ms": given["retention.ms"], "segment.ms": given["segment.ms"] };
      const run = new FakeRun(kafka, sketch({ topic, workers: 0 }));
      run.publish(0, 0, "alone");
      run.runUntil(3_600_000);
      expect(run.broker.depths(0)[0] === 0).toBe(wanted.deleted_at_1h);
    },
  },
  {
    name: "drain",
    fits: (given) => "lag" in given && "consume_per_s" in given,
    check: ({ given, expect: wanted }) => {
      // All numbers divided by 1000, the time is the same.
      const lag = given.lag / 1000;
      const serviceMs = 1e6 / given.consume_per_s;
      const everyMs = 1e6 / given.produce_per_s;
      const run = new FakeRun(kafka, sketch({ consume: { "max.poll.interval.ms": 1e9 } }), {
        plans: [{ serviceMs }],
      });
      for (const i of numbers(0, lag)) run.publish(0, 0, i);
      const count = Math.ceil((wanted.drain_s * 1100) / everyMs);
      for (const i of numbers(0, count)) run.publish(i * everyMs, 0, `n${i}`);
      run.runUntil(wanted.drain_s * 980);
      expect(run.books("t").waiting + run.books("t").inFlight).toBeGreaterThan(5);
      run.runUntil(wanted.drain_s * 1020);
      expect(run.books("t").waiting + run.books("t").inFlight).toBeLessThan(5);
    },
  },
  { name: "share locks", fits: (given) => "record_lock_s" in given, check: checkLocks },
  {
    name: "share verdict",
    fits: (given) =>
      given.share_group === true && "consumer" in given && !("record_lock_s" in given),
    check: checkShareVerdict,
  },
  {
    name: "share members",
    fits: (given) => given.share_group === true && "members" in given,
    check: checkShareMembers,
  },
  {
    name: "Connect",
    fits: (given) => "connect" in given,
    check: ({ given, expect: wanted }) => {
      const isTolerant = given["errors.tolerance"] === "all";
      const consume = { "on.failure": isTolerant ? "skip" : "stop" };
      const verdict = (label: string) => (label === "bad" ? "failed" : "done");
      const run = new FakeRun(kafka, sketch({ consume }), { plans: [{ serviceMs: 1, verdict }] });
      run.publishAll(0, 0, ["good", "bad", "behind"]);
      run.runUntil(60_000);
      const notes = run.find("note").map(({ reason }) => reason);
      const isFailed = notes.some((note) => note.includes("FAILED"));
      expect(isFailed ? "FAILED" : "RUNNING").toBe(wanted.task);
      expect(run.books("t").acknowledged).toBe(isFailed ? 1 : 2);
    },
  },
  {
    name: "transaction timeout",
    fits: (given) => "transaction.timeout.ms" in given,
    check: checkTransactionTimeout,
  },
  { name: "compaction", fits: (given) => "cleanup.policy" in given, check: checkCompaction },
  { name: "controllers", fits: (given) => "ensemble" in given, check: checkControllers },
  {
    name: "ZooKeeper",
    fits: (given) => "kafka_version" in given,
    check: ({ given, expect: wanted }) => {
      const offered = clusterFields.version.options.map(({ value }) => value as string);
      const isOffered = offered.includes(given.kafka_version as string);
      // Every version on offer is one without ZooKeeper.
      expect(isOffered).toBe(!wanted.zookeeper_supported);
      expect(Object.keys(clusterFields).some((name) => /zookeeper/u.test(name))).toBe(false);
    },
  },
];

/** The leader dies while its answer is under way; the batch is sent again. */
function checkLostAnswer(idempotence: boolean, copies: number): void {
  const publish = { "network.latency.ms": 100, "enable.idempotence": idempotence };
  const run = new FakeRun(kafka, sketch({ publish }));
  run.publishAll(0, 0, ["a", "b"]);
  // Appended at 105 ms, replicated at 106 ms; the answer would arrive at 206 ms.
  run.at(150, () => run.broker.crashNode(leaderOf(run)));
  run.publish(160, 0, "c");
  run.runUntil(30_000);
  expect(run.find("stored", { label: "a" }).length).toBe(copies);
  if (!idempotence) return;
  expect(run.labels("stored")).toEqual(["a", "b", "c"]);
  expect(run.labels("confirmed")).toEqual(["a", "b", "c"]);
}

describe("the collected facts about Kafka", () => {
  if (vectors.length === 0) {
    test.skip("skipped: shared/broker-vectors.json does not lie beside the repository", () => {});
    return;
  }

  for (const vector of vectors)
    test(`${vector.id}: ${JSON.stringify(vector.given).slice(0, 90)}`, () => {
      const fitting = shapes.filter(({ fits }) => fits(vector.given, vector.expect));
      expect(fitting.map(({ name }) => name).length, `shapes of ${vector.id}`).toBe(1);
      fitting[0]!.check(vector);
    });
});
