// The shared vectors of RabbitMQ about its nodes: killed, frozen, cut off.

import { expect } from "vitest";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { answers, has, manual, oneQueue, type Shape } from "./vectorShapes.suite.ts";

const { rabbitmq } = simulated;

const classicNodeKilled: Shape = {
  fits: ({ given }) => /^classic on node \d \(killed\)$/u.test(String(given.queue)),
  check: ({ expect: wanted }) => {
    const run = new FakeRun(rabbitmq, oneQueue({}, [], { mandatory: true }));
    run.at(0, () => run.broker.crashNode(0));
    run.publish(1, 0, "m");
    run.runUntil(10);
    expect(answers(run, ["m"])).toEqual([wanted.confirm]);
    expect(run.outcomes.get("m")).toBe("refused: queue-node-down");
    expect(run.labels("unroutable")).toHaveLength(wanted.returned ? 1 : 0);
  },
};

const leaderKilled: Shape = {
  fits: ({ given, expect: wanted }) =>
    given.event === "leader process killed" && has(wanted, "gap_ms_less_than"),
  check: ({ expect: wanted }) => {
    const plans = [{ serviceMs: 0.1 }];
    const sketch = oneQueue({ "x-queue-type": "quorum" }, [manual(50)]);
    const run = new FakeRun(rabbitmq, sketch, { plans });
    for (let label = 0; label < 1000; label++) run.publish(label, 0, label);
    run.at(300.5, () => run.broker.crashNode(0));
    run.runUntil(3000);
    const gap = longestGap(run);
    expect(gap).toBeLessThan(wanted.gap_ms_less_than);
    expect(gap).toBeGreaterThan(400);
    expect(1000 - run.books("q").acknowledged).toBe(wanted.confirmed_lost);
    expect(run.labels("deliver").length - 1000).toBe(wanted.duplicates);
  },
};

function longestGap(run: FakeRun): number {
  const confirms = run.find("confirmed").map((one) => one.ms);
  return Math.max(...confirms.slice(1).map((ms, at) => ms - confirms[at]!));
}

const consumerOnSurvivor: Shape = {
  fits: ({ given, expect: wanted }) =>
    given.event === "leader killed" && has(given, "consumer") && has(wanted, "redelivered"),
  check: ({ expect: wanted }) => {
    const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [manual(2)]));
    run.publishAll(0, 0, [1, 2]);
    run.at(5, () => run.broker.crashNode(0));
    run.runUntil(5000);
    expect(run.labels("returned")).toHaveLength(wanted.redelivered);
    run.settle(1);
    run.settle(2);
    run.runUntil(5001);
    expect(run.books("q").acknowledged).toBe(2);
  },
};

/** Shapes of vectors about nodes. */
export const nodeShapes: readonly Shape[] = [classicNodeKilled, leaderKilled, consumerOnSurvivor];
