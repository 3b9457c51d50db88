// Who speaks which version of a contract: what the document says for the start, and whom a rollout reaches.

import { versionsOf } from "./contracts.ts";
import { channelOf, elementOf } from "./elements.ts";
import type { Connection, Contract, Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

/** A connection over which a contract is written (publish, call) or read (consume; a call, by the called service). */
export interface Dealing {
  readonly connection: Connection;
  readonly does: "writes" | "reads";
}

/** The version of a contract with which a dealing begins; undefined where it has to do with another contract. */
export function versionAtStart(
  { connection, does }: Dealing,
  { id, contractVersion }: Contract,
): string | undefined {
  if (connection.kind === "consume")
    return Object.hasOwn(connection.reads ?? {}, id) ? connection.reads?.[id] : contractVersion;
  if (!("contract" in connection) || connection.contract !== id) return undefined;
  const named = does === "writes" ? connection.contractVersion : readByCalled(connection);
  return named ?? contractVersion;
}

function readByCalled(connection: Connection): string | undefined {
  return connection.kind === "call" ? connection.readAs : undefined;
}

/** Every dealing with a contract in a document. Consumers count when it is published into their broker or brought there
 *  by a bridge, whether or not it is routed to them. Bridges themselves neither write nor read: they pass on. */
export function dealings(scenario: Scenario, contract: string): readonly Dealing[] {
  const brokers = new Set<string | undefined>();
  for (const link of scenario.connections)
    if (link.kind === "publish" && link.contract === contract)
      brokers.add(channelOf(scenario, link.to)?.broker);
  addBridged(scenario, contract, brokers);
  return scenario.connections.flatMap((connection): readonly Dealing[] => {
    if (connection.kind === "consume")
      return brokers.has(channelOf(scenario, connection.from)?.broker)
        ? [{ connection, does: "reads" }]
        : [];
    if (!("contract" in connection) || connection.contract !== contract) return [];
    if (connection.kind === "publish") return [{ connection, does: "writes" }];
    return [
      { connection, does: "writes" },
      { connection, does: "reads" },
    ];
  });
}

/** A bridge carries what comes into the broker of its source into that of its target, also over several bridges. */
function addBridged(scenario: Scenario, contract: string, brokers: Set<string | undefined>): void {
  const ways = scenario.connections.flatMap((link) =>
    link.kind === "bridge" && link.only?.includes(contract) !== false
      ? [[channelOf(scenario, link.from)?.broker, channelOf(scenario, link.to)?.broker] as const]
      : [],
  );
  // A Set keeps the order of insertion, so walking over it while it grows reaches everything.
  for (const broker of brokers) for (const [from, to] of ways) if (from === broker) brokers.add(to);
}

/** Whom a rollout reaches: a connection writes (publish, call) or reads (consume) another version from then on, a node
 *  does so wherever it deals with the contract, also with what it is asked. */
export function dealingsOf(
  scenario: Scenario,
  target: string,
  contract: string,
): readonly Dealing[] {
  return reachedBy(scenario, target, dealings(scenario, contract));
}

function reachedBy(
  scenario: Scenario,
  target: string,
  all: readonly Dealing[],
): readonly Dealing[] {
  const element = elementOf(scenario, target);
  if (element?.type === "connection")
    return all.filter(
      ({ connection, does }) =>
        connection.id === target && does === (connection.kind === "consume" ? "reads" : "writes"),
    );
  return all.filter(
    ({ connection, does }) => (does === "reads" ? connection.to : connection.from) === target,
  );
}

/** A version that a dealing speaks from a moment on. */
export interface Spoken extends Dealing {
  /** When it was rolled out [ms]; undefined: it is spoken from the start, before any rollout. */
  readonly atMs: number | undefined;
  readonly contractVersion: string;
}

/** Everything that is spoken of a contract in the course of a run, in order of time: the start, then the rollouts. */
export function spokenOf(scenario: Scenario, contract: Contract): readonly Spoken[] {
  const all = dealings(scenario, contract.id);
  const start = all.flatMap((dealing) => {
    const contractVersion = versionAtStart(dealing, contract);
    return contractVersion === undefined ? [] : [{ ...dealing, atMs: undefined, contractVersion }];
  });
  const known = new Set(versionsOf(contract).map((version) => version.contractVersion));
  const later = scenario.timeline
    .filter((entry) => entry.act === "roll out" && entry.contract === contract.id)
    .toSorted((a, b) => a.at - b.at)
    .flatMap((entry) => rolledOut(scenario, entry, all));
  return [...start, ...later].filter(({ contractVersion }) => known.has(contractVersion));
}

function rolledOut(
  scenario: Scenario,
  entry: TimelineEntry,
  all: readonly Dealing[],
): readonly Spoken[] {
  if (entry.act !== "roll out") return [];
  const { at, target, contractVersion } = entry;
  return reachedBy(scenario, target, all).map((dealing) => ({
    ...dealing,
    atMs: at,
    contractVersion,
  }));
}
