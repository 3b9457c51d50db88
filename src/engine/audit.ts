// The books against reality: what the ledger has counted must be what the brokers hold and what is alive.

import type { ConservationReport } from "../model/report.ts";
import { accountOf } from "./progress.ts";
import type { World } from "./world.ts";

/** The balance of everything, with a sentence for each thing that does not add up. */
export function audit(world: World): ConservationReport {
  const books = world.ledger.conservation();
  const violations = [...books.violations, ...waitingViolations(world), ...flightViolations(world)];
  return { ...books, violations, holds: violations.length === 0 };
}

/** What the ledger has waiting in an account is what the broker has waiting for its subscriptions. */
function waitingViolations(world: World): readonly string[] {
  return world.plan.scenario.connections.flatMap((link, row) => {
    const broker = world.components[world.plan.connections[row]!.broker];
    if ((link.kind !== "consume" && link.kind !== "bridge") || broker?.kind !== "broker") return [];
    const booked = world.ledger.accounts[accountOf(world, row)]?.waiting.level() ?? 0;
    const held = broker.run.waiting(row);
    if (booked === held) return [];
    return [`Subscription ${link.id}: ${booked} are booked as waiting, the broker holds ${held}.`];
  });
}

/** Deliveries in flight are rows in the table of deliveries; a row may outlive its flight until it is settled. */
function flightViolations(world: World): readonly string[] {
  const booked = world.ledger.accounts.reduce((sum, { inFlight }) => sum + inFlight.data[0]!, 0);
  const rows = world.deliveries.size();
  return booked <= rows
    ? []
    : [`${booked} are booked as in flight, but only ${rows} deliveries exist.`];
}
