// The same deliveries with and without an inbox: only one of them charges twice.

import { describe, expect, test } from "vitest";
import { hintsOn } from "../model/advice/index.ts";
import type { Report } from "../model/report.ts";
import { chargedOnce } from "./chargedOnce.ts";
import { runBoth, setting } from "./runBoth.suite.ts";

describe("orders that are delivered again after a crash", async () => {
  const off = setting("payment", "idempotent", false);
  const reports = await runBoth(chargedOnce, off);
  const node = (report: Report, id: string) => report.nodes.find((one) => one.id === id)!;
  const repeated = (report: Report) =>
    report.subscriptions.find(({ id }) => id === "take")!.redelivered;

  test("come on both sides", () => {
    expect(repeated(reports.on)).toBeGreaterThan(100);
    expect(repeated(reports.off)).toBeGreaterThan(100);
  });

  test("are charged once with an inbox", () => {
    const { writes, entities } = node(reports.on, "charges");
    expect(entities).toBe(node(reports.on, "shop").published);
    expect(writes).toBe(entities);
  });

  test("are charged again without one, though nobody is forgotten", () => {
    const { writes, entities } = node(reports.off, "charges");
    expect(entities).toBe(node(reports.off, "shop").published);
    expect(writes).toBeGreaterThan(entities + 100);
  });

  test("are what advice warns of", () => {
    const codes = (scenario: typeof chargedOnce) => hintsOn(scenario).map(({ code }) => code);
    expect(codes(chargedOnce)).not.toContain("advice/no-idempotency");
    expect(codes(off(chargedOnce))).toContain("advice/no-idempotency");
  });
});
