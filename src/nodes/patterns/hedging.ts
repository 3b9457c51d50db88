// Hedged calls: a call that has no answer yet after a while asks a second time; the first answer wins, the other was work
// for nothing. Dean and Barroso, "The Tail at Scale", CACM 2013: a second request after the 95th percentile of latency
// takes the tail away for a few percent more load.

import { duration, type Fields, type ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Arena, Int32Column } from "../../kernel/arena.ts";

/** Fields of hedging. */
export const hedgingFields = {
  hedgeAfter: duration({
    label: "Second request after",
    none: "no second request",
    default: null,
    help: "An attempt without an answer for so long asks a second time; the first answer wins, both are worked off.",
    group: "Hedging",
  }),
} as const satisfies Fields;

// Counters.
const SENT = 0;
const WON = 1;
const COUNTERS = 2;

/** Hedging of one call connection. */
export class Hedging {
  readonly afterNs: number;
  readonly #counts: Int32Column;
  /** By call: requests of its present attempt that are not answered. */
  readonly #open: Int32Column;

  constructor(arena: Arena, name: string, afterNs: number) {
    this.afterNs = afterNs;
    this.#counts = arena.int32(`${name}/hedges`, COUNTERS);
    this.#open = arena.int32(`${name}/hedges/open`);
  }

  /** An attempt of a call sets out with its first request. */
  begin(call: number): void {
    if (call >= this.#open.length) this.#open.resize(call + 1);
    this.#open.data[call] = 1;
  }

  /** The second request of an attempt sets out. */
  hedge(call: number): void {
    this.#open.data[call]!++;
    this.#counts.data[SENT]!++;
  }

  /** A request of the present attempt has failed: whether another one may still be answered. */
  hasOther(call: number): boolean {
    return --this.#open.data[call]! > 0;
  }

  /** A second request was answered first. */
  won(): void {
    this.#counts.data[WON]!++;
  }

  /** Second requests, and how many of them were answered first. */
  counts(): { readonly hedges: number; readonly hedgesWon: number } {
    return { hedges: this.#counts.data[SENT]!, hedgesWon: this.#counts.data[WON]! };
  }
}

/** The hedging of a call connection; undefined where it asks once. */
export function hedgingOf(
  arena: Arena,
  name: string,
  { hedgeAfter }: ValuesOf<typeof hedgingFields>,
): Hedging | undefined {
  return hedgeAfter === null ? undefined : new Hedging(arena, name, msToNs(hedgeAfter));
}
