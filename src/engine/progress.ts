// Questions about the present instant that frame, series and report share: who has what waiting where.

import type { LogReader } from "../nodes/stores/logReader.ts";
import type { World } from "./world.ts";

/** Number of the account in which the copies of a subscription are booked, −1 for none. */
export function accountOf(world: World, subscription: number): number {
  const from = world.plan.scenario.connections[subscription]!.from;
  return world.ledger.accountOf(subscription, world.plan.rowOf.channel.get(from) ?? -1);
}

/** Numbers of the accounts of a channel. */
export function accountsOfChannel(world: World, channel: number): readonly number[] {
  return world.ledger.accounts.flatMap((account, number) =>
    account.channel === channel ? [number] : [],
  );
}

/** Messages that have come into a channel: copies of its own where it keeps some (a queue), else what clients published. */
export function arrivals(world: World, channel: number): number {
  const { ledger } = world;
  const own = accountsOfChannel(world, channel).filter(
    (account) => ledger.accounts[account]!.subscription < 0,
  );
  if (own.length === 0) return ledger.stored.data[channel]!;
  return own.reduce((sum, account) => sum + ledger.copies.routed.data[account]!, 0);
}

/** Age of the oldest message not dealt with for a subscription [ms]. */
export function lagMs(world: World, subscription: number, timeNs: number): number {
  const broker = world.components[world.plan.connections[subscription]!.broker];
  const oldest = broker?.kind === "broker" ? broker.run.oldestNs(subscription) : -1;
  return oldest < 0 ? 0 : Math.max(0, timeNs - oldest) / 1e6;
}

/** The subscriptions to events of stores among some calls. */
function readersOf(world: World, calls: readonly number[]): readonly LogReader[] {
  return calls.flatMap((row) => readerOf(world, row) ?? []);
}

/** The subscription that hands events over by a call; undefined where that is another call. */
export function readerOf(world: World, call: number): LogReader | undefined {
  const component = world.components[world.plan.connections[call]!.from];
  if (component?.kind !== "store") return undefined;
  return component.run.readers.find(({ connection }) => connection === call);
}

/** How far a store is behind: updates on their way to it, and the age of the oldest [ms]. */
export function behind(
  world: World,
  node: number,
  timeNs: number,
): { readonly updates: number; readonly ageMs: number } {
  const component = world.plan.components[node]!;
  if (component.kind !== "store") return { updates: 0, ageMs: 0 };
  const { ledger } = world;
  const { subscriptions, publications, calls } = component.upstream;
  let updates = 0;
  let ageMs = 0;
  for (const row of publications) updates += ledger.publishing.data[row]!;
  for (const row of calls) updates += ledger.calling.data[row]!;
  for (const reader of readersOf(world, calls)) {
    updates += reader.toHandOver();
    const oldestNs = reader.oldestNs();
    if (oldestNs >= 0) ageMs = Math.max(ageMs, (timeNs - oldestNs) / 1e6);
  }
  for (const account of new Set(subscriptions.map((row) => accountOf(world, row))))
    updates += ledger.accounts[account]?.inSystem.level() ?? 0;
  for (const row of subscriptions) ageMs = Math.max(ageMs, lagMs(world, row, timeNs));
  return { updates, ageMs };
}
