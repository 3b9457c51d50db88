// Who may be connected to whom, as a table, with the reason for each refusal.

import { describe, expect, it } from "vitest";
import { addConnection, addNode } from "./edit.ts";
import { canConnect } from "./rules.ts";
import { rabbitScenario, smallScenario } from "./scenario.suite.ts";
import type { Scenario } from "./scenario.ts";

/** The small document and the RabbitMQ one side by side, with a second service and store. */
function both(): Scenario {
  const [small, rabbit] = [smallScenario(), rabbitScenario()];
  const together = {
    ...small,
    nodes: [...small.nodes, ...rabbit.nodes.slice(1), { id: "other", kind: "service" } as const],
    channels: [...small.channels, ...rabbit.channels],
  };
  return addNode(together, { id: "archive", kind: "store" }, { x: 0, y: 0 });
}

describe("what may be connected", () => {
  const allowed: readonly [string, string, string, string?][] = [
    ["clients", "orders", "publish"],
    ["payment", "orders", "publish"],
    ["clients", "exchange", "publish"],
    ["orders", "other", "consume"],
    ["queue", "other", "consume"],
    ["exchange", "queue", "bind"],
    ["orders", "exchange", "bridge"],
    ["orders", "queue", "bridge"],
    ["queue", "orders", "bridge"],
    ["clients", "payment", "call"],
    ["payment", "other", "call"],
    ["other", "archive", "write"],
    ["clients", "broker", "publish", "publish"],
    ["payment", "rabbit", "publish", "publish"],
    ["rabbit", "payment", "consume", "consume"],
    ["orders", "rabbit", "bridge", "publish"],
  ];

  it.each(allowed)("%s → %s is a %s", (from, to, kind, needsChannel) => {
    expect(canConnect(both(), from, to)).toEqual({
      allowed: true,
      kind,
      ...(needsChannel !== undefined && { needsChannel }),
    });
  });

  const refused: readonly [string, string, RegExp][] = [
    ["clients", "nowhere", /"nowhere" is neither a node nor a channel/],
    ["order-placed", "orders", /"order-placed" is neither/],
    ["clients", "clients", /to itself/],
    ["payment", "payment", /to itself/],
    ["clients", "ledger", /Only services write into ledger; put a service between/],
    ["payment", "clients", /nothing leads into it; turn the line round/],
    ["orders", "clients", /nothing leads into it/],
    ["orders", "ledger", /put a service between orders and ledger/],
    ["ledger", "payment", /draw the line from the service to ledger/],
    ["ledger", "archive", /keeps data and sends nothing/],
    ["ledger", "orders", /publishes nothing; let the service that writes/],
    ["ledger", "broker", /publishes nothing/],
    ["broker", "ledger", /Only services write/],
    ["broker", "clients", /nothing leads into it/],
    ["broker", "rabbit", /leads from a channel to a channel/],
    ["broker", "orders", /belongs to broker already/],
    ["broker", "queue", /A bridge begins at a channel/],
    ["orders", "broker", /belongs to broker already/],
    ["exchange", "broker", /keeps no messages to carry on/],
    ["exchange", "orders", /bind it to a queue and bridge that/],
    ["orders", "orders", /cannot feed/],
    ["queue", "exchange", /turn the line round/],
    ["exchange", "exchange", /cannot be bound to itself/],
    ["exchange", "other", /keeps no messages to consume; bind it to a queue/],
    ["orders", "payment", /already consumes from orders/],
    ["payment", "ledger", /already writes into ledger/],
    ["bank", "payment", /bank → payment → bank/],
  ];

  it.each(refused)("%s → %s is refused with a remedy", (from, to, reason) => {
    const verdict = canConnect(both(), from, to);
    expect(verdict.allowed ? "allowed" : verdict.reason).toMatch(reason);
  });

  it("refuses a second binding between the same two", () => {
    const verdict = canConnect(rabbitScenario(), "exchange", "queue");
    expect(verdict).toMatchObject({
      allowed: false,
      reason: expect.stringContaining("already bound"),
    });
  });

  it("names a longer cycle of calls", () => {
    const call = { kind: "call", contract: "charge-card" } as const;
    const longer = addConnection(both(), { id: "c2", from: "bank", to: "other", ...call });
    const verdict = canConnect(longer, "other", "payment");
    expect(verdict.allowed ? "" : verdict.reason).toContain("other → payment → bank → other");
  });
});
