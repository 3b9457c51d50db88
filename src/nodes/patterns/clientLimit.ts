// A rate limit for each client: token buckets by the key of the request, made when a client first comes.

import { count, type Fields, flag, rate, type ValuesOf } from "../../base/fields.ts";
import { nsPerS } from "../../base/units.ts";
import type { Arena } from "../../kernel/arena.ts";
import { KeyedTable } from "./keyedTable.ts";

const ifOn = { field: "limitPerClient", is: [true] };

/** Fields of a rate limit per client. */
export const clientLimitFields = {
  limitPerClient: flag({
    label: "Rate limit per client",
    default: false,
    help: "A token bucket for each key; further requests of that key are refused (429).",
    live: true,
  }),
  clientRate: rate({
    label: "Limit per client",
    min: 0.001,
    default: 5,
    help: "How many requests of one key may pass per second in the long run.",
    onlyIf: ifOn,
  }),
  clientBurst: count({
    label: "Burst per client",
    min: 1,
    max: 1_000_000,
    default: 10,
    help: "Tokens of a full bucket.",
    onlyIf: ifOn,
  }),
} as const satisfies Fields;

// Doubles of a bucket.
const TOKENS = 0;
const SINCE = 1;
const DOUBLES = 2;

/** The buckets of all clients. */
export class ClientLimit {
  readonly #values: ValuesOf<typeof clientLimitFields>;
  readonly #buckets: KeyedTable;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof clientLimitFields>) {
    this.#values = values;
    this.#buckets = new KeyedTable(arena, `${name}/clients`, { integers: 0, doubles: DOUBLES });
  }

  /** Whether a request of a key (−1: those without one) may pass now [ns]. */
  admits(key: number, nowNs: number): boolean {
    const { clientBurst, clientRate } = this.#values;
    const known = this.#buckets.find(0, key);
    const row = known < 0 ? this.#buckets.add(0, key) : known;
    const cells = this.#buckets.rows.doubles;
    const at = row * DOUBLES;
    const sinceNs = known < 0 ? nowNs : cells[at + SINCE]!;
    const before = known < 0 ? clientBurst : cells[at + TOKENS]!;
    const tokens = Math.min(clientBurst, before + ((nowNs - sinceNs) * clientRate) / nsPerS);
    const passes = tokens >= 1;
    cells[at + SINCE] = nowNs;
    cells[at + TOKENS] = passes ? tokens - 1 : tokens;
    return passes;
  }

  /** All buckets are full again. */
  clear(): void {
    this.#buckets.clear();
  }
}
