// Up to where transactions are decided: per partition the last stable offset, below which read_committed may read; and
// where each open transaction began in each partition and has its marker. Knows nothing of why they end.

import type { KafkaPlan } from "./plan.ts";
import type { Arena } from "../../kernel/arena.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";

const NONE = -1;

/** Open transactions in the partitions of one broker. */
export class StableOffsets {
  /** Number of transactions that have written to a partition and are not over there. */
  readonly #openIn: Int32Array;
  /** By transactional producer × partition: offset of its first record, and of its marker; -1 without. */
  readonly #first: Float64Array;
  readonly #marker: Float64Array;
  readonly #partitions: number;
  readonly #producers: number;
  readonly #logs: PartitionLogs;

  constructor(arena: Arena, plan: KafkaPlan, logs: PartitionLogs) {
    const name = `${plan.id}.transactions`;
    this.#logs = logs;
    this.#partitions = plan.topicOf.length;
    this.#producers = plan.transactional.length;
    const cells = this.#partitions * this.#producers;
    this.#openIn = arena.int32(`${name}.openIn`, this.#partitions).data;
    this.#first = arena.float64(`${name}.first`, cells).data;
    this.#marker = arena.float64(`${name}.marker`, cells).data;
    this.#first.fill(NONE, 0, cells);
    this.#marker.fill(NONE, 0, cells);
  }

  /** Entries below are replicated. */
  highWatermark(partition: number): number {
    return this.#logs.highWatermark[partition]!;
  }

  /** Whether a transaction is open in a partition. */
  isOpen(partition: number): boolean {
    return this.#openIn[partition]! > 0;
  }

  /** The last stable offset: the first record of the oldest open transaction, or the high watermark. */
  lastStable(partition: number): number {
    let low = this.#logs.highWatermark[partition]!;
    if (this.#openIn[partition] === 0) return low;
    for (let producer = 0; producer < this.#producers; producer++) {
      const first = this.first(producer, partition);
      if (first >= 0 && first < low) low = first;
    }
    return low;
  }

  /** A record of a transaction has been written. */
  touch(producer: number, partition: number, offset: number): void {
    const cell = producer * this.#partitions + partition;
    if (this.#first[cell]! >= 0) return;
    this.#first[cell] = offset;
    this.#openIn[partition]!++;
  }

  /** Offset of the first record of an open transaction in a partition; -1 when it has written none there. */
  first(producer: number, partition: number): number {
    return this.#first[producer * this.#partitions + partition]!;
  }

  /** Offset of the marker with which a transaction ends in a partition; -1 while there is none. */
  marker(producer: number, partition: number): number {
    return this.#marker[producer * this.#partitions + partition]!;
  }

  setMarker(producer: number, partition: number, offset: number): void {
    this.#marker[producer * this.#partitions + partition] = offset;
  }

  /** A transaction is over in a partition. */
  close(producer: number, partition: number): void {
    const cell = producer * this.#partitions + partition;
    this.#first[cell] = NONE;
    this.#marker[cell] = NONE;
    this.#openIn[partition]!--;
  }

  /** The log of a partition is cut to `end`: markers behind have to be written again. */
  onTruncate(partition: number, end: number): void {
    for (let producer = 0; producer < this.#producers; producer++) {
      const cell = producer * this.#partitions + partition;
      if (this.#first[cell]! > end) this.#first[cell] = end;
      if (this.#marker[cell]! >= end) this.#marker[cell] = NONE;
    }
  }
}
