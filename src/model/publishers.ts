// Who publishes what comes into a channel, also over bridges.

import { bridgingOf, isBridge } from "./bridges.ts";
import { brokerConfigOf } from "./brokerConfig.ts";
import { reachOf } from "./reach.ts";
import type { Scenario } from "./scenario.ts";

/** Channel id → ids of the publish connections whose messages can come there. */
export function publishersByChannel(scenario: Scenario): ReadonlyMap<string, ReadonlySet<string>> {
  const reaching = scenario.nodes.flatMap((node) =>
    node.kind === "broker" ? [...reachOf(node.technology, brokerConfigOf(scenario, node.id))] : [],
  );
  if (!scenario.connections.some(isBridge)) return new Map(reaching);
  const { feeders } = bridgingOf(scenario);
  return new Map(reaching.map(([channel, ids]) => [channel, originsOf(feeders, ids)] as const));
}

/** The publications of producers and services from which those of bridges come. */
function originsOf(
  feeders: ReadonlyMap<string, ReadonlySet<string>>,
  ids: ReadonlySet<string>,
): ReadonlySet<string> {
  // A Set keeps the order of insertion, so walking over it while it grows reaches everything.
  const all = new Set(ids);
  for (const id of all) for (const feeder of feeders.get(id) ?? []) all.add(feeder);
  return new Set([...all].filter((id) => !feeders.has(id)));
}
