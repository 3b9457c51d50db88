// Many runs of one scenario with different seeds: how many, what one leaves behind, and what they say together. The JSON
// that `spillway run --replications --json` prints: fields are added, never changed.

/** Version of the format of `ReplicationsReport`. */
export const replicationsVersion = 1;

/** Fewest replications from which an interval is told, and most that anybody may ask for. */
export const replicationsMin = 3;
export const replicationsMax = 10_000;

/** Without another word, a wish for precision stops here. */
export const replicationsDefaultMax = 200;

/** How many replications. */
export interface ReplicationPlan {
  /** Exactly so many; or at least so many, where a precision is asked for. */
  readonly count: number;
  /** Go on until half of the 95 % interval of every watched figure is at most this share of its mean. */
  readonly precision?: number;
  /** Most replications where a precision is asked for. */
  readonly max: number;
}

/** A figure of a report, by its address. */
export interface FigureName {
  /** Table of the report: "nodes", "channels", "subscriptions", "calls" or "flows". */
  readonly table: "nodes" | "channels" | "subscriptions" | "calls" | "flows";
  readonly id: string;
  /** As in objectives, such as "latency.p99"; `failed`, `dropped` and `refused` are sums over all reasons. */
  readonly measure: string;
}

/** A figure with its value in one run; null where nothing was observed. */
export interface FigureValue extends FigureName {
  readonly value: number | null;
}

/** What one replication leaves behind. */
export interface Replication {
  /** From 1. */
  readonly number: number;
  readonly figures: readonly FigureValue[];
  readonly holds: boolean;
  /** Ids of the objectives that were met. */
  readonly met: readonly string[];
  /** Simulation events. */
  readonly events: number;
}

/** A figure over all replications. */
export interface ReplicatedFigure extends FigureName {
  readonly mean: number;
  /** Half of the 95 % interval of the mean by Student's t. */
  readonly halfWidth: number;
  readonly min: number;
  readonly max: number;
  /** Replications in which it was observed. */
  readonly count: number;
}

/** What replications say together. */
export interface ReplicationsReport {
  readonly replicationsVersion: typeof replicationsVersion;
  readonly scenario: string;
  readonly title: string;
  /** Of the scenario and of the first replication; the others follow from it, see `seedOf`. */
  readonly seed: number;
  readonly replications: number;
  readonly events: number;
  readonly wallSeconds: number;
  /** What was asked for and reached: the largest half width of a watched figure as a share of its mean. */
  readonly precision: {
    readonly asked: number | null;
    readonly reached: number | null;
    /** The figure that is least sure. */
    readonly of: FigureName | null;
  };
  readonly figures: readonly ReplicatedFigure[];
  readonly objectives: readonly {
    readonly id: string;
    readonly title: string;
    readonly met: number;
  }[];
  /** Whether the books of all replications balance. */
  readonly holds: boolean;
  /** Why there are so many. */
  readonly sentence: string;
}
