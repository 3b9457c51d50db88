// Load shedding: what waits inside a service is given up before anybody works on it, so that those who are served are still
// waited for. By age, by priority, or by CoDel (RFC 8289), which gives up more and more often as long as all wait too long.

import { choice, duration, type Fields, type ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Arena, Float64Column } from "../../kernel/arena.ts";

/** Fields of load shedding. */
export const sheddingFields = {
  shedding: choice({
    label: "Load shedding",
    options: [
      { value: "none", label: "None" },
      { value: "age", label: "By age: what has waited too long" },
      { value: "priority", label: "By priority: the lowest makes room" },
      { value: "codel", label: "CoDel: while all wait too long" },
    ],
    default: "none",
    help: "What is given up before work: a request fails at its caller, a message is acknowledged and counts as failed. By priority: in a full queue the lowest one that waits makes room.",
  }),
  shedAfter: duration({
    label: "Too old after",
    min: 0.001,
    default: 1000,
    help: "What has waited inside for longer is given up when its turn comes.",
    onlyIf: { field: "shedding", is: ["age"] },
  }),
  codelTarget: duration({
    label: "CoDel target",
    min: 0.001,
    default: 5,
    help: "The wait that is acceptable for long.",
    onlyIf: { field: "shedding", is: ["codel"] },
  }),
  codelInterval: duration({
    label: "CoDel interval",
    min: 0.001,
    default: 100,
    help: "How long waits have to be above the target before the first is given up; the n-th follows after this by the square root of n.",
    onlyIf: { field: "shedding", is: ["codel"] },
  }),
} as const satisfies Fields;

type Values = ValuesOf<typeof sheddingFields>;

/** Why something was given up, as failures are named. */
export const shed = "shed";

// Cells of the state, named as in RFC 8289, section 5.
/** Since when waits are above the target, an interval later [ns]; 0 while they are not. */
const FIRST_ABOVE = 0;
/** When the next is given up [ns]. */
const DROP_NEXT = 1;
/** How many were given up since it began to, and when it last began. */
const COUNT = 2;
const LAST_COUNT = 3;
/** Whether it is giving up: 0 or 1. */
const DROPPING = 4;
/** Whether the time of the next follows from the one that was just given up: 0 or 1. */
const IS_DUE = 5;
const CELLS = 6;

/** The rule of one service. Whoever takes something off the line asks `drops` about it, until it says no. */
export class Shedding {
  readonly #afterNs: number;
  readonly #targetNs: number;
  readonly #intervalNs: number;
  /** Only CoDel remembers anything. */
  readonly #state: Float64Column | undefined;

  constructor(arena: Arena, service: string, values: Values) {
    this.#afterNs = values.shedding === "age" ? msToNs(values.shedAfter) : Infinity;
    this.#targetNs = msToNs(values.codelTarget);
    this.#intervalNs = msToNs(values.codelInterval);
    if (values.shedding === "codel") this.#state = arena.float64(`${service}/shedding`, CELLS);
  }

  /** Whether what has waited so long is given up now [ns]; `isLast`: nothing else waits. */
  drops(nowNs: number, waitedNs: number, isLast: boolean): boolean {
    if (this.#state === undefined) return waitedNs > this.#afterNs;
    const cells = this.#state.data;
    const mayDrop = this.#isAboveForLong(cells, nowNs, waitedNs < this.#targetNs || isLast);
    if (cells[DROPPING] === 0) {
      if (mayDrop) this.#begin(cells, nowNs);
      return mayDrop;
    }
    if (!mayDrop) return this.#end(cells);
    if (cells[IS_DUE] === 1) cells[DROP_NEXT] = this.#next(cells[DROP_NEXT]!, cells[COUNT]!);
    cells[IS_DUE] = 0;
    if (nowNs < cells[DROP_NEXT]!) return false;
    cells[COUNT]!++;
    cells[IS_DUE] = 1;
    return true;
  }

  /** Somebody looked and found nothing. */
  foundNothing(): void {
    if (this.#state === undefined) return;
    this.#state.data[FIRST_ABOVE] = 0;
    this.#end(this.#state.data);
  }

  #isAboveForLong(cells: Float64Array, nowNs: number, isBelow: boolean): boolean {
    if (isBelow) cells[FIRST_ABOVE] = 0;
    else if (cells[FIRST_ABOVE] === 0) cells[FIRST_ABOVE] = nowNs + this.#intervalNs;
    else return nowNs >= cells[FIRST_ABOVE]!;
    return false;
  }

  /** Where it had been giving up shortly before, it goes on nearly as often. */
  #begin(cells: Float64Array, nowNs: number): void {
    const since = cells[COUNT]! - cells[LAST_COUNT]!;
    const wasRecent = nowNs - cells[DROP_NEXT]! < 16 * this.#intervalNs;
    cells[DROPPING] = 1;
    cells[IS_DUE] = 0;
    cells[COUNT] = since > 1 && wasRecent ? since : 1;
    cells[LAST_COUNT] = cells[COUNT];
    cells[DROP_NEXT] = this.#next(nowNs, cells[COUNT]);
  }

  #end(cells: Float64Array): false {
    cells[DROPPING] = 0;
    cells[IS_DUE] = 0;
    return false;
  }

  /** The control law; the square root is rounded correctly by every engine (a single instruction of IEEE 754). */
  #next(fromNs: number, count: number): number {
    return fromNs + this.#intervalNs / Math.sqrt(count);
  }
}
