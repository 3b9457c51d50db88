// What the scenarios of functions show, with the pattern and without it.

import { expect, test } from "vitest";
import type { Report } from "../model/report.ts";
import { coldStarts } from "./coldStarts.ts";
import { onFailureDestination } from "./onFailureDestination.ts";
import { partialBatches } from "./partialBatches.ts";
import { runBoth, setting, without } from "./runBoth.suite.ts";
import { throttledBurst } from "./throttledBurst.ts";

const nodeOf = (report: Report, id: string) => report.nodes.find((node) => node.id === id)!;
const channelOf = (report: Report, id: string) =>
  report.channels.find((channel) => channel.id === id)!;

test("provisioned concurrency takes the cold starts out of the tail", async () => {
  const change = setting("quotes", "ProvisionedConcurrentExecutions", 0);
  const { on, off } = await runBoth(coldStarts, change);
  expect(nodeOf(off, "quotes").counts["cold starts"]).toBeGreaterThan(20);
  expect(nodeOf(on, "quotes").counts["cold starts"] ?? 0).toBeLessThan(5);
  expect(off.calls[0]!.latency.p99!).toBeGreaterThan(900);
  expect(on.calls[0]!.latency.p99!).toBeLessThan(500);
});

test("MaximumConcurrency keeps throttled messages out of the dead-letter queue", async () => {
  const change = setting("trigger", "MaximumConcurrency", null);
  const { on, off } = await runBoth(throttledBurst, change);
  expect(nodeOf(on, "invoices").counts["throttled"]).toBeUndefined();
  expect(nodeOf(on, "invoices").handled).toBe(1500);
  expect(nodeOf(off, "invoices").counts["throttled"]).toBeGreaterThan(100);
  expect(channelOf(off, "orders").deadLettered).toBeGreaterThan(100);
});

test("a report of what failed spares the rest of the batch", async () => {
  const change = setting("trigger", "ReportBatchItemFailures", false);
  const { on, off } = await runBoth(partialBatches, change);
  expect(nodeOf(off, "ingest").redelivered).toBeGreaterThan(4 * nodeOf(on, "ingest").redelivered);
  expect(nodeOf(on, "store").writes).toBe(channelOf(on, "readings").published);
  expect(nodeOf(off, "store").writes).toBeGreaterThan(channelOf(off, "readings").published);
});

test("what fails three times goes to the destination, or is lost", async () => {
  const { on, off } = await runBoth(onFailureDestination, without("on-failure"));
  const given = nodeOf(on, "thumbnails").counts["given up"] ?? 0;
  expect(given).toBeGreaterThan(20);
  expect(nodeOf(on, "repair").handled).toBe(given);
  expect(nodeOf(off, "thumbnails").counts["given up"]).toBe(given);
  expect(nodeOf(off, "repair").handled).toBe(0);
});
