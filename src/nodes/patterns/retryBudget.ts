// A retry budget: every call puts a share of a token aside, every retry takes one. It keeps retries at that share of all
// calls when everything fails, so that a storm of retries ends by itself. As Finagle's and Envoy's budgets.

import { type Fields, ratio, type ValuesOf } from "../../base/fields.ts";
import type { Arena, FloatCells } from "../../kernel/arena.ts";

/** Fields of a retry budget. */
export const retryBudgetFields = {
  retryBudget: ratio({
    label: "Retry budget",
    none: "unlimited",
    default: null,
    help: "Most retries as a share of the calls; what is beyond fails without another attempt.",
  }),
} as const satisfies Fields;

/** Most tokens that are kept, so that a long calm does not pay for a storm. */
const TOKENS_MAX = 100;

/** The budget of one call connection. */
export class RetryBudget {
  readonly #share: number | null;
  readonly #tokens: FloatCells;

  constructor(arena: Arena, name: string, values: ValuesOf<typeof retryBudgetFields>) {
    this.#share = values.retryBudget;
    this.#tokens = arena.floatCells(`${name}/retry-budget`, 1);
  }

  /** A call begins. */
  deposit(): void {
    const { cells, at } = this.#tokens;
    if (this.#share !== null) cells[at] = Math.min(TOKENS_MAX, cells[at]! + this.#share);
  }

  /** Whether one retry may be made; takes its token. */
  withdraw(): boolean {
    if (this.#share === null) return true;
    const { cells, at } = this.#tokens;
    // Ten deposits of a tenth are one token, in spite of binary fractions.
    if (cells[at]! < 1 - 1e-9) return false;
    cells[at] = Math.max(0, cells[at]! - 1);
    return true;
  }
}
