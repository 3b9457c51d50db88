// What workers answer about deliveries: XACK, XNACK, or nothing at all, on their way to the primary.

import { Ring } from "../../kernel/ring.ts";
import type { ReadBase } from "./claims.ts";
import { staleBit } from "./keeper.ts";
import { readWakes } from "./readWakes.ts";
import type { SubscriptionSettings } from "./settings.ts";
import type { Verdict } from "../technology.ts";

// Answers on the wire.
const DONE = 1;
const SET_ASIDE = 2;
const GIVE_UP = 3;
const RELEASE = 4;

/** The answers of all workers. */
export class Answers {
  readonly #base: ReadBase;
  readonly #onPending: (subscription: number) => void;
  /** Acknowledgements that find no primary: row and generation. */
  readonly #unsent: Ring;

  /** `onPending`: an entry of the subscription stays pending with nobody at work on it. */
  constructor(base: ReadBase, onPending: (subscription: number) => void) {
    this.#base = base;
    this.#onPending = onPending;
    this.#unsent = new Ring(base.context.arena, `${base.settings.id}.unsent`);
  }

  /** A primary is there again: what was not sent is sent. */
  resume(): void {
    for (let left = this.#unsent.size(); left > 0; left -= 2)
      this.arrive(this.#unsent.popFront(), this.#unsent.popFront());
  }

  /** A worker has dealt with an entry that was never pending. */
  settleAtOnce(delivery: number, verdict: Verdict): void {
    const context = this.#base.context;
    if (verdict === "done") context.acknowledged(delivery);
    else if (verdict === "set-aside") context.rejected(delivery, verdict);
    else context.discarded(delivery, "failed, and not pending: NOACK");
    context.forget(delivery);
  }

  /** A worker has dealt with a pending entry. */
  settle(
    delivery: number,
    row: number,
    about: { readonly verdict: Verdict; readonly settings: SubscriptionSettings },
  ): void {
    const { pending } = this.#base.keeper.groups;
    const { verdict, settings } = about;
    const mark = this.#base.context.deliveryMark(delivery);
    const generation = mark >> 1;
    const isOwn = (mark & staleBit) === 0;
    if (!isOwn) this.#base.context.forget(delivery);
    const answer = this.#answerTo(verdict, settings);
    if (isOwn) pending.setAnswer(row, answer === 0 ? DONE : answer);
    if (answer === 0) {
      if (isOwn) this.#base.keeper.takeBack(row, "failed: stays pending");
      this.#onPending(settings.index);
    } else if (!isOwn && answer === RELEASE) return;
    // Without a group it is the application itself that remembers how far it is.
    else if (settings.group < 0) this.arrive(row, generation);
    else
      this.#base.context.schedule(
        Math.round(settings.latencyNs * this.#base.nodes.slowness()),
        readWakes.ack,
        row,
        generation,
      );
  }

  /** What a worker sends about a delivery; 0: nothing. */
  #answerTo(verdict: Verdict, { group, values }: SubscriptionSettings): number {
    if (verdict === "done") return DONE;
    if (verdict === "set-aside") return SET_ASIDE;
    if (group < 0 || values.on_failure === "XACK") return GIVE_UP;
    return values.on_failure === "XNACK" ? RELEASE : 0;
  }

  /** An XACK or XNACK has come to the primary, whoever sent it. */
  arrive(row: number, generation: number): void {
    const { pending } = this.#base.keeper.groups;
    if (!pending.isStill(row, generation) || pending.isAcknowledged(row)) return;
    if (!this.#base.nodes.serves()) {
      this.#unsent.pushBack(row);
      this.#unsent.pushBack(generation);
      return;
    }
    const answer = pending.answer(row);
    if (answer === RELEASE) {
      const delivery = pending.delivery(row);
      const subscription = delivery < 0 ? -1 : this.#base.context.deliverySubscription(delivery);
      this.#base.keeper.takeBack(row, "XNACK");
      pending.release(row);
      if (subscription >= 0) this.#onPending(subscription);
    } else if (answer === SET_ASIDE) this.#base.keeper.finish(row, "set-aside");
    else this.#base.keeper.finish(row, answer === GIVE_UP ? "given-up" : "acknowledged");
  }
}
