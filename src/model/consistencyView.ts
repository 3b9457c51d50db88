// What the consistency view asks of a run: the keys of one store against all its replicas at an instant, in columns.

import type { AnomalyReport } from "./consistencyReport.ts";
import type { Series } from "./result.ts";

/** What is asked for. What a view has already it need not be told again. */
export interface ConsistencyQuery {
  /** Id of the store whose keys are shown; the first one that has replicas where it is none. */
  readonly source: string;
  /** The first key that is shown, in the order in which keys first came, and how many at the most. */
  readonly firstKey: number;
  readonly keysMax: number;
  /** How many of the kept anomalies are known. */
  readonly anomaliesKnown: number;
}

/** Keys and anomalies of one answer at the most. */
export const viewMax = { keys: 4000, anomalies: 1000, ledger: 50 } as const;

/** One replica of the source. */
export interface ReplicaColumns {
  /** Id of the store. */
  readonly store: string;
  readonly staleKeys: number;
  /** Versions that it lacks. */
  readonly missing: number;
  /** Age of the oldest update that it lacks [ms]; 0 when it lacks none. */
  readonly ageMs: number;
  /** By key: since when the oldest update is missing that it lacks [ns], −1 where it lacks none. */
  readonly sinceNs: Float64Array;
  /** By key: the version that it has, 0 for none. */
  readonly versions: Int32Array;
}

/** What a store holds against what it should hold. */
export interface LedgerLine {
  readonly store: string;
  /** The store that says what it should be; the same: every accepted change counted once. */
  readonly source: string;
  /** Sums over all keys that are compared. */
  readonly expected: number;
  readonly actual: number;
  readonly keys: number;
  /** Keys of which the two differ, and those with the largest difference. */
  readonly differing: number;
  readonly worst: readonly LedgerKey[];
}

/** One key of a ledger. */
export interface LedgerKey {
  readonly key: string;
  readonly expected: number;
  readonly actual: number;
}

/** The answer. */
export interface ConsistencyView {
  readonly timeNs: number;
  /** Ids of the stores that have replicas. */
  readonly sources: readonly string[];
  readonly source: string;
  /** Number of its keys. */
  readonly keys: number;
  readonly firstKey: number;
  /** Names of the keys that are shown, and their newest versions. */
  readonly names: readonly string[];
  readonly versions: Int32Array;
  readonly replicas: readonly ReplicaColumns[];
  /** Share of the present keys that each replica had in full, over time [%]. */
  readonly fresh: Series;
  readonly ledger: readonly LedgerLine[];
  /** All that were found, how many of them are kept, and the kept ones beyond those that are known. */
  readonly anomaliesFound: number;
  readonly anomaliesKept: number;
  readonly anomalies: readonly AnomalyReport[];
}
