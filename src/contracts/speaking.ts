// Which versions of which events an element of the drawing speaks, now or in the document, and how that is changed.

import { hasVersions, versionsOf } from "../model/contracts.ts";
import { replaceElement } from "../model/edit.ts";
import { elementOf } from "../model/elements.ts";
import type { Connection, Contract, Scenario } from "../model/scenario.ts";
import { type Dealing, dealingsOf, spokenOf } from "../model/versions.ts";
import { planOf } from "./routes.ts";
import { reading, writing } from "./versions.ts";

/** An event that an element deals with and that has several versions. */
export interface SpokenEvent {
  readonly contract: Contract;
  /** The oldest first. */
  readonly versions: readonly string[];
  readonly does: "Writes" | "Reads" | "Speaks";
  /** Several where its connections differ. */
  readonly spoken: readonly string[];
}

/** The events with several versions that a node or connection deals with: at a moment of the run [ms], or as the document
 *  says (null). */
export function spokenEventsOf(
  scenario: Scenario,
  id: string,
  atMs: number | null,
): readonly SpokenEvent[] {
  const versioned = scenario.contracts.filter(hasVersions);
  if (versioned.length === 0) return [];
  const { reaching } = planOf(scenario);
  return versioned.flatMap((contract): readonly SpokenEvent[] => {
    const own = dealingsOf(scenario, id, contract.id).filter(
      ({ connection }) =>
        connection.kind !== "consume" ||
        reaching.get(connection.from)?.includes(contract.id) === true,
    );
    if (own.length === 0) return [];
    const spoken = own.map((dealing) => spokenAt(scenario, contract, dealing, atMs));
    const verbs = new Set(own.map(({ does }) => does));
    const does = verbs.size > 1 ? "Speaks" : verbs.has("writes") ? "Writes" : "Reads";
    const versions = versionsOf(contract).map(({ contractVersion }) => contractVersion);
    return [{ contract, versions, does, spoken: [...new Set(spoken)] }];
  });
}

function spokenAt(
  scenario: Scenario,
  contract: Contract,
  { connection, does }: Dealing,
  atMs: number | null,
): string {
  const all = spokenOf(scenario, contract).filter(
    (one) =>
      one.connection === connection &&
      one.does === does &&
      (one.atMs === undefined || (atMs !== null && one.atMs <= atMs)),
  );
  return all.at(-1)?.contractVersion ?? contract.contractVersion;
}

/** The document in which a node or connection writes and reads a version of a contract from the start; undefined: the
 *  newest. */
export function withSpoken(
  scenario: Scenario,
  target: string,
  contract: string,
  version: string | undefined,
): Scenario {
  return dealingsOf(scenario, target, contract).reduce((next, { connection: { id }, does }) => {
    const link = elementOf(next, id);
    if (link?.type !== "connection") return next;
    return replaceElement(next, speaking(link.value, does, { id: contract, version }));
  }, scenario);
}

function speaking(
  connection: Connection,
  does: Dealing["does"],
  { id, version }: { readonly id: string; readonly version: string | undefined },
): Connection {
  switch (connection.kind) {
    case "publish":
      return writing(connection, version);
    case "consume":
      return reading(connection, id, version);
    case "call": {
      if (does === "writes") return writing(connection, version);
      const { readAs: _, ...rest } = connection;
      return version === undefined ? rest : { ...rest, readAs: version };
    }
    default:
      return connection;
  }
}
