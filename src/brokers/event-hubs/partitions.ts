// Which partition a processor claims, and how long the service keeps the events of one in memory.

import type { HubsPlan } from "./plan.ts";
import type { GapCursors } from "../mechanisms/gaps.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

/** The partition that a processor claims next, by the valid owners of all (-1: none): a free one while it has less than
 *  its fair share, else one of a processor that has more than that; -1 when it claims none. */
export function partitionToClaim(owners: readonly number[], self: number): number {
  const counts = new Map<number, number>([[self, 0]]);
  for (const owner of owners) if (owner >= 0) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const least = Math.floor(owners.length / counts.size);
  const most = Math.ceil(owners.length / counts.size);
  const own = counts.get(self) ?? 0;
  const free = owners.findIndex((owner) => owner < 0);
  if (free >= 0 && own < most) return free;
  if (own >= least) return -1;
  return owners.findIndex((owner) => owner !== self && (counts.get(owner) ?? 0) > least);
}

/** Lets go of events that every group has checkpointed. */
export function trimLog(
  {
    plan,
    logs,
    context,
  }: { readonly plan: HubsPlan; readonly logs: PartitionLogs; readonly context: BrokerContext },
  cursors: GapCursors,
  partition: number,
): void {
  let low = logs.highWatermark[partition]!;
  for (const cursor of plan.cursorsOf[partition]!)
    low = Math.min(low, cursors.acknowledgedBelow[cursor]!);
  for (
    let entry = logs.takeBelow(partition, low);
    entry >= 0;
    entry = logs.takeBelow(partition, low)
  )
    context.release(entry);
}
