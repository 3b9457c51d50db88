// The sum of all balances: constant with an inbox, and money out of nothing without.

import { expect, test } from "vitest";
import { moneyTransfer } from "./moneyTransfer.ts";
import { runBoth, setting } from "./runBoth.suite.ts";

test("the sum of all balances stays what it is, unless transfers are booked twice", async () => {
  const { on, off } = await runBoth(moneyTransfer, setting("savings", "idempotent", false));
  const sum = (report: typeof on) =>
    report.consistency.stores.reduce((total, { value }) => total + value, 0);
  expect(on.consistency.stores.map(({ keys }) => keys)).toEqual([50, 50]);
  expect(sum(on)).toBe(100_000);
  expect(on.objectives.map(({ met }) => met)).toEqual([true, true]);
  const twice = off.consistency.stores[1]!.duplicateEffects;
  expect(twice).toBeGreaterThan(2);
  expect(sum(off)).toBe(100_000 + 10 * twice);
  expect(off.objectives.map(({ met }) => met)).toEqual([false, true]);
  for (const report of [on, off])
    for (const { lostUpdates } of report.consistency.stores) expect(lostUpdates).toBe(0);
});
