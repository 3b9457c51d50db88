// Transactions: what is published and what was consumed for it take effect together; readers that ask for it see nothing
// else. A service here reads the topic "in" and publishes a record of the same label to "out" for each.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

interface About {
  readonly publish?: Parameters;
  readonly consume?: Parameters;
  readonly read?: Parameters;
  readonly cluster?: Parameters;
}

/** Publisher 0 feeds "in", publisher 1 is the service's; subscription 0 is the service's, 1 and 2 read what it makes:
 *  only what is committed, and everything. */
function sketchOf(about: About): Sketch {
  return {
    parameters: about.cluster ?? {},
    channels: [
      { id: "in", kind: "topic" },
      { id: "out", kind: "topic" },
    ],
    publishers: [
      { to: "in" },
      { to: "out", node: "worker", parameters: { "transactional.id": true, ...about.publish } },
    ],
    subscriptions: [
      { from: "in", node: "worker", parameters: { commit: "transaction", ...about.consume } },
      { from: "out", node: "careful", parameters: { "isolation.level": "read_committed" } },
      { from: "out", node: "hasty" },
    ],
  };
}

function open(about: About): FakeRun {
  let made = 0;
  const run: FakeRun = new FakeRun(kafka, sketchOf(about), {
    plans: [
      {
        serviceMs: 10,
        verdict: (label) => {
          run.publish(run.nowMs(), 1, `${label} (${++made})`);
          return "done";
        },
      },
      { serviceMs: 1 },
    ],
  });
  return run;
}

function crash(run: FakeRun): void {
  run.leave(0, 0, "crash");
  run.broker.publisherCrashed?.(1);
}

function comeBack(run: FakeRun): void {
  run.broker.publisherRestarts?.(1);
  run.join(0, 0);
}

const labels = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const read = (run: FakeRun, subscription: number): string[] =>
  run.find("acknowledged").flatMap((one) => (one.subscription === subscription ? [one.label] : []));

describe("transactions", () => {
  test("offsets are committed with what was published, once per interval", () => {
    const run = open({ publish: { "commit.interval.ms": 1000 } });
    run.publishAll(0, 0, labels(5));
    run.runUntil(900);
    expect(run.books("in").acknowledged).toBe(0);
    run.runUntil(2000);
    expect(run.books("in").acknowledged).toBe(5);
    expect(new Set(run.find("acknowledged", { account: 0 }).map(({ ms }) => ms)).size).toBe(1);
  });

  test("read_committed stops at the last stable offset, read_uncommitted does not", () => {
    const run = open({ publish: { "commit.interval.ms": 1000 } });
    run.publishAll(0, 0, labels(3));
    run.runUntil(800);
    expect([read(run, 1).length, read(run, 2).length]).toEqual([0, 3]);
    expect(run.broker.blocked(1)).toContain("transaction that is not committed");
    expect(run.broker.waiting(1)).toBe(3);
    run.runUntil(3000);
    expect(read(run, 1).length).toBe(3);
    expect(run.broker.waiting(1)).toBe(0);
  });

  test("a control record takes an offset: offsets have gaps", () => {
    const run = open({ publish: { "commit.interval.ms": 100 } });
    run.publish(0, 0, "a");
    run.publish(1000, 0, "b");
    run.runUntil(3000);
    const offsets = run.find("deliver", { subscription: 1 }).map(({ offset }) => offset);
    expect(offsets).toEqual([0, 2]);
    expect(run.broker.depths(1)).toEqual([0]);
  });

  test("after a crash each record is made once for who reads only what is committed, and twice for who does not", () => {
    const run = open({ publish: { "commit.interval.ms": 5000 } });
    run.publishAll(0, 0, labels(4));
    run.at(1000, () => crash(run));
    run.at(2000, () => comeBack(run));
    run.runUntil(200_000);
    const origin = (label: string): string => label.split(" ")[0]!;
    expect(read(run, 1).map(origin).sort()).toEqual(["0", "1", "2", "3"]);
    expect(read(run, 2).length).toBe(8);
    expect(run.find("dropped", { reason: "transaction-aborted" }).length).toBe(4);
    expect(run.books("in").acknowledged).toBe(4);
  });

  test("without transactions the same crash makes them twice for everybody", () => {
    const run = open({
      publish: { "transactional.id": false },
      consume: { commit: "auto", "auto.commit.interval.ms": 5000 },
    });
    run.publishAll(0, 0, labels(4));
    run.at(1000, () => crash(run));
    run.at(2000, () => comeBack(run));
    run.runUntil(200_000);
    expect([read(run, 1).length, read(run, 2).length]).toEqual([8, 8]);
  });

  test("who comes back under the same id aborts at once what it had left open; else the timeout does", () => {
    const endOf = (backMs: number): number => {
      const run = open({ publish: { "commit.interval.ms": 600_000 } });
      run.publish(0, 0, "a");
      run.at(500, () => crash(run));
      run.at(backMs, () => comeBack(run));
      run.runUntil(300_000);
      return run.find("dropped", { reason: "transaction-aborted" })[0]!.ms;
    };
    expect(endOf(3000)).toBeLessThan(3010);
    // 60 s, found when the coordinator looks again 10 s later.
    expect(endOf(250_000)).toBeGreaterThanOrEqual(60_000);
    expect(endOf(250_000)).toBeLessThanOrEqual(70_010);
  });

  test("one that takes longer than transaction.timeout.ms is fenced: what it publishes then is refused", () => {
    const run = open({
      publish: { "transaction.timeout.ms": 1000, "commit.interval.ms": 500 },
      cluster: { "transaction.abort.timed.out.transaction.cleanup.interval.ms": 100 },
      consume: { "max.poll.records": 200 },
    });
    // 200 records of 10 ms each: the commit has to wait for the whole poll.
    for (const label of labels(200)) run.publish(0, 0, label);
    run.runUntil(3000);
    expect([...run.outcomes.values()]).toContain("refused: producer-fenced");
    expect(read(run, 1)).toEqual([]);
  });

  test("a publication that fails aborts its transaction", () => {
    const run = open({ publish: { "commit.interval.ms": 1000, "delivery.timeout.ms": 300 } });
    run.publish(0, 0, "a");
    run.at(100, () => run.publish(100, 1, "fails"));
    run.at(90, () => run.broker.crashNode(1));
    run.at(20_000, () => run.broker.restartNode(1));
    run.runUntil(900);
    expect(run.outcomes.get("fails")).toBe("refused: delivery-timeout");
    run.runUntil(120_000);
    expect(run.books("in").acknowledged).toBe(1);
    expect(read(run, 1).length).toBe(1);
    expect(read(run, 2).length).toBeGreaterThan(1);
  });

  test("a number of records ends a transaction before its time", () => {
    const run = open({ publish: { "commit.interval.ms": 600_000, "commit.records": 1 } });
    run.publishAll(0, 0, labels(4));
    run.runUntil(5000);
    expect(read(run, 1).length).toBe(4);
  });

  test("what is published while one is committed belongs to the next one", () => {
    const run = open({ publish: { "commit.interval.ms": 100, "network.latency.ms": 50 } });
    for (const i of labels(30)) run.publish(20 * i, 1, `m${i}`);
    run.runUntil(5000);
    expect(read(run, 1)).toEqual(labels(30).map((i) => `m${i}`));
    expect([...run.outcomes.values()].every((outcome) => outcome === "confirmed")).toBe(true);
  });

  test("settings that Kafka refuses, and such as surprise", () => {
    const codes = (about: About): readonly string[] =>
      kafka.check(describeBroker(kafka, sketchOf(about))).map(({ code }) => code);
    expect(codes({ publish: { acks: "1" } })).toContain("kafka/transactions-need-idempotence");
    expect(codes({ publish: { "transaction.timeout.ms": 50 } })).toContain(
      "kafka/transaction-times-out",
    );
    expect(codes({ publish: { "transactional.id": false } })).toContain(
      "kafka/no-transaction-to-commit-in",
    );
    expect(codes({})).toContain("kafka/reads-uncommitted");
  });
});
