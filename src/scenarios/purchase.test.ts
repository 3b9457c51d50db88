// The purchase: whatever is declined is released again, and without that it is not.

import { expect, test } from "vitest";
import type { Report } from "../model/report.ts";
import type { Node, Scenario } from "../model/scenario.ts";
import { purchase } from "./purchase.ts";
import { runBoth } from "./runBoth.suite.ts";

function withoutUndo(scenario: Scenario): Scenario {
  const nodes = scenario.nodes.map((node): Node => {
    if (node.kind !== "service" || node.handlers === undefined) return node;
    const handlers = node.handlers.map((handler) => ({
      ...handler,
      steps: handler.steps.map((step) =>
        step.do === "call" ? { do: step.do, over: step.over } : step,
      ),
    }));
    return { ...node, handlers };
  });
  return { ...scenario, nodes };
}

const calls = (report: Report, id: string) => report.calls.find((one) => one.id === id)!;
const node = (report: Report, id: string) => report.nodes.find((one) => one.id === id)!;

test("every reservation is sold or released; without taking back, declined cards leave stock reserved", async () => {
  const unlimited = { ...purchase, objectives: [] };
  const { on, off } = await runBoth(unlimited, withoutUndo);
  const reserved = (report: Report): number =>
    calls(report, "send-reserve-stock").succeeded - calls(report, "send-release-stock").succeeded;
  const sold = (report: Report): number => node(report, "orders-db").handled;
  expect(node(on, "checkout").declined["call-declined"]).toBeGreaterThan(50);
  expect(reserved(on)).toBe(sold(on));
  expect(reserved(off) - sold(off)).toBe(node(off, "checkout").declined["call-declined"]);
  // Orders, stock and parcels agree.
  expect(node(on, "parcels-db").entities).toBe(sold(on));
  expect(node(on, "stock-db").writes).toBe(
    sold(on) + 2 * calls(on, "send-release-stock").succeeded,
  );
});
