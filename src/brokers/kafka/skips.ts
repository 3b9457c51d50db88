// What groups pass over in a log: control records, what compaction has removed, and, with read_committed, records of
// aborted transactions. Made only for brokers that have transactions or compaction.

import type { Attempts } from "./attempts.ts";
import { hole, isAborted, messageOf, toAborted } from "./entries.ts";
import type { KafkaPlan } from "./plan.ts";
import type { StableOffsets } from "./stableOffsets.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

/** What the cursors of one broker pass over. */
export class Skips {
  /** Per cursor: entries from its position to the high watermark that it passes over. */
  readonly ahead: Int32Array;
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #logs: PartitionLogs;
  readonly #stable: StableOffsets | undefined;
  /** Per cursor: offset of the next record to hand out. */
  readonly #position: Float64Array;
  readonly #isCommittedOnly: readonly boolean[];

  constructor(
    { plan, context }: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    about: { readonly position: Float64Array; readonly stable: StableOffsets | undefined },
  ) {
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#stable = about.stable;
    this.#position = about.position;
    this.ahead = context.arena.int32(`${plan.id}.cursors.skips`, plan.cursors.length).data;
    this.#isCommittedOnly = plan.cursors.map(
      ({ group }) => plan.groups[group]!.clients[0]!.values["isolation.level"] === "read_committed",
    );
  }

  /** Whether an open transaction keeps a group from reading to the high watermark. */
  isLimited(cursor: number): boolean {
    const { partition } = this.#plan.cursors[cursor]!;
    return this.#isCommittedOnly[cursor]! && this.#stable?.isOpen(partition) === true;
  }

  /** Where a group is that has read all it may. */
  endOf(cursor: number): number {
    const { partition } = this.#plan.cursors[cursor]!;
    return this.isLimited(cursor)
      ? this.#stable!.lastStable(partition)
      : this.#logs.highWatermark[partition]!;
  }

  /** Whether a group passes over an entry. */
  passes(cursor: number, entry: number): boolean {
    return entry === hole || (isAborted(entry) && this.#isCommittedOnly[cursor]!);
  }

  /** Offset of the next record that a group does not pass over; there must be one. */
  next(cursor: number): number {
    const { partition } = this.#plan.cursors[cursor]!;
    let offset = this.#position[cursor]!;
    while (this.passes(cursor, this.#logs.at(partition, offset))) offset++;
    return offset;
  }

  /** Entries in a range that a group does not pass over. */
  count(cursor: number, from: number, to: number): number {
    const { partition } = this.#plan.cursors[cursor]!;
    let count = 0;
    for (let offset = from; offset < to; offset++)
      if (!this.passes(cursor, this.#logs.at(partition, offset))) count++;
    return count;
  }

  /** Counts anew what lies ahead, between a position and where the group can read to. */
  recount(cursor: number, from: number, to: number): void {
    this.ahead[cursor] = Math.max(0, to - from) - this.count(cursor, from, to);
  }

  /** Entries that become readable: tells of those between the holes. */
  split(
    partition: number,
    range: { readonly from: number; readonly to: number },
    tell: (from: number, to: number) => void,
  ): void {
    let first = range.from;
    for (let offset = first; offset < range.to; offset++) {
      if (this.#logs.at(partition, offset) !== hole) continue;
      if (offset > first) tell(first, offset);
      first = offset + 1;
      for (const cursor of this.#plan.cursorsOf[partition]!) this.ahead[cursor]!++;
    }
    if (range.to > first) tell(first, range.to);
  }

  /** A record whose transaction is aborted: who reads only what is committed passes over it. */
  abort(partition: number, offset: number): void {
    const entry = this.#logs.at(partition, offset);
    this.#logs.replace(partition, offset, toAborted(entry));
    for (const cursor of this.#plan.cursorsOf[partition]!)
      if (this.#isCommittedOnly[cursor]! && this.#position[cursor]! <= offset)
        this.passOver(cursor, messageOf(entry), "transaction-aborted");
  }

  /** A record that compaction removes: who has not read it never will. */
  remove(partition: number, offset: number): void {
    if (offset < this.#logs.memory[partition]!) return;
    const entry = this.#logs.at(partition, offset);
    if (entry === hole) return;
    for (const cursor of this.#plan.cursorsOf[partition]!)
      if (this.#position[cursor]! <= offset && !this.passes(cursor, entry))
        this.passOver(cursor, messageOf(entry), "compacted");
    this.#logs.replace(partition, offset, hole);
    this.#context.release(messageOf(entry));
  }

  /** A record that waited for a group does so no more. */
  passOver(cursor: number, message: number, reason: string): void {
    this.ahead[cursor]!++;
    this.#context.dropped(this.#plan.cursors[cursor]!.account, message, reason);
  }

  /** A group goes on over what it passes over. */
  goOn(cursor: number, attempts: Attempts): void {
    if (this.ahead[cursor] === 0) return;
    const { partition } = this.#plan.cursors[cursor]!;
    const end = this.endOf(cursor);
    let offset = this.#position[cursor]!;
    while (offset < end && this.passes(cursor, this.#logs.at(partition, offset))) {
      attempts.take(cursor, offset++);
      this.ahead[cursor]!--;
    }
    this.#position[cursor] = offset;
  }

  /** A group goes back to an offset, over what it had passed over. */
  goBack(cursor: number, offset: number, attempts: Attempts): void {
    for (let at = this.#position[cursor]! - 1; at > offset; at--) {
      attempts.giveBack(cursor, at, 0);
      this.ahead[cursor]!++;
    }
  }
}
