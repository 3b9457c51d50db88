// With an outbox no event is lost; without, what was stored while the broker was down is never told.

import { expect, test } from "vitest";
import { outbox } from "./outbox.ts";
import { runBoth, setting } from "./runBoth.suite.ts";

test("an outage of the broker loses events only without the outbox", async () => {
  const { on, off } = await runBoth(outbox, setting("orders", "outbox", "none"));
  const [kept, lost] = [on.consistency.replicas[0]!, off.consistency.replicas[0]!];
  expect(kept).toMatchObject({ isAtRest: true, missing: 0, divergedKeys: 0 });
  expect(kept.maxAgeMs).toBeGreaterThan(9000);
  expect(on.outboxes[0]).toMatchObject({ waiting: 0, skipped: 0, inserted: kept.commits });
  expect(lost.isAtRest).toBe(true);
  expect(lost.missing).toBeGreaterThan(20);
  expect(lost.divergedKeys).toBe(lost.missing);
  expect(lost.diverged[0]).toMatch(/^order-\d+$/u);
});

test("the books balance: every stored order is shipped, or was never published", async () => {
  const { on, off } = await runBoth(outbox, setting("orders", "outbox", "none"));
  for (const report of [on, off]) {
    const [orders, shipments] = ["orders-db", "shipments"].map((id) =>
      report.nodes.find((node) => node.id === id)!,
    );
    const [replica] = report.consistency.replicas;
    expect(orders!.entities).toBe(shipments!.entities + replica!.missing);
  }
  // Without the outbox, customers are told of a failure although their order is stored.
  const failed = Object.values(off.calls[0]!.failed).reduce((sum, count) => sum + count, 0);
  expect(failed).toBeGreaterThanOrEqual(off.consistency.replicas[0]!.missing);
});
