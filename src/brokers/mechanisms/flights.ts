// Deliveries of a log: whose they are, of which cursor, what has become of them. All of it stands at the deliveries
// themselves, in their tag and their mark. The owner decides what the states mean for the books.

import type { BrokerContext, Verdict } from "../technology.ts";

/** What has become of a delivery. From `committed` on the cursor has let go of it: it is only held. */
export const flightStates = {
  held: 0,
  done: 1,
  setAside: 2,
  skipped: 3,
  /** Committed before the worker has dealt with it. */
  committed: 4,
  /** Its record was lost with a leader while a worker held it. */
  cutOff: 5,
  /** Read again by somebody else while a worker still holds it. */
  takenBack: 6,
} as const;

/** Bits of a mark that hold the state; above them stands the cursor. */
const STATE_BITS = 3;
const STATE_MASK = (1 << STATE_BITS) - 1;

/** Deliveries by handle. */
export class Flights {
  readonly #context: BrokerContext;

  constructor(context: BrokerContext) {
    this.#context = context;
  }

  /** Gives a delivery of the member's that was just taken out to a cursor. */
  hold(delivery: number, cursor: number): void {
    this.#context.mark(delivery, cursor << STATE_BITS);
  }

  /** Gives a delivery another state. */
  change(delivery: number, state: number): void {
    const mark = this.#context.deliveryMark(delivery);
    this.#context.mark(delivery, (mark & ~STATE_MASK) | state);
  }

  /** One of `flightStates`. */
  state(delivery: number): number {
    return this.#context.deliveryMark(delivery) & STATE_MASK;
  }

  cursor(delivery: number): number {
    return this.#context.deliveryMark(delivery) >> STATE_BITS;
  }

  member(delivery: number): number {
    return this.#context.deliveryTag(delivery);
  }

  /** All that a member was handed through these subscriptions as a certain worker, in order of cursor, offset and
   *  attempt: looked for only when the member dies. */
  ofMember(member: number, worker: number, subscriptions: readonly number[]): readonly number[] {
    const context = this.#context;
    return subscriptions
      .flatMap((subscription) => context.deliveriesOf(subscription, worker))
      .filter((delivery) => this.member(delivery) === member)
      .sort(
        (a, b) =>
          this.cursor(a) - this.cursor(b) ||
          context.deliveryOffset(a) - context.deliveryOffset(b) ||
          context.deliveryAttempt(a) - context.deliveryAttempt(b),
      );
  }
}

/** What becomes of a delivery with which a worker is through. */
export function settledAs(verdict: Verdict): number {
  if (verdict === "done") return flightStates.done;
  return verdict === "failed" ? flightStates.skipped : flightStates.setAside;
}
