// Nodes of RabbitMQ that are cut off or slow, and what cluster_partition_handling makes of it.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { manual, oneQueue } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;

/** A classic queue on node 0 whose node is cut off from 10 ms to 200 s. */
function cutOff(parameters: Parameters, consumers: readonly Parameters[] = []) {
  const run = new FakeRun(rabbitmq, { ...oneQueue({}, consumers), parameters });
  run.at(10, () => run.broker.isolateNode(0, true));
  run.at(200_000, () => run.broker.isolateNode(0, false));
  return run;
}

describe("a node of RabbitMQ that is cut off", () => {
  it("leaves publishers without an answer until net_ticktime is over, then with a nack", () => {
    const run = cutOff({});
    run.publish(20, 0, "silence");
    run.publish(100_000, 0, "nack");
    run.runUntil(60_000);
    expect(run.outcomes.get("silence")).toBeUndefined();
    run.runUntil(60_011);
    expect(run.outcomes.get("silence")).toBe("refused: queue-node-down");
    run.runUntil(100_001);
    expect(run.outcomes.get("nack")).toBe("refused: queue-node-down");
    run.runUntil(250_000);
    expect(run.books("q").routed).toBe(0);
  });

  it("says so, and delivers again what its consumers held when it counts as down", () => {
    const run = cutOff({}, [manual(1)]);
    run.publishAll(0, 0, [1, 2]);
    run.runUntil(1000);
    expect(run.broker.blocked(0)).toBe("the queue's node is cut off: nobody answers for it");
    run.runUntil(250_000);
    expect(run.labels("returned")).toEqual(["1"]);
    expect(run.find("deliver").map(({ label, attempt }) => [label, attempt])).toEqual([
      ["1", 1],
      ["1", 2],
    ]);
  });

  it("that is back in time has lost nothing, and its leaders lead on", () => {
    const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [manual(5)]));
    run.at(10, () => run.broker.isolateNode(0, true));
    run.publish(20, 0, "m");
    run.at(5000, () => run.broker.isolateNode(0, false));
    run.runUntil(20_000);
    expect(run.find("deliver").map(({ ms }) => Math.floor(ms))).toEqual([5000]);
    expect(run.broker.nodes().map(({ leads }) => leads)).toEqual([1, 1, 0]);
  });

  it.each([
    ["ignore", "4.0", 1],
    ["pause_minority", "4.0", 0],
    ["autoheal", "4.0", 0],
    ["pause_minority", "4.3", 1],
  ])("keeps transient messages by %s in %s: %i", (cluster_partition_handling, version, kept) => {
    const base = oneQueue({}, [], { delivery_mode: "1" });
    const run = new FakeRun(rabbitmq, {
      ...base,
      parameters: { cluster_partition_handling, version },
    });
    run.publish(0, 0, "m");
    run.at(10, () => run.broker.isolateNode(0, true));
    run.at(200_000, () => run.broker.isolateNode(0, false));
    run.runUntil(250_000);
    expect(run.books("q").waiting).toBe(kept);
  });

  it("of two pauses the other one as well with pause_minority: neither is a majority", () => {
    const run = cutOff({ nodes: 2, cluster_partition_handling: "pause_minority" });
    run.publish(100_000, 0, "m");
    run.runUntil(150_000);
    expect(run.outcomes.get("m")).toBe("refused: no-node-up");
    run.publish(210_000, 0, "n");
    run.runUntil(210_001);
    expect(run.outcomes.get("n")).toBe("confirmed");
  });
});

it("keeps the order of what a slow node sent when it is fast again", () => {
  const run = new FakeRun(rabbitmq, oneQueue({}, [manual(0, { latency: 2 })]));
  run.broker.slowNode(0, 10);
  run.publish(0, 0, 1);
  run.at(5, () => run.broker.slowNode(0, 1));
  run.publish(6, 0, 2);
  run.runUntil(100);
  expect(run.find("deliver").map(({ label, ms }) => [label, Math.round(ms)])).toEqual([
    ["1", 20],
    ["2", 20],
  ]);
});
