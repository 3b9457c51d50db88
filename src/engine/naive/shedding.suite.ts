// Load shedding of the naive engine: what is given up when its turn comes, and who gives way to a request of a higher class.

import type { ValuesOf } from "../../base/fields.ts";
import type { service } from "../../nodes/service.ts";
import type { Request } from "./calls.suite.ts";
import { priorityOf } from "./turns.suite.ts";

type Values = ValuesOf<typeof service.fields>;

/** The rule of one service with what it remembers. */
export class NaiveShedding {
  /** When waits will have been above the target for an interval [ns]; undefined while they are not above it. */
  #aboveUntilNs: number | undefined;
  #isDropping = false;
  /** Whether the next drop is still to be planned. */
  #isOpen = false;
  #nextNs = 0;
  #count = 0;
  #lastCount = 0;

  /** Whether something is given up that has waited since a time [ns]; last: nothing else waits. */
  drops(values: Values, nowNs: number, sinceNs: number, isLast: boolean): boolean {
    const waitedNs = nowNs - sinceNs;
    if (values.shedding === "age") return waitedNs > Math.round(values.shedAfter * 1e6);
    if (values.shedding !== "codel") return false;
    const intervalNs = Math.round(values.codelInterval * 1e6);
    const isBelow = waitedNs < Math.round(values.codelTarget * 1e6) || isLast;
    const mayDrop = !isBelow && this.#aboveUntilNs !== undefined && nowNs >= this.#aboveUntilNs;
    if (isBelow) this.#aboveUntilNs = undefined;
    else this.#aboveUntilNs ??= nowNs + intervalNs;
    if (!mayDrop) return this.#rests();
    const law = (fromNs: number): number => fromNs + intervalNs / Math.sqrt(this.#count);
    if (!this.#isDropping) {
      const before = this.#count - this.#lastCount;
      this.#count = before > 1 && nowNs - this.#nextNs < 16 * intervalNs ? before : 1;
      this.#lastCount = this.#count;
      this.#nextNs = law(nowNs);
      this.#isDropping = true;
      return true;
    }
    if (this.#isOpen) this.#nextNs = law(this.#nextNs);
    this.#isOpen = nowNs >= this.#nextNs;
    if (this.#isOpen) this.#count++;
    return this.#isOpen;
  }

  /** Nothing waits. */
  foundNothing(): void {
    this.#aboveUntilNs = undefined;
    this.#rests();
  }

  #rests(): false {
    this.#isDropping = false;
    this.#isOpen = false;
    return false;
  }
}

/** The last of the lowest that wait, if it is lower than a request that finds no place. */
export function givingWay(
  values: Values,
  mailbox: readonly Request[],
  request: Request,
): Request | undefined {
  if (values.shedding !== "priority") return undefined;
  const [lowest] = mailbox
    .toReversed()
    .toSorted((a, b) => priorityOf(a.message) - priorityOf(b.message));
  if (lowest === undefined) return undefined;
  return priorityOf(lowest.message) < priorityOf(request.message) ? lowest : undefined;
}
