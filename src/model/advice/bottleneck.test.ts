// Advice is tested where it must hold: in a run before it was taken, and in one after.

import { expect, test } from "vitest";
import { isPending } from "./advice.ts";
import { adviseOn } from "./index.ts";
import type { Report } from "../report.ts";
import type { Scenario } from "../scenario.ts";
import { directCall, reportOf, sketch, source, worker } from "../../engine/sketch.suite.ts";

const serviceTime = { distribution: "exponential", mean: 100 } as const;

/** 50 orders a second for workers that manage 10 each. */
function slowConsumer(technology: "kafka" | "rabbitmq"): Scenario {
  const kind = technology === "kafka" ? "topic" : "queue";
  return sketch({
    nodes: [
      source("shop", 50),
      { id: "broker", kind: "broker", technology },
      worker("billing", { serviceTime, concurrency: 2 }),
    ],
    channels: [{ id: "orders", broker: "broker", kind }],
    connections: [
      { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order" },
      { id: "bill", kind: "consume", from: "orders", to: "billing" },
    ],
  });
}

function waitingAtEnd(report: Report): number {
  return report.subscriptions.reduce((sum, { lagMessages }) => sum + lagMessages, 0);
}

for (const technology of ["kafka", "rabbitmq"] as const)
  test(`a slow consumer of ${technology} gets the workers that it needs, and then keeps up`, () => {
    const scenario = slowConsumer(technology);
    const before = reportOf(scenario);
    expect(waitingAtEnd(before)).toBeGreaterThan(1000);
    const [advice] = adviseOn(scenario, before);
    expect(advice?.element).toBe("billing");
    const changed = advice!.mend(scenario);
    const after = reportOf(changed);
    expect(waitingAtEnd(after)).toBeLessThan(50);
    expect(adviseOn(changed, after)).toEqual([]);
    expect(isPending(advice!, scenario, scenario)).toBe(true);
    expect(isPending(advice!, scenario, changed)).toBe(false);
  });

test("Kafka's partitions grow with the workers, because spare workers would idle", () => {
  const scenario = slowConsumer("kafka");
  const [advice] = adviseOn(scenario, reportOf(scenario));
  expect(advice!.remedy).toMatch(/^Set workers and partitions of orders to \d+$/);
});

test("blame goes to the service that is slow, not to the one that waits for it", () => {
  const scenario = sketch({
    nodes: [
      source("client", 30),
      worker("front", { serviceTime: { distribution: "constant", value: 1 }, concurrency: 5 }),
      worker("back", { serviceTime }),
    ],
    connections: [directCall("client", "front"), directCall("front", "back")],
  });
  const [advice, ...others] = adviseOn(scenario, reportOf(scenario));
  expect(advice?.element).toBe("back");
  expect(others).toEqual([]);
  const changed = advice!.mend(scenario);
  expect(adviseOn(changed, reportOf(changed))).toEqual([]);
});

test("a quiet system gets no advice", () => {
  const scenario = { ...slowConsumer("rabbitmq") };
  const quiet: Scenario = {
    ...scenario,
    nodes: [source("shop", 5), ...scenario.nodes.slice(1)],
  };
  expect(adviseOn(quiet, reportOf(quiet))).toEqual([]);
});
