// Who has to do with an event: who publishes or requests it, through which channels it goes, and who gets it.

import { nameOf } from "../model/elements.ts";
import type { Scenario } from "../model/scenario.ts";
import { planOf } from "./routes.ts";

/** Names of the elements that have to do with a contract, each once, in the order of the document. */
export interface Usage {
  readonly producers: readonly string[];
  readonly channels: readonly string[];
  readonly consumers: readonly string[];
}

/** The usage of every contract, by id. */
export function usageOf(scenario: Scenario): ReadonlyMap<string, Usage> {
  const { reaching } = planOf(scenario);
  return new Map(
    scenario.contracts.map(({ id }) => {
      const channels = [...reaching]
        .filter(([, ids]) => ids.includes(id))
        .map(([channel]) => channel);
      const senders = scenario.connections.filter(
        (one) => (one.kind === "publish" || one.kind === "call") && one.contract === id,
      );
      const consumers = scenario.connections.filter(
        (one) =>
          (one.kind === "consume" && channels.includes(one.from)) ||
          (one.kind === "call" && one.contract === id),
      );
      const names = (ids: readonly string[]) => [
        ...new Set(ids.map((element) => nameOf(scenario, element))),
      ];
      return [
        id,
        {
          producers: names(senders.map(({ from }) => from)),
          channels: names(channels),
          consumers: names(consumers.map(({ to }) => to)),
        },
      ] as const;
    }),
  );
}
