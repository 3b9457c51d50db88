// Kafka's nodes when they are cut off or slow, and controllers without a majority.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";

const { kafka } = simulated;

function open(
  about: {
    readonly cluster?: Parameters;
    readonly topic?: Parameters;
    readonly publish?: Parameters;
  },
  serviceMs = 1,
): FakeRun {
  return new FakeRun(
    kafka,
    {
      parameters: about.cluster ?? {},
      channels: [{ id: "t", kind: "topic", parameters: about.topic ?? {} }],
      publishers: [{ to: "t", parameters: about.publish ?? {} }],
      subscriptions: [{ from: "t", node: "c" }],
    },
    { plans: [{ serviceMs }] },
  );
}

const isolate = (run: FakeRun, node: number, isolated: boolean): void =>
  run.broker.isolateNode?.(node, isolated);

const notes = (run: FakeRun): string =>
  run
    .find("note")
    .map(({ reason }) => reason)
    .join("\n");

describe("a leader that is cut off", () => {
  test("takes records without acks=all until publishers ask for the leaders again; they are lost when it is back", () => {
    const run = open({ publish: { acks: "1", "metadata.max.age.ms": 40_000 } });
    run.publish(0, 0, "before");
    run.at(10_000, () => isolate(run, 0, true));
    run.publish(11_000, 0, "before the election");
    run.publish(30_000, 0, "after the election");
    run.publish(41_000, 0, "after asking again");
    run.runUntil(45_000);
    expect([...run.outcomes.values()]).toEqual(Array(4).fill("confirmed"));
    expect(run.books("t")).toMatchObject({ acknowledged: 2, dropped: 0 });
    run.at(50_000, () => isolate(run, 0, false));
    run.runUntil(60_000);
    expect(run.find("dropped").map(({ label }) => label)).toEqual([
      "before the election",
      "after the election",
    ]);
    expect(run.find("dropped")[0]?.ms).toBe(50_000);
    expect(notes(run)).toContain("2 records are lost that were written to the old leader");
    expect(run.labels("acknowledged")).toEqual(["before", "after asking again"]);
  });

  test("answers nobody who waits for all replicas; these records go to the new leader, none is lost", () => {
    const run = open({ topic: { "min.insync.replicas": 2 } });
    run.at(10_000, () => isolate(run, 0, true));
    run.publish(11_000, 0, "waiting");
    run.runUntil(17_000);
    expect(run.outcomes.size).toBe(0);
    run.runUntil(25_000);
    expect(run.outcomes.get("waiting")).toBe("confirmed");
    expect(run.broker.nodes().map(({ leads }) => leads)).toEqual([0, 1, 0]);
    run.at(30_000, () => isolate(run, 0, false));
    run.runUntil(40_000);
    expect(run.books("t")).toMatchObject({ acknowledged: 1, dropped: 0 });
  });

  test("is fenced when its session has run out, not before", () => {
    const run = open({});
    run.at(10_000, () => isolate(run, 0, true));
    run.runUntil(18_999);
    expect(run.broker.nodes()[0]?.leads).toBe(1);
    run.runUntil(19_001);
    expect(run.broker.nodes()[1]?.leads).toBe(1);
  });

  test("stays leader when it is back within its session, and nothing is lost", () => {
    const run = open({ publish: { acks: "1" } });
    run.at(10_000, () => isolate(run, 0, true));
    run.publish(11_000, 0, "a");
    run.at(15_000, () => isolate(run, 0, false));
    run.runUntil(60_000);
    expect(run.broker.nodes()[0]?.leads).toBe(1);
    expect(run.books("t")).toMatchObject({ acknowledged: 1, dropped: 0 });
    expect(notes(run)).not.toContain("leader moved");
  });

  test("goes on where nobody can take over", () => {
    const run = open({ topic: { "replication.factor": 1 } });
    run.at(1000, () => isolate(run, 0, true));
    run.publish(30_000, 0, "a");
    run.runUntil(31_000);
    expect(run.books("t")).toMatchObject({ acknowledged: 1 });
  });
});

describe("a follower", () => {
  test("that is cut off leaves the in-sync replicas when it is fenced, and acks=all waits for that", () => {
    const run = open({});
    run.at(10_000, () => isolate(run, 2, true));
    run.publish(10_500, 0, "a");
    run.runUntil(30_000);
    const [confirmed] = run.find("confirmed");
    expect(confirmed?.ms).toBeGreaterThan(17_000);
    expect(confirmed?.ms).toBeLessThan(20_000);
    run.at(31_000, () => isolate(run, 2, false));
    run.publish(32_000, 0, "b");
    run.runUntil(33_000);
    expect(notes(run)).toContain("node 2 caught up and is in sync again");
  });

  test("that is slow makes acks=all wait as long as its fetch takes", () => {
    const run = open({});
    run.broker.slowNode?.(1, 500);
    run.publish(1000, 0, "a");
    run.runUntil(5000);
    // Linger 5 ms, one way 1 ms, the fetch, and the answer.
    expect(run.find("confirmed")[0]?.ms).toBe(1000 + 5 + 1 + 500 + 1);
  });

  test("whose fetches take longer than replica.lag.time.max.ms leaves the in-sync replicas", () => {
    const run = open({});
    run.broker.slowNode?.(1, 100_000);
    run.publish(1000, 0, "a");
    run.runUntil(60_000);
    expect(notes(run)).toContain("node 1 left the in-sync replicas");
    const tookMs = (run.find("confirmed")[0]?.ms ?? 0) - 1006;
    expect(tookMs).toBeGreaterThanOrEqual(30_000);
    expect(tookMs).toBeLessThanOrEqual(45_001);
    run.broker.slowNode?.(1, 1);
    run.runUntil(70_000);
    expect(notes(run)).toContain("node 1 caught up and is in sync again");
  });
});

test("a slow leader answers late, and nobody else does", () => {
  const run = open({ publish: { acks: "1" } });
  run.broker.slowNode?.(0, 100);
  run.publish(1000, 0, "a");
  run.runUntil(5000);
  expect(run.find("confirmed")[0]?.ms).toBe(1000 + 5 + 1 + 100);
});

describe("combined controllers", () => {
  const cluster = { "process.roles": "broker,controller" };

  test("without a majority leaders keep serving, but nobody is elected; with it sessions begin anew", () => {
    const run = open({ cluster, topic: { "replication.factor": 1 }, publish: { acks: "1" } });
    run.at(10_000, () => run.broker.crashNode(1));
    run.at(10_000, () => run.broker.crashNode(2));
    run.publish(60_000, 0, "served");
    run.at(61_000, () => run.broker.crashNode(0));
    run.runUntil(100_000);
    expect(run.outcomes.get("served")).toBe("confirmed");
    expect(notes(run)).toContain("lost their majority");
    expect(notes(run)).not.toContain("left the in-sync replicas");
    run.at(100_000, () => run.broker.restartNode(0));
    run.at(100_000, () => run.broker.restartNode(2));
    run.runUntil(108_000);
    expect(run.broker.nodes()[0]?.leads).toBe(0);
    run.runUntil(110_000);
    expect(run.broker.nodes()[0]?.leads).toBe(1);
    expect(run.books("t")).toMatchObject({ acknowledged: 1, dropped: 0 });
  });

  test("a minority that is cut off is fenced as usual", () => {
    const run = open({ cluster });
    run.at(10_000, () => isolate(run, 0, true));
    run.runUntil(30_000);
    expect(run.broker.nodes().map(({ leads }) => leads)).toEqual([0, 1, 0]);
  });
});
