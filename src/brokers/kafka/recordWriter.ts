// How the records of a batch come into the log of a partition, or into that of an old leader which will be cut.

import type { Compaction } from "./compaction.ts";
import { toEntry } from "./entries.ts";
import type { KafkaLanes } from "./lanes.ts";
import type { SplitWrites } from "./splitWrites.ts";
import type { StableOffsets } from "./stableOffsets.ts";
import type { BatchLanes } from "../mechanisms/batches.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

const NONE = -1;

/** Where records go. */
export interface WriterParts {
  readonly logs: PartitionLogs;
  readonly splitWrites: SplitWrites;
  readonly stable: StableOffsets | undefined;
  readonly compaction: Compaction | undefined;
}

/** Writes batches of all publishers of a broker. */
export class RecordWriter {
  readonly #context: BrokerContext;
  readonly #batches: BatchLanes;
  readonly #logs: PartitionLogs;
  readonly #lanes: KafkaLanes;
  readonly #splitWrites: SplitWrites;
  readonly #stable: StableOffsets | undefined;
  readonly #compaction: Compaction | undefined;

  constructor(context: BrokerContext, batches: BatchLanes, lanes: KafkaLanes, about: WriterParts) {
    this.#context = context;
    this.#batches = batches;
    this.#lanes = lanes;
    this.#logs = about.logs;
    this.#splitWrites = about.splitWrites;
    this.#stable = about.stable;
    this.#compaction = about.compaction;
  }

  /** Whether the broker takes a batch: compacted topics take no record without key. */
  isValid(batch: number, partition: number): boolean {
    if (this.#compaction?.isCompacted(partition) !== true) return true;
    let message = this.#batches.head(batch);
    while (message !== NONE && this.#context.keyOf(message) >= 0)
      message = this.#batches.following(message);
    return message === NONE;
  }

  /** Appends the records of a batch to the log. */
  write(batch: number, partition: number): void {
    const lane = this.#batches.lane(batch);
    const first = this.#logs.end[partition]!;
    this.#batches.setBase(batch, first);
    const producer = this.#lanes.transactionOf[lane]!;
    if (producer !== NONE) this.#stable?.touch(producer, partition, first);
    const promise = this.#lanes.publisherOf[lane]!.values.acks === "all" ? "all" : "early";
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message)) {
      this.#context.retain(message);
      const bytes = this.#context.sizeOf(message);
      const entry = toEntry(message, promise);
      this.#logs.append(partition, entry, bytes, this.#context.publishedNs(message));
    }
    if (this.#compaction?.isCompacted(partition) === true) this.#compaction.follow(partition);
  }

  /** The log is about to be cut to `end`: a batch behind has to be written again. */
  takeBack(batch: number, partition: number, end: number): void {
    let offset = this.#batches.base(batch);
    if (offset < 0 || offset + this.#batches.count(batch) <= end) return;
    this.#batches.setBase(batch, NONE);
    const { acks } = this.#lanes.publisherOf[this.#batches.lane(batch)]!.values;
    // On an old leader that is cut off the answer is on its way, and the loss shows later.
    if (acks === "0" || (acks === "1" && this.#splitWrites.isSplit(partition))) return;
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message))
      this.#logs.replace(partition, offset++, toEntry(message, "all"));
  }

  /** An old leader that is cut off takes the records, which will be lost. */
  writeAside(batch: number, partition: number): void {
    let message = this.#batches.head(batch);
    for (; message !== NONE; message = this.#batches.following(message))
      this.#splitWrites.write(partition, message);
  }
}
