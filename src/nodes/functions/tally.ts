// What a function's platform counts: invocations, cold starts, throttles and what it gave up.

import type { Arena } from "../../kernel/arena.ts";

/** The counters, and how the screen calls them; what is most telling first. */
export const tallyWords = {
  throttled: "throttled",
  coldStarts: "cold starts",
  timedOut: "timed out",
  givenUp: "given up",
  toDestination: "to the on-failure destination",
  failedInvocations: "failed invocations",
  invocations: "invocations",
  concurrencyMax: "at once at most",
} as const;

/** One of the counters. */
export type TallyName = keyof typeof tallyWords;

const names: readonly TallyName[] = [
  "throttled",
  "coldStarts",
  "timedOut",
  "givenUp",
  "toDestination",
  "failedInvocations",
  "invocations",
  "concurrencyMax",
];

/** The counters of one function. */
export class Tally {
  readonly #cells: Float64Array;

  constructor(arena: Arena, id: string) {
    this.#cells = arena.float64(`${id}/function/tally`, names.length).data;
  }

  count(name: TallyName, by = 1): void {
    this.#cells[names.indexOf(name)]! += by;
  }

  /** Keeps the highest value. */
  reach(name: TallyName, value: number): void {
    const at = names.indexOf(name);
    if (value > this.#cells[at]!) this.#cells[at] = value;
  }

  /** Those that are not 0, in the words of the screen. */
  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    names.forEach((name, at) => {
      if (this.#cells[at]! > 0) counts[tallyWords[name]] = this.#cells[at]!;
    });
    return counts;
  }
}
