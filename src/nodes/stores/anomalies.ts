// What stores should never show: anomalies, all of them counted, and the first of them kept with their message and moment.

import type { Arena, Float64Column } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";

/** Kinds of anomalies. The definitions are those of the session guarantees (Terry et al. 1994) and of isolation levels. */
export const anomalyKinds = [
  /** A write that rested on an older version replaced a newer one without having seen it. */
  "lost update",
  /** The same message changed the same store once more. */
  "duplicate effect",
  /** A replica went back from a newer version to an older one. */
  "out-of-order apply",
  /** A read did not return what the same chain of causes had written. */
  "read-your-writes",
  /** A read returned an older version than an earlier read of the same chain of causes. */
  "monotonic reads",
  /** A value left the bounds that its store states. */
  "invariant broken",
] as const;

/** Number of a kind of anomaly. */
export const anomaly = {
  lostUpdate: 0,
  duplicateEffect: 1,
  outOfOrder: 2,
  readYourWrites: 3,
  monotonicReads: 4,
  invariant: 5,
} as const;

/** Anomalies that are kept of a run; all are counted. */
const keptMax = 1000;

// Fields of a kept anomaly.
const KIND = 0;
const STORE = 1;
const KEY = 2;
const MESSAGE = 3;
const INTEGERS = 4;
/** When [ns]. */
const TIME = 0;
const VERSION = 1;
const OTHER = 2;
const DOUBLES = 3;

/** One anomaly: number of its kind and of its store, key, number of the message at fault, and two versions (or for broken
 *  invariants the value twice): the one that came about, and the one that should not have been passed over. */
export interface Anomaly {
  readonly kind: number;
  readonly store: number;
  readonly key: number;
  readonly message: number;
  readonly version: number;
  readonly other: number;
}

/** The anomalies of a run. */
export class Anomalies {
  /** Simulated time [ns]. */
  readonly #clock: Float64Array;
  readonly #kept: Rows;
  /** By store and kind. */
  readonly #counts: Float64Column;

  constructor(arena: Arena, clock: Float64Array, components: number) {
    this.#clock = clock;
    this.#kept = new Rows(arena, "anomalies", { integers: INTEGERS, doubles: DOUBLES });
    this.#counts = arena.float64("anomalies/counts", components * anomalyKinds.length);
  }

  /** Counts an anomaly so many times, and keeps it while there is room. */
  add(found: Anomaly, times: number): void {
    this.#counts.data[found.store * anomalyKinds.length + found.kind]! += times;
    if (this.#kept.size() >= keptMax) return;
    const row = this.#kept.take();
    const { integers, doubles } = this.#kept;
    integers[row * INTEGERS + KIND] = found.kind;
    integers[row * INTEGERS + STORE] = found.store;
    integers[row * INTEGERS + KEY] = found.key;
    integers[row * INTEGERS + MESSAGE] = found.message;
    doubles[row * DOUBLES + TIME] = this.#clock[0]!;
    doubles[row * DOUBLES + VERSION] = found.version;
    doubles[row * DOUBLES + OTHER] = found.other;
  }

  /** How many of a kind a store has shown. */
  count(store: number, kind: number): number {
    return this.#counts.data[store * anomalyKinds.length + kind]!;
  }

  /** How many a store has shown. */
  of(store: number): number {
    return anomalyKinds.reduce((sum, _, kind) => sum + this.count(store, kind), 0);
  }

  /** Those that were kept, in order of time, with their times [ns]. */
  list(): readonly (Anomaly & { readonly timeNs: number })[] {
    const { integers, doubles } = this.#kept;
    return Array.from({ length: this.#kept.size() }, (_, row) => ({
      timeNs: doubles[row * DOUBLES + TIME]!,
      kind: integers[row * INTEGERS + KIND]!,
      store: integers[row * INTEGERS + STORE]!,
      key: integers[row * INTEGERS + KEY]!,
      message: integers[row * INTEGERS + MESSAGE]! >>> 0,
      version: doubles[row * DOUBLES + VERSION]!,
      other: doubles[row * DOUBLES + OTHER]!,
    }));
  }
}
