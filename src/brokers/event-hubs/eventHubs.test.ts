// Event Hubs against the contract of all technologies, and its own promises, among them what naive simulators get wrong.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { FakeRun, type WorkerPlan } from "../fakeContext.suite.ts";
import { describeTechnology } from "../technology.suite.ts";
import { simulated } from "../simulated.ts";
import { eventHubsDeployment } from "./deploy.ts";
import { hubFields } from "./fields.ts";
import { simulatedEventHubs } from "./simulated.ts";

describeTechnology(simulatedEventHubs, {
  sketch: {
    channels: [{ id: "orders", kind: "hub" }],
    publishers: [
      { to: "orders", parameters: { maximumRetries: 30 } },
      { to: "orders", parameters: { maximumRetries: 30 } },
    ],
    subscriptions: [
      { from: "orders", workers: 3, parameters: { checkpointEvery: 5 } },
      { from: "orders", workers: 2, parameters: { loadBalancingStrategy: "Balanced" } },
    ],
  },
  order: "partition",
  losesConfirmed: "never",
  nodes: 3,
  drainsWithinMs: 400_000,
  idleWakesPerHour: 900,
});

interface Wishes {
  readonly namespace?: Parameters;
  readonly hub?: Parameters;
  readonly publish?: Parameters;
  readonly consume?: Parameters;
  readonly workers?: number;
  readonly plan?: WorkerPlan;
}

function sketch(wishes: Wishes): Sketch {
  return {
    parameters: wishes.namespace ?? {},
    channels: [{ id: "h", kind: "hub", parameters: { partitionCount: 1, ...wishes.hub } }],
    publishers: [{ to: "h", parameters: wishes.publish ?? {} }],
    subscriptions: [{ from: "h", workers: wishes.workers ?? 1, parameters: wishes.consume ?? {} }],
  };
}

function start(wishes: Wishes): FakeRun {
  return new FakeRun(simulatedEventHubs, sketch(wishes), {
    plans: wishes.plan === undefined ? [] : [wishes.plan],
  });
}

const quick: WorkerPlan = { serviceMs: 0 };

describe("throughput units", () => {
  const send = (run: FakeRun, perS: number, seconds: number, sizeBytes: number): void => {
    for (let i = 0; i < perS * seconds; i++) run.publish((i * 1000) / perS, 0, i, { sizeBytes });
  };

  test("are the namespace's, not the hub's: two hubs share one", () => {
    const run = new FakeRun(simulatedEventHubs, {
      channels: ["a", "b"].map((id) => ({ id, kind: "hub" })),
      publishers: ["a", "b"].map((to) => ({ to, parameters: { maximumRetries: 0 } })),
    });
    for (let i = 0; i < 1600; i++) run.publish(i / 2, i % 2, i);
    run.runUntil(990);
    expect(run.find("confirmed")).toHaveLength(1000);
    expect(run.outcomes.get("1599")).toBe("refused: server-busy");
  });

  test("a busy service is asked again, and takes the event later", () => {
    const run = start({});
    send(run, 1500, 1, 100);
    run.runUntil(10_000);
    expect(new Set(run.outcomes.values())).toEqual(new Set(["confirmed"]));
  });

  test("egress is slowed without an error", () => {
    const sixGroups: Sketch = {
      ...sketch({}),
      subscriptions: Array.from({ length: 6 }, () => ({ from: "h" })),
    };
    const six = new FakeRun(simulatedEventHubs, sixGroups, { plans: [quick] });
    // 0.9 MB/s in, six groups: 5.4 MB/s out are wanted, 2 MB/s are given.
    send(six, 900, 5, 1000);
    six.runUntil(5000);
    const bytes = six.find("deliver").length * 1000;
    expect(bytes).toBeGreaterThan(9_000_000);
    expect(bytes).toBeLessThanOrEqual(12_000_000);
    expect(new Set(six.outcomes.values())).toEqual(new Set(["confirmed"]));
  });

  test("auto-inflate goes up to its maximum", () => {
    const namespace = { autoInflate: true, maximumThroughputUnits: 2, inflateMs: 1000 };
    const run = start({ namespace, publish: { maximumRetries: 0 } });
    send(run, 2500, 5, 10);
    run.runUntil(10_000);
    const perSecond = (second: number) =>
      run.find("confirmed").filter(({ ms }) => Math.floor((ms - 5) / 1000) === second).length;
    expect([perSecond(0), perSecond(3)]).toEqual([1000, 2000]);
    expect(run.find("note").map(({ reason }) => reason)).toEqual([
      "broker: auto-inflate: 2 throughput units from now on",
    ]);
  });
});

describe("processors", () => {
  test("no event is acknowledged or comes again alone: a crash repeats what is behind the checkpoint", () => {
    const run = start({ consume: { checkpointEvery: 3, checkpointInterval: null }, plan: quick });
    for (let i = 0; i < 5; i++) run.publish(i, 0, i);
    run.at(1000, () => run.leave(0, 0, "crash"));
    run.at(2000, () => run.join(0, 0));
    run.runUntil(300_000);
    expect(run.labels("deliver", { attempt: 2 })).toEqual(["3", "4"]);
  });

  test("a crashed processor's partitions idle until the ownership expires", () => {
    const run = start({
      hub: { partitionCount: 2 },
      workers: 2,
      plan: quick,
      consume: { checkpointEvery: 1 },
    });
    run.at(31_000, () => run.leave(0, 0, "crash"));
    for (let i = 0; i < 20; i++) run.publish(40_000 + i * 10_000, 0, i);
    run.runUntil(400_000);
    const first = run.find("deliver", { partition: 0 })[0]!.ms;
    expect(first).toBeGreaterThanOrEqual(150_000);
    expect(first).toBeLessThanOrEqual(181_000);
    expect(run.books("h").acknowledged).toBe(20);
  });

  test("one that closes gives its partitions back: the next cycle claims them", () => {
    const run = start({
      hub: { partitionCount: 2 },
      workers: 2,
      plan: quick,
      consume: { checkpointEvery: 1 },
    });
    run.at(31_000, () => run.leave(0, 0, "close"));
    run.publish(40_000, 0, "m");
    run.runUntil(70_000);
    expect(run.books("h").acknowledged).toBe(1);
  });

  test("a newcomer steals until the shares are fair; what is in hand is processed twice", () => {
    const run = start({ hub: { partitionCount: 4 }, workers: 2 });
    run.leave(0, 1, "close");
    run.runUntil(35_000);
    for (let i = 0; i < 8; i++) run.publish(35_000, 0, i);
    run.at(40_000, () => run.join(0, 1));
    run.runUntil(60_000);
    expect(run.held(0, 0)).toHaveLength(8);
    expect(run.held(0, 1)).toHaveLength(4);
    expect(run.find("returned")).toHaveLength(4);
  });

  test("a failed event is skipped: the service knows no redelivery and no dead letters", () => {
    const plan: WorkerPlan = {
      serviceMs: 1,
      verdict: (label) => (label === "bad" ? "failed" : "done"),
    };
    const run = start({ plan, consume: { checkpointEvery: 1 } });
    ["a", "bad", "b"].forEach((label, i) => run.publish(i * 10, 0, label));
    run.runUntil(5000);
    expect(run.labels("acknowledged")).toEqual(["a", "b"]);
    expect(run.find("discarded").map(({ reason }) => reason)).toEqual(["skipped-after-failure"]);
    expect(run.find("deliver")).toHaveLength(3);
  });

  test("a checkpoint is written after a time too, if there is one", () => {
    const run = start({ plan: quick, consume: { checkpointInterval: 2000 } });
    run.publish(0, 0, "m");
    run.runUntil(1900);
    expect(run.books("h").inFlight).toBe(1);
    run.runUntil(2100);
    expect(run.books("h").acknowledged).toBe(1);
  });
});

describe("what a naive simulator gets wrong", () => {
  test("the service holds no offsets for its own SDK: what is behind the checkpoint comes again, unlike Kafka's commits", () => {
    const attempts = (run: FakeRun): readonly string[] => {
      for (let i = 0; i < 30; i++) run.publish(i * 10, 0, i);
      run.at(1000, () => run.leave(0, 0, "crash"));
      run.at(2000, () => run.join(0, 0));
      run.runUntil(300_000);
      return run.labels("deliver", { attempt: 2 });
    };
    // All thirty were dealt with before the crash; only Kafka has been told so.
    const consume = { checkpointEvery: 100, checkpointInterval: null };
    expect(attempts(start({ consume, plan: quick }))).toEqual(
      Array.from({ length: 30 }, (_, i) => `${i}`),
    );
    const topics: Sketch = {
      channels: [{ id: "h", kind: "topic" }],
      publishers: [{ to: "h" }],
      subscriptions: [{ from: "h", workers: 1 }],
    };
    expect(attempts(new FakeRun(simulated.kafka, topics, { plans: [quick] }))).toEqual([]);
  });

  test("the partitions of a hub on Basic and Standard stay as many as it was made with", () => {
    for (const tier of ["Basic", "Standard"]) {
      const run = start({ namespace: { tier }, hub: { partitionCount: 2 }, plan: quick });
      run.at(1000, () => run.broker.set("h", "partitionCount", 8));
      for (let i = 0; i < 40; i++) run.publish(2000 + i, 0, i);
      run.runUntil(5000);
      const used = new Set(run.find("stored").map(({ partition }) => partition));
      expect(used).toEqual(new Set([0, 1]));
      expect(run.broker.depths(0)).toHaveLength(2);
    }
    // So nothing offers to change them while a run goes on.
    expect(Object.keys(hubFields.partitionCount)).not.toContain("live");
  });

  test("workers of one group have a share only by what their processor owns; each group draws on the same units", () => {
    const groups: Sketch = {
      channels: [{ id: "h", kind: "hub", parameters: { partitionCount: 1 } }],
      publishers: [{ to: "h" }],
      subscriptions: [
        { from: "h", node: "billing", workers: 2 },
        { from: "h", node: "search" },
      ],
    };
    const run = new FakeRun(simulatedEventHubs, groups, { plans: [quick, quick] });
    for (let i = 0; i < 900; i++) run.publish(35_010 + i, 0, i, { sizeBytes: 1000 });
    run.runUntil(36_000);
    const got = run.find("deliver");
    const to = (subscription: number) =>
      got.filter((delivery) => delivery.subscription === subscription);
    // The other worker of the group owns nothing, so it gets nothing, however much there is.
    expect(new Set(to(0).map(({ worker }) => worker)).size).toBe(1);
    // 0.9 MB/s twice is below the 2 MB/s of one unit: both groups have everything.
    expect([to(0).length, to(1).length].every((count) => count > 850)).toBe(true);
  });
});

describe("events", () => {
  test("retention goes by time, not by reading: a slow group has a gap and no error", () => {
    const run = start({ hub: { retention: 3_600_000 }, consume: { prefetchCount: 1 } });
    for (let i = 0; i < 5; i++) run.publish(i * 1000, 0, i);
    run.runUntil(3_800_000);
    expect(run.labels("dropped")).toEqual(["1", "2", "3", "4"]);
    expect(run.heldLabels(0)).toEqual(["0"]);
    run.publish(3_900_000, 0, "new");
    run.at(4_000_000, () => run.settle(0));
    run.runUntil(4_100_000);
    expect(run.heldLabels(0)).toEqual(["new"]);
  });

  test("a key always has the same partition; without one they go in turn", () => {
    const run = start({ hub: { partitionCount: 4 }, plan: quick });
    for (let i = 0; i < 8; i++) run.publish(i, 0, `k${i}`, { key: "d1" });
    for (let i = 0; i < 8; i++) run.publish(100 + i, 0, i);
    run.runUntil(1000);
    const stored = run.find("stored");
    expect(new Set(stored.slice(0, 8).map(({ partition }) => partition)).size).toBe(1);
    expect(stored.slice(8).map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  test("an event that is larger than the tier allows is refused at once", () => {
    const run = start({ namespace: { tier: "Basic" } });
    run.publish(0, 0, "m", { sizeBytes: 300_000 });
    run.runUntil(1000);
    expect(run.outcomes.get("m")).toBe("refused: event-too-large");
  });

  test("a zone that fails costs retries, and loses nothing", () => {
    const run = start({
      plan: quick,
      publish: { maximumRetries: 10 },
      consume: { checkpointEvery: 1 },
    });
    for (let i = 0; i < 100; i++) run.publish(i * 100, 0, i);
    run.at(2000, () => run.broker.crashNode(0));
    run.runUntil(120_000);
    expect(new Set(run.outcomes.values())).toEqual(new Set(["confirmed"]));
    expect(run.books("h").acknowledged).toBe(100);
  });
});

test("what a tier does not have is an error", () => {
  const codes = (wishes: Wishes): readonly string[] =>
    simulatedEventHubs
      .check(describeBroker(simulatedEventHubs, sketch(wishes)))
      .map(({ code }) => code.replace("event-hubs/", ""));
  expect(codes({})).toEqual([]);
  expect(codes({ hub: { partitionCount: 33 } })).toEqual(["too-many-partitions"]);
  expect(codes({ hub: { retention: 8 * 86_400_000 } })).toEqual(["retention-too-long"]);
  expect(codes({ namespace: { tier: "Basic" }, hub: { captureEnabled: true } })).toEqual([
    "no-capture",
  ]);
  expect(codes({ consume: { partitionOwnershipExpirationInterval: 10_000 } })).toEqual([
    "ownership-too-short",
  ]);
  expect(codes({ workers: 2 })).toEqual(["idle-processors"]);
  expect(codes({ consume: { checkpointInterval: null } })).toEqual(["last-events-again"]);
});

test("Terraform and the emulator get hubs under names that they take, with their groups", () => {
  const config = describeBroker(simulatedEventHubs, {
    channels: [
      { id: "a", kind: "hub", name: "Orders placed" },
      { id: "b", kind: "hub", name: "orders-placed", parameters: { partitionCount: 8 } },
    ],
    subscriptions: [{ from: "b", node: "billing" }],
  });
  const { files, remarks } = eventHubsDeployment.setUps[0]!.files({ config, host: "main" }, "");
  expect(JSON.stringify(files)).toContain('"partition_count":8');
  expect(remarks).toHaveLength(2);
  const part = eventHubsDeployment.compose({ config, host: "main" }, (port) => port);
  expect(Object.keys(part.services)).toEqual(["main-storage", "main"]);
  expect(JSON.stringify(part.files)).toContain(
    '{"Name":"orders-placed-2","PartitionCount":8,"ConsumerGroups":[{"Name":"billing"}]}',
  );
});
