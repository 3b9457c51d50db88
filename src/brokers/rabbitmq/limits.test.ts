// How much a queue of RabbitMQ may hold in bytes, and queues that are deleted because nobody uses them.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker } from "../brokerSketch.suite.ts";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { answers, manual, oneQueue, readAll, texts, withReader } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;
const labels = [1, 2, 3, 4, 5];

/** Messages of 100 bytes into a queue for 350, without a consumer; "q" and its dead letters are read in the end. */
function overflowing(queue: Parameters) {
  const base = withReader(oneQueue({ "x-max-length-bytes": 350, ...queue }));
  const more = { from: "dlq", parameters: { latency: 0.01, ack: "automatic" } as Parameters };
  const sketch = { ...base, subscriptions: [...base.subscriptions!, more] };
  const run = new FakeRun(rabbitmq, sketch, { joins: "none" });
  run.publishAll(0, 0, labels);
  run.runUntil(50);
  return { confirms: answers(run, labels), left: readAll(run, 0), dead: readAll(run, 1) };
}

describe("x-max-length-bytes", () => {
  it("drops the oldest that are too much, and confirms all", () => {
    const { confirms, left, dead } = overflowing({});
    expect(confirms).toEqual(["ack", "ack", "ack", "ack", "ack"]);
    expect([left, dead]).toEqual([texts([3, 4, 5]), texts([1, 2])]);
  });

  it("refuses what does not fit, with reject-publish and without a dead letter", () => {
    const { confirms, left, dead } = overflowing({ "x-overflow": "reject-publish" });
    expect(confirms).toEqual(["ack", "ack", "ack", "nack", "nack"]);
    expect([left, dead]).toEqual([texts([1, 2, 3]), []]);
  });

  it("refuses and dead-letters what does not fit, with reject-publish-dlx", () => {
    const { confirms, left, dead } = overflowing({ "x-overflow": "reject-publish-dlx" });
    expect(confirms).toEqual(["ack", "ack", "ack", "nack", "nack"]);
    expect([left, dead]).toEqual([texts([1, 2, 3]), texts([4, 5])]);
  });

  it("holds together with x-max-length: whichever is reached first", () => {
    expect(overflowing({ "x-max-length": 2 }).left).toEqual(texts([4, 5]));
    expect(overflowing({ "x-max-length": 4 }).left).toEqual(texts([3, 4, 5]));
  });

  it("counts ready messages only; what comes back counts again and pushes out the oldest", () => {
    const queue = { "x-max-length-bytes": 200 };
    const run = new FakeRun(rabbitmq, oneQueue(queue, [manual(2)]));
    run.publishAll(0, 0, labels);
    run.runUntil(50);
    expect([run.heldLabels(0), run.broker.depths(0)]).toEqual([texts([1, 2]), [2]]);
    run.leave(0, 0, "crash");
    run.runUntil(100);
    expect(run.broker.depths(0)).toEqual([2]);
    expect(run.labels("deadLettered")).toEqual(texts([3, 1, 2]));
  });

  it("throws out a message at once that is larger than the queue may be", () => {
    const run = new FakeRun(rabbitmq, oneQueue({ "x-max-length-bytes": 150 }));
    run.publish(0, 0, "small");
    run.publish(1, 0, "large", { sizeBytes: 151 });
    run.runUntil(50);
    expect(run.broker.depths(0)).toEqual([0]);
    expect(run.labels("deadLettered")).toEqual(["small", "large"]);
  });
});

describe("x-expires", () => {
  const expiring = (queue: Parameters = {}) =>
    new FakeRun(rabbitmq, oneQueue({ "x-expires": 1000, ...queue }, [manual(1)]));

  it("deletes a queue that had no consumer for so long; nothing of it is dead-lettered", () => {
    const run = expiring();
    run.publishAll(0, 0, [1, 2, 3]);
    run.at(500, () => run.leave(0, 0, "crash"));
    run.publish(900, 0, 4);
    run.runUntil(1499);
    expect(run.broker.depths(0)).toEqual([4]);
    run.runUntil(1501);
    expect(run.broker.depths(0)).toEqual([0]);
    expect(run.find("dropped").map(({ label, reason }) => [label, reason])).toEqual(
      ["1", "2", "3", "4"].map((label) => [label, "queue-expired"]),
    );
    expect([run.labels("deadLettered"), run.liveMessages()]).toEqual([[], 0]);
  });

  it("is not put off by publishing, and what is published afterwards is confirmed and gone", () => {
    const run = new FakeRun(rabbitmq, oneQueue({ "x-expires": 1000 }));
    for (let i = 0; i < 9; i++) run.publish(i * 100, 0, i);
    run.publish(2000, 0, "late");
    run.runUntil(3000);
    expect(run.labels("dropped")).toHaveLength(9);
    expect([run.outcomes.get("late"), run.labels("unroutable")]).toEqual(["confirmed", ["late"]]);
  });

  it("begins anew with every consumer, who declares a deleted queue again", () => {
    const run = expiring();
    run.at(100, () => run.leave(0, 0, "close"));
    run.at(900, () => run.join(0, 0));
    run.at(1800, () => run.leave(0, 0, "close"));
    run.publish(2700, 0, "kept");
    run.runUntil(2799);
    expect(run.broker.depths(0)).toEqual([1]);
    run.runUntil(3000);
    expect(run.labels("dropped")).toEqual(["kept"]);
    run.join(0, 0);
    run.publish(3001, 0, "again");
    run.runUntil(3100);
    expect(run.labels("deliver")).toEqual(["again"]);
  });

  it("takes what waits for another attempt along, and forgets it for good", () => {
    const retry = { "x-delayed-retry-type": "all", "x-delayed-retry-min": 5000 };
    const sketch = oneQueue({ "x-queue-type": "quorum", "x-expires": 1000, ...retry }, [manual(1)]);
    const run = new FakeRun(rabbitmq, { ...sketch, parameters: { version: "4.3" } });
    run.publish(0, 0, "m");
    run.at(100, () => run.settle("m", "failed"));
    run.at(200, () => run.leave(0, 0, "close"));
    run.at(2000, () => run.join(0, 0));
    run.runUntil(10_000);
    expect([run.labels("dropped"), run.labels("deliver")]).toEqual([["m"], ["m"]]);
    expect(run.liveMessages()).toBe(0);
  });

  it("stands still with the queue's node", () => {
    const run = new FakeRun(rabbitmq, oneQueue({ "x-expires": 1000 }));
    run.at(500, () => run.broker.crashNode(0));
    run.publish(3000, 0, "m");
    run.at(2500, () => run.broker.restartNode(0));
    run.runUntil(3100);
    expect(run.broker.depths(0)).toEqual([0]);
    expect(run.labels("unroutable")).toEqual(["m"]);
  });

  it("is warned of where nobody consumes", () => {
    const codes = (consumers: readonly Parameters[]) =>
      rabbitmq
        .check(describeBroker(rabbitmq, oneQueue({ "x-expires": 1000 }, consumers)))
        .map(({ code }) => code);
    expect(codes([])).toContain("rabbitmq/expires-with-contents");
    expect(codes([manual(1)])).not.toContain("rabbitmq/expires-with-contents");
  });
});
