// Who has to do with an event: who writes it, through which channels it goes, who reads it, and which version each speaks.

import { nameOf } from "../model/elements.ts";
import type { Contract, Scenario } from "../model/scenario.ts";
import { planOf } from "./routes.ts";

/** Somebody who writes or reads an event over one connection. */
export interface Speaker {
  /** Id of the connection. */
  readonly connection: string;
  /** Id of the producer or service. */
  readonly node: string;
  /** Name of the producer or service. */
  readonly name: string;
  /** The version that is stated; undefined: the newest. */
  readonly version: string | undefined;
  /** Whether it asks or answers a request instead of publishing or consuming. */
  readonly isRequest: boolean;
}

/** Everybody who has to do with a contract, in the order of the document. */
export interface Usage {
  readonly writers: readonly Speaker[];
  /** Channels that it goes through. */
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  /** Services behind these channels, and those that answer it as a request. */
  readonly readers: readonly Speaker[];
}

const nobody: Usage = { writers: [], channels: [], readers: [] };

/** The usage of every contract, by id. */
export function usageOf(scenario: Scenario): ReadonlyMap<string, Usage> {
  const { reaching } = planOf(scenario);
  return new Map(
    scenario.contracts.map((contract) => [
      contract.id,
      {
        writers: writersOf(scenario, contract),
        channels: [...reaching]
          .filter(([, ids]) => ids.includes(contract.id))
          .map(([id]) => ({ id, name: nameOf(scenario, id) })),
        readers: readersOf(scenario, contract, reaching),
      },
    ]),
  );
}

/** Usage of a contract that is not in the map yet. */
export function usageIn(usages: ReadonlyMap<string, Usage>, id: string): Usage {
  return usages.get(id) ?? nobody;
}

/** How a contract hangs in the air; undefined: somebody writes it and somebody reads it. */
export function danglingOf({ writers, readers }: Usage): "unused" | "unread" | undefined {
  if (writers.length === 0) return "unused";
  return readers.length === 0 ? "unread" : undefined;
}

function writersOf(scenario: Scenario, { id }: Contract): readonly Speaker[] {
  return scenario.connections.flatMap((one) =>
    (one.kind === "publish" || one.kind === "call") && one.contract === id
      ? [
          {
            connection: one.id,
            node: one.from,
            name: nameOf(scenario, one.from),
            version: one.contractVersion,
            isRequest: one.kind === "call",
          },
        ]
      : [],
  );
}

function readersOf(
  scenario: Scenario,
  { id }: Contract,
  reaching: ReadonlyMap<string, readonly string[]>,
): readonly Speaker[] {
  return scenario.connections.flatMap((one) => {
    const isConsumer = one.kind === "consume" && reaching.get(one.from)?.includes(id) === true;
    const isAnswerer = one.kind === "call" && one.contract === id;
    if (!isConsumer && !isAnswerer) return [];
    return [
      {
        connection: one.id,
        node: one.to,
        name: nameOf(scenario, one.to),
        version: one.kind === "consume" ? one.reads?.[id] : one.contractVersion,
        isRequest: isAnswerer,
      },
    ];
  });
}
