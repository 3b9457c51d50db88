// The shared vectors of RabbitMQ about its nodes: killed, frozen, cut off.

import { expect } from "vitest";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulated } from "../simulated.ts";
import { answers, has, manual, oneQueue, type Shape, versionOf } from "./vectorShapes.suite.ts";

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

const classicNodeFrozen: Shape = {
  fits: ({ given }) => /^classic on node \d \(frozen\)$/u.test(String(given.queue)),
  check: ({ expect: wanted }) => {
    const run = new FakeRun(rabbitmq, oneQueue({}));
    run.at(0, () => run.broker.isolateNode(0, true));
    run.publish(1, 0, "m");
    const [name, confirm] = Object.entries(wanted)[0]!;
    run.runUntil(Number(/^confirm_within_(\d+)s$/u.exec(name)![1]) * 1000);
    expect(answers(run, ["m"])).toEqual([confirm]);
  },
};

const leaderFrozen: Shape = {
  fits: ({ given, expect: wanted }) =>
    String(given.event).startsWith("leader frozen") && has(wanted, "gap_ms_between"),
  check: ({ expect: wanted }) => {
    const plans = [{ serviceMs: 0.1 }];
    const sketch = oneQueue({ "x-queue-type": "quorum" }, [manual(50)]);
    const run = new FakeRun(rabbitmq, sketch, { plans });
    for (let label = 0; label < 1000; label++) run.publish(label * 20, 0, label);
    run.at(3000.5, () => run.broker.isolateNode(0, true));
    run.runUntil(40_000);
    const gap = longestGap(run);
    expect(gap).toBeGreaterThanOrEqual(wanted.gap_ms_between[0]);
    expect(gap).toBeLessThanOrEqual(wanted.gap_ms_between[1]);
    expect(1000 - run.books("q").acknowledged).toBe(wanted.confirmed_lost);
  },
};

const majorityFrozen: Shape = {
  fits: ({ given, expect: wanted }) =>
    /^\d of \d frozen for \d+ s$/u.test(String(given.event)) && has(wanted, "confirm_after_resume"),
  check: ({ given, expect: wanted }) => {
    const [frozen, , seconds] = String(given.event).match(/\d+/gu)!.map(Number);
    const run = new FakeRun(rabbitmq, oneQueue({ "x-queue-type": "quorum" }, [manual(10)]));
    for (let node = 1; node <= frozen!; node++) {
      run.at(0, () => run.broker.isolateNode(node, true));
      run.at(seconds! * 1000, () => run.broker.isolateNode(node, false));
    }
    run.publish(1, 0, "m");
    run.runUntil(seconds! * 1000 - 1);
    expect(answers(run, ["m"])).toEqual([wanted.confirm_during]);
    expect(run.labels("deliver")).toEqual(wanted.consumer_during);
    expect(run.broker.blocked(0)).toBe("quorum lost: 1 of 3 nodes up");
    run.runUntil(seconds! * 1000 + 1000);
    expect(answers(run, ["m"])).toEqual([wanted.confirm_after_resume]);
    expect(run.labels("deliver")).toEqual(["m"]);
  },
};

const partitionHandling: Shape = {
  fits: ({ given, expect: wanted }) =>
    has(given, "cluster_partition_handling", "nodes") && has(wanted, "setting_effect"),
  check: (vector) => {
    const { given, expect: wanted } = vector;
    /** What becomes of a transient message in a classic queue on a node that is cut off for long. */
    const outcome = (handling: string) => {
      const sketch = oneQueue({}, [], { delivery_mode: "1" });
      const run = new FakeRun(rabbitmq, {
        ...sketch,
        parameters: {
          ...versionOf(vector),
          nodes: given.nodes,
          cluster_partition_handling: handling,
        },
      });
      run.publish(0, 0, "m");
      run.at(10, () => run.broker.isolateNode(0, true));
      run.at(200_000, () => run.broker.isolateNode(0, false));
      run.runUntil(300_000);
      return run.books("q").waiting;
    };
    const hasEffect = outcome(given.cluster_partition_handling) !== outcome("ignore");
    expect(hasEffect).toBe(wanted.setting_effect !== null);
  },
};

/** Shapes of vectors about nodes. */
export const nodeShapes: readonly Shape[] = [
  classicNodeKilled,
  classicNodeFrozen,
  leaderKilled,
  leaderFrozen,
  majorityFrozen,
  consumerOnSurvivor,
  partitionHandling,
];
