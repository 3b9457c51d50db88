// What lies in the channels to which dead letters come, at an instant. Reading changes nothing.

import { deadLetterChannels } from "../model/redrives.ts";
import type { DeadLettersNow } from "../model/result.ts";
import { accountOf, accountsOfChannel, lagMs } from "./progress.ts";
import type { World } from "./world.ts";

/** What lies in each channel of dead letters, by its id. */
export function deadLettersNow(
  world: World,
  timeNs: number,
): Readonly<Record<string, DeadLettersNow>> {
  const { document } = world.plan;
  return Object.fromEntries(
    deadLetterChannels(document).map(({ id }) => [id, lyingIn(world, id, timeNs)]),
  );
}

function lyingIn(world: World, id: string, timeNs: number): DeadLettersNow {
  const row = world.plan.rowOf.channel.get(id) ?? -1;
  const takers = takersOf(world, id);
  const oldest = takers.map((taker) => lagMs(world, taker, timeNs));
  return {
    depth: depthOf(world, row, takers),
    oldestMs: oldest.length === 0 ? null : Math.max(...oldest),
  };
}

/** Rows of the subscriptions of a channel, redrives included. */
function takersOf(world: World, id: string): readonly number[] {
  return world.plan.scenario.connections.flatMap((link, row) =>
    (link.kind === "consume" || link.kind === "bridge") && link.from === id ? [row] : [],
  );
}

/** A queue knows what waits in it; of a log counts what the last of its subscriptions has not dealt with, or all of it. */
function depthOf(world: World, channel: number, takers: readonly number[]): number {
  const { accounts } = world.ledger;
  const inside = (account: number): number => accounts[account]?.inSystem.level() ?? 0;
  const shared = accountsOfChannel(world, channel).filter(
    (account) => accounts[account]!.subscription < 0,
  );
  if (shared.length > 0) return shared.reduce((sum, account) => sum + inside(account), 0);
  if (takers.length > 0) return Math.max(...takers.map((row) => inside(accountOf(world, row))));
  const { broker: home } = world.plan.scenario.channels[channel]!;
  const broker = world.components[world.plan.rowOf.node.get(home) ?? -1];
  if (broker?.kind !== "broker") return 0;
  return broker.run.depths(channel).reduce((sum, depth) => sum + depth, 0);
}
