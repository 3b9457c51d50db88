// What gateways, external APIs and stream processors are good for: each ready-made scenario as it is, and switched off.

import { describe, expect, test } from "vitest";
import type { NodeReport, Report } from "../model/report.ts";
import { externalOutage } from "./externalOutage.ts";
import { gatewayLimit } from "./gatewayLimit.ts";
import { lateEvents } from "./lateEvents.ts";
import { rideMatching } from "./rideMatching.ts";
import { runBoth, setting } from "./runBoth.suite.ts";
import { smartHome } from "./smartHome.ts";

const node = (report: Report, id: string): NodeReport => report.nodes.find((one) => one.id === id)!;

/** Share of the calls over a connection that failed. */
function failedShare(report: Report, id: string): number {
  const { calls, succeeded } = report.calls.find((one) => one.id === id)!;
  return (calls - succeeded) / calls;
}

describe("a rate limit per client at the gateway", async () => {
  const { on, off } = await runBoth(gatewayLimit, setting("gateway", "limitPerClient", false));

  test("refuses the greedy client and nobody else", () => {
    expect(failedShare(on, "apps-ask")).toBeLessThan(0.005);
    expect(failedShare(on, "scraper-asks")).toBeGreaterThan(0.95);
    expect(on.objectives.every(({ met }) => met)).toBe(true);
  });

  test("without it the apps are turned away with the scraper", () => {
    expect(failedShare(off, "apps-ask")).toBeGreaterThan(0.4);
    expect(node(off, "gateway").counts["rate-limited"]).toBeUndefined();
  });
});

describe("a circuit breaker before an external API that falls silent", async () => {
  const { on, off } = await runBoth(externalOutage, setting("charge", "circuitBreaker", false));

  test("keeps the outage away from what does not need the API", () => {
    expect(failedShare(on, "browse")).toBeLessThan(0.03);
    expect(node(on, "bank").counts["outages"]).toBe(1);
  });

  test("without it browsing fails too", () => {
    expect(failedShare(off, "browse")).toBeGreaterThan(0.1);
    expect(failedShare(off, "pay")).toBeGreaterThan(failedShare(on, "pay") - 0.1);
  });
});

describe("windows with a threshold in the smart home", async () => {
  const { on, off } = await runBoth(smartHome, setting("watch", "atLeast", 1));

  test("ring for the burglary alone", () => {
    const { handled } = node(on, "alarm");
    expect(handled).toBeGreaterThanOrEqual(1);
    expect(handled).toBeLessThanOrEqual(5);
    expect(node(on, "watch").counts["below the threshold"]).toBeGreaterThan(300);
  });

  test("without the threshold every window is an alert", () => {
    expect(node(off, "alarm").handled).toBeGreaterThan(300);
  });
});

describe("ride matching", async () => {
  const { on, off } = await runBoth(rideMatching, setting("matching", "pairing", "all"));
  const sent = (report: Report, id: string): number => node(report, id).handled;

  test("uses each rider and each driver once", () => {
    const { results = 0, unmatched = 0 } = node(on, "matching").counts;
    expect(results).toBeLessThanOrEqual(Math.min(sent(on, "riders"), sent(on, "drivers")));
    expect(results).toBeGreaterThan(0.7 * sent(on, "drivers"));
    expect(unmatched).toBeGreaterThan(0);
    expect(node(on, "dispatch").handled).toBe(results);
    // Everybody is in one pair, unmatched, waits still, or came too late for anybody.
    const { "open windows": open = 0, "late, dropped": late = 0 } = node(on, "matching").counts;
    expect(2 * results + unmatched + open + late).toBeGreaterThanOrEqual(
      sent(on, "riders") + sent(on, "drivers"),
    );
  });

  test("a plain join sends the same driver to many", () => {
    expect(node(off, "matching").counts["results"]).toBeGreaterThan(
      3 * Math.max(sent(off, "riders"), sent(off, "drivers")),
    );
  });
});

describe("allowed lateness", async () => {
  const { on, off } = await runBoth(lateEvents, setting("statistics", "lateness", 0));

  test("takes late events in as corrections", () => {
    const { counts } = node(on, "statistics");
    expect(counts["late, dropped"]).toBeUndefined();
    expect(counts["corrections"]).toBeGreaterThan(50);
  });

  test("without it they are lost", () => {
    const { counts } = node(off, "statistics");
    expect(counts["late, dropped"]).toBeGreaterThan(50);
    expect(counts["corrections"]).toBeUndefined();
    expect(node(off, "dashboard").handled).toBeLessThan(node(on, "dashboard").handled);
  });
});
