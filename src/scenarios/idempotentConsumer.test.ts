// An idempotent consumer adds every deposit once; without its inbox, some count twice for good.

import { expect, test } from "vitest";
import { idempotentConsumer } from "./idempotentConsumer.ts";
import { runBoth, setting } from "./runBoth.suite.ts";

test("crashes between effect and acknowledgement make totals wrong only without the inbox", async () => {
  const { on, off } = await runBoth(idempotentConsumer, setting("reporting", "idempotent", false));
  const totals = ({ consistency }: typeof on) =>
    consistency.stores.find(({ id }) => id === "totals")!;
  expect(on.consistency.replicas[0]).toMatchObject({ isAtRest: true, divergedKeys: 0 });
  expect(totals(on)).toMatchObject({ duplicateEffects: 0, discrepancy: 0 });
  expect(off.consistency.replicas[0]).toMatchObject({ isAtRest: true, missing: 0 });
  expect(off.consistency.replicas[0]!.divergedKeys).toBeGreaterThan(0);
  // Each of 10 too much, and every one of them on the list with its message.
  const twice = totals(off).duplicateEffects;
  expect(twice).toBeGreaterThan(0);
  expect(totals(off).discrepancy).toBe(10 * twice);
  expect(off.consistency.anomalies.map(({ kind }) => kind)).toEqual(
    Array.from({ length: twice }, () => "duplicate effect"),
  );
});

test("balances and totals are what was deposited", async () => {
  const { on } = await runBoth(idempotentConsumer, setting("reporting", "idempotent", false));
  const [balances, totals] = ["balances", "totals"].map((id) =>
    on.consistency.stores.find((store) => store.id === id)!,
  );
  expect(balances!.value).toBe(10 * on.calls[0]!.succeeded);
  expect(totals!.value).toBe(balances!.value);
});
