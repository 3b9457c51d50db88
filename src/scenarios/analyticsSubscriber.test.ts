// A further subscriber changes nothing for those who were there before.

import { describe, expect, test } from "vitest";
import type { Report } from "../model/report.ts";
import { analyticsSubscriber } from "./analyticsSubscriber.ts";
import { runBoth, without } from "./runBoth.suite.ts";

describe("a further subscriber", async () => {
  const { on, off } = await runBoth(analyticsSubscriber, without("analytics-reads"));

  test("leaves the results of all others as they were, to the bit", () => {
    const others = ["shop", "billing", "bills", "shipping", "parcels"];
    const nodes = (report: Report) => report.nodes.filter(({ id }) => others.includes(id));
    expect(nodes(on)).toHaveLength(5);
    expect(nodes(on)).toEqual(nodes(off));
    const readings = (report: Report) =>
      report.subscriptions.filter(({ id }) => id !== "analytics-reads");
    expect(readings(on)).toEqual(readings(off));
    const flows = (report: Report) => report.flows.filter(({ end }) => end !== "analytics");
    expect(flows(on)).toEqual(flows(off));
  });

  test("gets every order itself, those of its outage late", () => {
    const node = (id: string) => on.nodes.find((one) => one.id === id)!;
    expect(node("figures").entities).toBe(node("shop").published);
    const flow = on.flows.find(({ end }) => end === "analytics")!;
    expect(flow.latency.max).toBeGreaterThan(19_000);
  });
});
