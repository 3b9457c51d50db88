// What lies in SQS's queues and what becomes of it: taken in, received, visible again, moved to the dead-letter queue,
// moved back, deleted after its retention. Keeps the books; who receives is decided in receives.ts.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { LeasedCopies } from "../mechanisms/leasedCopies.ts";
import { LeaseQueue } from "../mechanisms/leaseQueue.ts";
import type { Account, BrokerContext } from "../technology.ts";
import type { Settings } from "./settings.ts";

/** Timer code of the queues' leases; operands: queue, generation. */
export const LEASE = 1;

const EXPIRED = "retention";

/** The queues of one Region. A copy's mark is one more than the handle of its *overdue* delivery: its visibility timeout
 *  has ended while a worker still has it. It may be received again, and stays in flight in the books until then. */
export class Contents {
  readonly copies: LeasedCopies;
  readonly queues: readonly LeaseQueue[];
  readonly accounts: readonly Account[];
  /** Per queue, may change during a run: timeouts and delays [ns]. */
  readonly visibilityNs: Float64Column;
  readonly delayNs: Float64Column;
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  /** Per queue: copies that are in flight in the books. */
  readonly #inFlight: Int32Column;
  /** Per copy: one more than the queue from which it was moved here as a dead letter, 0 otherwise. */
  readonly #sourceOf: Int32Column;

  constructor(settings: Settings, context: BrokerContext) {
    const { arena } = context;
    const { id, queues } = settings;
    this.#context = context;
    this.#settings = settings;
    this.copies = new LeasedCopies(arena, `${id}.copies`);
    this.queues = queues.map(
      (_, number) =>
        new LeaseQueue(this.copies, context, {
          name: `${id}.queue${number}`,
          number,
          timerCode: LEASE,
        }),
    );
    this.accounts = queues.map((queue) => context.openAccount(queue.channel, -1));
    this.visibilityNs = arena.float64(`${id}.visibilityNs`, queues.length);
    this.delayNs = arena.float64(`${id}.delayNs`, queues.length);
    this.#inFlight = arena.int32(`${id}.inFlight`, queues.length);
    this.#sourceOf = arena.int32(`${id}.sourceOf`);
    queues.forEach((queue, at) => {
      this.visibilityNs.data[at] = queue.visibilityNs;
      this.delayNs.data[at] = queue.delayNs;
    });
  }

  /** Copies of a queue that no worker holds. */
  waiting(queue: number): number {
    const contents = this.queues[queue]!;
    const all = contents.readyCount() + contents.heldCount() + contents.delayedCount();
    return all - this.#inFlight.data[queue]!;
  }

  /** Takes in a message, hidden for a while if the delay [ns] says so. Group -1 for none. */
  add(queue: number, message: number, group: number, delayNs: number): number {
    const contents = this.queues[queue]!;
    this.#context.retain(message);
    const copy = contents.add(message, group);
    if (copy >= this.#sourceOf.length) this.#sourceOf.resize(copy + 1);
    this.#sourceOf.data[copy] = 0;
    this.#context.routed(this.accounts[queue]!, message);
    contents.expireAt(copy, this.#context.now() + this.#settings.queues[queue]!.retentionNs);
    if (delayNs > 0) contents.hide(copy, this.#context.now() + delayNs);
    return copy;
  }

  /** Whether a receive would be one too many, so that the copy goes to the dead-letter queue instead. */
  isSpent(queue: number, copy: number): boolean {
    const { deadLetterAt, receivesMax } = this.#settings.queues[queue]!;
    return deadLetterAt >= 0 && this.copies.lentCount(copy) >= receivesMax;
  }

  /** Moves a ready copy to the dead-letter queue; returns that queue. */
  bury(queue: number, copy: number): number {
    const { deadLetterAt } = this.#settings.queues[queue]!;
    const enteredNs = this.copies.enteredNs(copy);
    this.endOverdue(queue, copy);
    const moved = this.#move(copy, queue, deadLetterAt, "maxReceiveCount");
    this.#sourceOf.data[moved] = queue + 1;
    const target = this.#settings.queues[deadLetterAt]!;
    if (target.isFifo) return deadLetterAt;
    // A standard dead-letter queue counts on from when the message was sent at first.
    this.queues[deadLetterAt]!.setEntered(moved, enteredNs);
    this.queues[deadLetterAt]!.expireAt(moved, enteredNs + target.retentionNs);
    return deadLetterAt;
  }

  /** Moves the oldest dead letter that waits in a queue back to where it came from; returns that queue, -1 when there is
   *  none. Looks at so many at most. */
  moveBack(queue: number, looksMax: number): number {
    const contents = this.queues[queue]!;
    let copy = contents.first();
    for (let left = looksMax; copy >= 0 && left > 0; left--) {
      const source = this.#sourceOf.data[copy]! - 1;
      if (source >= 0 && this.copies.isReady(copy) && this.copies.mark(copy) === 0) {
        this.#move(copy, queue, source, "StartMessageMoveTask");
        return source;
      }
      copy = contents.after(copy);
    }
    return -1;
  }

  /** A copy is handed to a worker. */
  deliver(copy: number, subscription: number, worker: number): void {
    const { queue } = this.#settings.subscriptions[subscription]!;
    const message = this.copies.message(copy);
    const attempt = this.copies.lentCount(copy);
    const delivery = this.#context.takeOut(this.accounts[queue]!, message, attempt, copy);
    this.#inFlight.data[queue]!++;
    if (this.copies.isHeld(copy)) this.copies.setDelivery(copy, delivery);
    else this.copies.setMark(copy, delivery + 1);
    this.#context.deliver(delivery, subscription, worker);
  }

  /** Whether a worker has the copy, in time or overdue. */
  isInFlight(copy: number): boolean {
    return this.copies.delivery(copy) >= 0 || this.copies.mark(copy) > 0;
  }

  /** Whether this delivery's visibility timeout has ended and nobody has received the message since. */
  isOverdue(copy: number, delivery: number): boolean {
    return this.copies.rows.isLive(copy) && this.copies.mark(copy) === delivery + 1;
  }

  /** Books an overdue delivery as come back: somebody else gets the message. The handle stays with its worker. */
  endOverdue(queue: number, copy: number): void {
    const mark = this.copies.mark(copy);
    if (mark === 0) return;
    this.#context.returned(mark - 1, "visibility-timeout");
    this.copies.setMark(copy, 0);
    this.#inFlight.data[queue]!--;
  }

  /** A delivery that is in time or overdue is deleted by its consumer. */
  delete(queue: number, delivery: number, how: "done" | "set-aside"): void {
    const copy = this.#context.deliveryTag(delivery);
    if (how === "done") this.#context.acknowledged(delivery);
    else this.#context.rejected(delivery, how);
    this.#context.forget(delivery);
    this.#inFlight.data[queue]!--;
    this.#free(queue, copy);
  }

  /** A delivery that is in time or overdue is back in the books; its copy stays hidden as long as it was to be. */
  giveUp(queue: number, delivery: number, reason: string): void {
    const copy = this.#context.deliveryTag(delivery);
    this.#context.returned(delivery, reason);
    this.#context.forget(delivery);
    this.#inFlight.data[queue]!--;
    this.copies.setDelivery(copy, -1);
    this.copies.setMark(copy, 0);
  }

  /** The timer of a queue has fired: what was hidden long enough is visible, what is too old is gone. */
  timerFired(queue: number, generation: number): boolean {
    const contents = this.queues[queue]!;
    if (!contents.timerFired(generation)) return false;
    for (let copy = contents.nextEnded(); copy >= 0; copy = contents.nextEnded())
      this.showAgain(queue, copy);
    for (let copy = contents.nextExpired(); copy >= 0; copy = contents.nextExpired()) {
      this.endOverdue(queue, copy);
      this.#context.expired(this.accounts[queue]!, this.copies.message(copy), EXPIRED);
      this.#free(queue, copy);
    }
    return true;
  }

  /** A held copy becomes visible, at its old place. */
  showAgain(queue: number, copy: number): void {
    const delivery = this.copies.delivery(copy);
    this.queues[queue]!.giveBack(copy, "place");
    if (delivery >= 0) this.copies.setMark(copy, delivery + 1);
  }

  #move(copy: number, from: number, to: number, reason: string): number {
    const message = this.copies.message(copy);
    const group = this.copies.group(copy);
    const moved = this.add(to, message, this.#settings.queues[to]!.isFifo ? group : -1, 0);
    this.#context.stored(this.#settings.queues[to]!.channel, message, -1, -1);
    this.#context.deadLettered(this.accounts[from]!, message, reason);
    this.#free(from, copy);
    return moved;
  }

  #free(queue: number, copy: number): void {
    const message = this.copies.message(copy);
    this.queues[queue]!.remove(copy);
    this.#context.release(message);
  }
}
