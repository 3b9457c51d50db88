// The last item is sold once when versions are checked, and more than once when not.

import { expect, test } from "vitest";
import { lastItem } from "./lastItem.ts";
import { runBoth, setting } from "./runBoth.suite.ts";

test("without the version check the shop sells more than it has, with it exactly that", async () => {
  const { on, off } = await runBoth(lastItem, setting("sell", "check", "none"));
  const [checked, unchecked] = [on.consistency.stores[0]!, off.consistency.stores[0]!];
  expect(checked).toMatchObject({ commits: 200, value: 0, expected: 0, oversold: 0 });
  expect(checked.lostUpdates).toBe(0);
  expect(checked.conflicts).toBeGreaterThan(20);
  expect(unchecked.value).toBe(0);
  expect(unchecked.oversold).toBeGreaterThan(10);
  // What was sold beyond the stock is what was overwritten: the books of the stock say so to the piece.
  expect(unchecked.commits).toBe(200 + unchecked.oversold);
  expect(unchecked.expected).toBe(-unchecked.oversold);
});

test("every buyer is served, or told that nothing is left", async () => {
  const { on, off } = await runBoth(lastItem, setting("sell", "check", "none"));
  for (const report of [on, off]) {
    const [call] = report.calls;
    const refused = Object.values(call!.failed).reduce((sum, count) => sum + count, 0);
    expect(refused).toBe(report.consistency.stores[0]!.refused);
    expect(call!.calls).toBe(call!.succeeded + refused);
    expect(call!.succeeded).toBe(report.consistency.stores[0]!.commits);
  }
});
