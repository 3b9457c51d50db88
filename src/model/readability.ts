// What is known before a run about versions of contracts: which messages of one version can be read with another, and
// what a registry says to a new version. Plain data that follows from the document alone: schemas are compared in the
// room for schema languages (schemas/), and the engine looks up what came out.

import { compatibilityOf, hasVersions, versionsOf } from "./contracts.ts";
import type { CompatibilityMode, Contract, Scenario } from "./scenario.ts";
import { spokenOf } from "./versions.ts";

/** Samples that stand for all messages of a version: enough that one in a hundred shows, and few enough to be fast. */
export const samplesPerVersion = 120;

/** A rule between two schemas that is broken, and where. */
export interface BrokenRule {
  /** Name of the rule, such as "REQUIRED_ATTRIBUTE_ADDED". */
  readonly rule: string;
  /** JSON Pointer into the schema, or the name of a field. */
  readonly path: string;
}

/** How one version is read with another. */
export interface VersionPair {
  readonly writer: string;
  readonly reader: string;
  /** Broken rules; empty when the pair is compatible, and then every message can be read. */
  readonly broken: readonly BrokenRule[];
  /** Numbers of the samples that cannot be read, ascending, from 0 to `samplesPerVersion` − 1. */
  readonly unreadable: readonly number[];
}

/** A version that the registry does not take while another one is registered. */
export interface VersionConflict {
  readonly version: string;
  readonly registered: string;
  readonly broken: readonly BrokenRule[];
}

/** What is known of one contract. */
export interface VersionTable {
  /** The pairs that are not the same version. */
  readonly pairs: readonly VersionPair[];
  readonly conflicts: readonly VersionConflict[];
}

/** What is known of the contracts of a document, by id. */
export type Readability = Readonly<Record<string, VersionTable>>;

/** Which comparisons a run needs for one contract. */
export interface Comparisons {
  readonly contract: Contract;
  /** Writer and reader, never the same. */
  readonly pairs: readonly (readonly [writer: string, reader: string])[];
  /** A version, and one that may be registered already when it comes. */
  readonly registrations: readonly (readonly [version: string, registered: string])[];
}

/** Whether a mode asks for compatibility with all earlier versions, not only with the latest. */
export function isTransitive(mode: CompatibilityMode): boolean {
  return mode.endsWith("_TRANSITIVE");
}

/** What has to be compared before a document runs; contracts of which only one version is spoken are not among it. */
export function comparisonsOf(scenario: Scenario): readonly Comparisons[] {
  return scenario.contracts.flatMap((contract) => {
    if (!hasVersions(contract)) return [];
    const spoken = spokenOf(scenario, contract);
    const namesOf = (does: "writes" | "reads"): readonly string[] => [
      ...new Set(spoken.filter((one) => one.does === does).map((one) => one.contractVersion)),
    ];
    const written = namesOf("writes");
    const pairs = written.flatMap((writer) =>
      namesOf("reads").flatMap((reader) => (writer === reader ? [] : [[writer, reader] as const])),
    );
    const registrations = registrationsOf(contract, published(spoken));
    return pairs.length + registrations.length === 0 ? [] : [{ contract, pairs, registrations }];
  });
}

/** Versions that are published, in order of time; requests pass no registry. */
function published(spoken: ReturnType<typeof spokenOf>) {
  return spoken.filter(
    ({ connection, does }) => connection.kind === "publish" && does === "writes",
  );
}

/** Versions in the registry when a run begins, the oldest first: the newest that is published at the start, and all
 *  before it. They are history, which nobody checks again. */
export function registeredAtStart(contract: Contract, publishedAtStart: readonly string[]) {
  const names = versionsOf(contract).map(({ contractVersion }) => contractVersion);
  const newest = Math.max(-1, ...publishedAtStart.map((name) => names.indexOf(name)));
  return names.slice(0, newest + 1);
}

function registrationsOf(contract: Contract, spoken: ReturnType<typeof spokenOf>) {
  const mode = compatibilityOf(contract);
  if (mode === "NONE") return [];
  const start = spoken.filter(({ atMs }) => atMs === undefined).map((one) => one.contractVersion);
  const before = registeredAtStart(contract, start);
  const later = [...new Set(spoken.map((one) => one.contractVersion))].filter(
    (name) => !before.includes(name),
  );
  const old = isTransitive(mode) ? before : before.slice(-1);
  return later.flatMap((version) =>
    [...old, ...later].flatMap((registered) =>
      version === registered ? [] : [[version, registered] as const],
    ),
  );
}
