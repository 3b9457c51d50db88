// Notification with call-back depends on its producer at run time; state transfer does not.

import { expect, test } from "vitest";
import { runBoth } from "./runBoth.suite.ts";
import { stateTransfer } from "./stateTransfer.ts";

test("while the API is down, only the consumer that calls back falls behind", async () => {
  const { on, off } = await runBoth(stateTransfer, (scenario) => ({ ...scenario, timeline: [] }));
  const replica = ({ consistency }: typeof on, store: string) =>
    consistency.replicas.find((one) => one.store === store)!;
  expect(replica(on, "search-index").maxAgeMs).toBeGreaterThan(9500);
  expect(replica(off, "search-index").maxAgeMs).toBeLessThan(2000);
  for (const report of [on, off]) {
    expect(replica(report, "shop-copy").maxAgeMs).toBeLessThan(1000);
    // All that was committed has come to both in the end.
    for (const one of report.consistency.replicas)
      expect(one).toMatchObject({ isAtRest: true, missing: 0, divergedKeys: 0 });
  }
});

test("a call-back finds the newest version, so that versions between are never seen", async () => {
  const { on, off } = await runBoth(stateTransfer, (scenario) => ({ ...scenario, timeline: [] }));
  for (const report of [on, off]) {
    const of = (store: string) => report.consistency.replicas.find((one) => one.store === store)!;
    expect(of("search-index").skipped).toBeGreaterThan(0);
    // What was found twice is the version that an earlier call-back had seen already.
    expect(of("search-index").repeated).toBeGreaterThan(0);
    expect(of("shop-copy").skipped).toBeLessThan(of("search-index").skipped);
  }
});

test("every event costs the producer a read with notification, and none with state transfer", async () => {
  const { off } = await runBoth(stateTransfer, (scenario) => ({ ...scenario, timeline: [] }));
  const callBacks = off.calls.find(({ id }) => id === "call-back")!;
  const events = off.subscriptions.find(({ id }) => id === "search-hears")!;
  expect(callBacks.calls).toBe(events.acknowledged);
  expect(off.consistency.stores.find(({ id }) => id === "products")!.reads).toBe(callBacks.calls);
});
