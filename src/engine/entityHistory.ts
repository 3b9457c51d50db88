// The audit trail of an entity, and its state at any past time: from the events of its store.

import { fail, type Result, succeed } from "../base/result.ts";
import { nameOf } from "../model/elements.ts";
import { type EntityHistory, historyEventsMax } from "../model/entityHistory.ts";
import type { Entities } from "../nodes/stores/entities.ts";
import type { EventLog } from "../nodes/stores/eventLog.ts";
import type { World } from "./world.ts";

/** An entity, by the id of its store and the text of its key, up to a time [ns]. */
export interface EntityAt {
  readonly store: string;
  readonly key: string;
  readonly untilNs: number;
}

/** What became of an entity up to a time: one history, or one for each producer that has a key of this text. The failure
 *  is a sentence with the remedy. */
export function entityHistories(
  world: World,
  { store, key, untilNs }: EntityAt,
): Result<readonly EntityHistory[], string> {
  const { plan, consistency } = world;
  const number = plan.rowOf.node.get(store) ?? -1;
  const entities = consistency?.entities[number];
  if (plan.scenario.nodes[number]?.kind !== "store")
    return fail(`“${store}” is no store of this scenario; name one by its id.`);
  const name = nameOf(plan.scenario, store);
  if (entities?.log === undefined)
    return fail(
      `${name} keeps only the present state; switch on its versions and let it keep events.`,
    );
  const rows = Array.from({ length: entities.size() }, (_, row) => row).filter(
    (row) => plan.keyText(entities.keyAt(row)) === key,
  );
  if (rows.length === 0)
    return fail(`${name} has no entity “${key}” yet${exampleOf(world, entities)}.`);
  return succeed(
    rows.map((row) => ({ store, key, ...historyOf(entities, entities.log!, row, untilNs) })),
  );
}

function exampleOf({ plan }: World, entities: Entities): string {
  return entities.size() === 0 ? "" : `; the first one is “${plan.keyText(entities.keyAt(0))}”`;
}

function historyOf(entities: Entities, log: EventLog, row: number, untilNs: number) {
  const stream = log.streamOf(row, untilNs);
  const last = stream.at(-1);
  const version = last?.version ?? 0;
  const cost = log.costOf(version);
  return {
    until: untilNs / 1e9,
    version,
    value: last?.value ?? entities.values.initialValue,
    eventsToLoad: cost.events,
    loadMs: cost.ns / 1e6,
    events: stream.slice(-historyEventsMax).map(({ timeNs, ...event }) => ({
      ...event,
      t: timeNs / 1e9,
    })),
    eventCount: stream.length,
  };
}
