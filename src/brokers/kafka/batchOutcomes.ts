// What publishers learn of their batches: each record is confirmed, refused or, sent without acks, lost.

import type { KafkaLanes } from "./lanes.ts";
import type { KafkaPlan } from "./plan.ts";
import type { Transactions } from "./transactions.ts";
import type { BatchLanes } from "../mechanisms/batches.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** The outcomes of all batches of a broker. */
export class BatchOutcomes {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #batches: BatchLanes;
  readonly #lanes: KafkaLanes;
  readonly #transactions: Transactions | undefined;

  constructor(
    base: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    batches: BatchLanes,
    lanes: KafkaLanes,
    transactions: Transactions | undefined,
  ) {
    this.#plan = base.plan;
    this.#context = base.context;
    this.#batches = batches;
    this.#lanes = lanes;
    this.#transactions = transactions;
  }

  /** All is written. */
  confirm(batch: number): void {
    const { index } = this.#lanes.publisherOf[this.#batches.lane(batch)]!;
    this.#context.confirmedAll(index, this.#batches.head(batch), this.#batches.count(batch));
  }

  /** Sent without acks, and gone; lets go of the messages. */
  lose(batch: number, reason: string): void {
    const lane = this.#batches.lane(batch);
    const { channel } = this.#plan.topics[this.#lanes.publisherOf[lane]!.topic]!;
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message))
      this.#context.lost(channel, message, reason);
    this.#batches.releaseAll(batch);
  }

  /** Failed for good; the transaction to which it belongs cannot be committed any more. */
  refuse(batch: number, reason: string): void {
    const lane = this.#batches.lane(batch);
    const { index } = this.#lanes.publisherOf[lane]!;
    const producer = this.#lanes.transactionOf[lane]!;
    if (producer !== NONE) this.#transactions!.fail(producer);
    let message = this.#batches.head(batch);
    while (message !== NONE) {
      const next = this.#batches.following(message);
      this.#context.refused(index, message, reason);
      message = next;
    }
  }
}
