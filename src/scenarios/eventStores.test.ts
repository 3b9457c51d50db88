// Event stores and their projections: from the beginning or from now on, with snapshots or without, waiting or not.

import { expect, test } from "vitest";
import { lateProjection } from "./lateProjection.ts";
import { readModel } from "./readModel.ts";
import { runBoth, setting } from "./runBoth.suite.ts";

test("a projection that is added late knows everything, unless it begins with what comes then", async () => {
  const { on, off } = await runBoth(lateProjection, setting("follow-late", "startsWith", "now"));
  const [accounts, , totals] = on.consistency.stores;
  expect(totals).toMatchObject({ value: accounts!.value, divergedKeys: 0, duplicateEffects: 0 });
  const [early, late] = on.consistency.subscriptions;
  expect([early!.addedAt, late!.addedAt]).toEqual([0, 40]);
  expect([early!.done, late!.done]).toEqual([accounts!.commits, accounts!.commits]);
  // Some 1,600 events at 500 a second, while 40 a second come on top.
  expect(late!.caughtUpAfter).toBeGreaterThan(2.5);
  expect(late!.caughtUpAfter).toBeLessThan(6);
  const lost = off.consistency.subscriptions[1]!;
  expect(lost.done).toBeLessThan(early!.done - 1000);
  expect(off.consistency.stores[2]!.divergedKeys).toBe(10);
  // The bank and the other projection notice nothing.
  const others = (report: typeof on) => report.nodes.filter(({ id }) => id === "bank");
  expect(others(off)).toEqual(others(on));
});

test("without snapshots loading an account takes longer and longer", async () => {
  const { on, off } = await runBoth(lateProjection, setting("accounts", "snapshotEvery", null));
  const p99 = (report: typeof on) => report.nodes.find(({ id }) => id === "bank")!.latency.p99!;
  const read = (report: typeof on) =>
    report.nodes.find(({ id }) => id === "accounts")!.counts["events read for that"]!;
  expect(read(off)).toBeGreaterThan(4 * read(on));
  expect(p99(off)).toBeGreaterThan(1.5 * p99(on));
});

test("readers that wait see their own writes; without waiting many do not", async () => {
  const { on, off } = await runBoth(readModel, setting("read", "waits", false));
  const carts = (report: typeof on) => report.consistency.stores.find(({ id }) => id === "carts")!;
  const [waits] = on.consistency.waitingReads;
  expect(waits!.waited).toBeGreaterThan(500);
  expect(waits!.timedOut).toBeLessThanOrEqual(40);
  expect(carts(on).readYourWrites).toBe(waits!.timedOut);
  expect(off.consistency.waitingReads).toEqual([]);
  expect(carts(off).readYourWrites).toBeGreaterThan(500);
  const slow = (report: typeof on) => report.nodes.find(({ id }) => id === "shop")!.latency.mean!;
  expect(slow(on)).toBeGreaterThan(slow(off));
});
