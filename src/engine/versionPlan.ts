// Versions of contracts as a run needs them: numbers instead of names, and what was found out about them beforehand as
// tables. Only contracts with several versions are among it; there is no plan where no contract has them.

import { assert } from "../base/assert.ts";
import { compatibilityOf, hasVersions, versionsOf } from "../model/contracts.ts";
import {
  comparisonsOf,
  isTransitive,
  type Readability,
  samplesPerVersion,
  type VersionConflict,
} from "../model/readability.ts";
import type { Contract, Scenario } from "../model/scenario.ts";
import { type Dealing, dealings, versionAtStart } from "../model/versions.ts";

/** A contract with several versions. */
export interface VersionedContract {
  readonly contract: Contract;
  /** Names of the versions, the oldest first; their numbers count from 0. */
  readonly names: readonly string[];
  /** Where its versions begin in a list of the versions of all contracts. */
  readonly first: number;
  /** Whether a registry looks at new versions, and at how many older ones. */
  readonly registry: "none" | "latest" | "all";
}

/** A connection that writes or reads a contract with several versions. */
export interface VersionLine {
  readonly connection: number;
  readonly does: Dealing["does"];
  /** Number among the contracts with several versions. */
  readonly contract: number;
  /** Number of the version at the start. */
  readonly version: number;
  /** Where its versions begin in a list of the versions of all lines. */
  readonly first: number;
}

/** Versions of contracts in a run. */
export interface VersionPlan {
  readonly contracts: readonly VersionedContract[];
  readonly lines: readonly VersionLine[];
  /** Number of the contract by row of the document, −1 for one with a single version. */
  readonly numberOf: Int32Array;
  readonly tables: VersionTables;
}

/** What was found out beforehand, by number of the contract. */
export interface VersionTables {
  /** By writer × versions + reader: 1 for each sample that cannot be read; absent where all can. */
  readonly unreadable: readonly ReadonlyMap<number, Uint8Array>[];
  /** By version × versions + registered version: why the registry refuses. */
  readonly conflicts: readonly ReadonlyMap<number, VersionConflict>[];
}

/** The plan for a document; undefined where no contract has several versions. */
export function versionPlanOf(
  scenario: Scenario,
  readability: Readability,
): VersionPlan | undefined {
  const versioned = scenario.contracts.filter(hasVersions);
  if (versioned.length === 0) return undefined;
  const rows = new Map(versioned.map(({ id }, number) => [id, number]));
  let first = 0;
  const contracts = versioned.map((contract): VersionedContract => {
    const names = versionsOf(contract).map(({ contractVersion }) => contractVersion);
    first += names.length;
    return { contract, names, first: first - names.length, registry: registryOf(contract) };
  });
  return {
    contracts,
    lines: linesOf(scenario, contracts),
    numberOf: Int32Array.from(scenario.contracts, ({ id }) => rows.get(id) ?? -1),
    tables: tablesOf(contracts, readability),
  };
}

function registryOf(contract: Contract): VersionedContract["registry"] {
  const mode = compatibilityOf(contract);
  if (mode === "NONE") return "none";
  return isTransitive(mode) ? "all" : "latest";
}

function linesOf(
  scenario: Scenario,
  contracts: readonly VersionedContract[],
): readonly VersionLine[] {
  const rowOf = new Map(scenario.connections.map(({ id }, row) => [id, row]));
  let first = 0;
  return contracts.flatMap(({ contract, names }, number) =>
    dealings(scenario, contract.id).map((dealing): VersionLine => {
      first += names.length;
      return {
        connection: rowOf.get(dealing.connection.id) ?? -1,
        does: dealing.does,
        contract: number,
        version: numberOfVersion(names, versionAtStart(dealing, contract)),
        first: first - names.length,
      };
    }),
  );
}

/** The number of a version by its name; the newest where the document names none that there is. */
export function numberOfVersion(names: readonly string[], name: string | undefined): number {
  const number = names.indexOf(name ?? "");
  return number < 0 ? names.length - 1 : number;
}

/** What was found out, by numbers. */
export function tablesOf(
  contracts: readonly VersionedContract[],
  readability: Readability,
): VersionTables {
  const found = contracts.map(({ contract, names }) => {
    const { pairs = [], conflicts = [] } = readability[contract.id] ?? {};
    const place = (one: string, other: string): number =>
      names.indexOf(one) * names.length + names.indexOf(other);
    return {
      unreadable: new Map(
        pairs.flatMap(({ writer, reader, unreadable }) =>
          unreadable.length === 0 ? [] : [[place(writer, reader), marksOf(unreadable)] as const],
        ),
      ),
      conflicts: new Map(
        conflicts.map((conflict) => [place(conflict.version, conflict.registered), conflict]),
      ),
    };
  });
  return {
    unreadable: found.map(({ unreadable }) => unreadable),
    conflicts: found.map(({ conflicts }) => conflicts),
  };
}

function marksOf(samples: readonly number[]): Uint8Array {
  const marks = new Uint8Array(samplesPerVersion);
  for (const sample of samples) marks[sample] = 1;
  return marks;
}

/** Whoever starts a run must have compared what is spoken in it: guessing would make a run and the check before it
 *  disagree. */
export function assertCompared(scenario: Scenario, readability: Readability): void {
  for (const { contract, pairs } of comparisonsOf(scenario)) {
    const known = new Set(
      readability[contract.id]?.pairs.map(({ writer, reader }) => `${writer} ${reader}`),
    );
    for (const [writer, reader] of pairs)
      assert(
        known.has(`${writer} ${reader}`),
        `${contract.name} ${writer} and ${reader} were compared before the run.`,
      );
  }
}
