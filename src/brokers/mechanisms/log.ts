// The logs of all partitions of a broker: offsets, high watermarks, and segments for retention. Entries
// that every reader has passed leave memory; offsets and segments stay as if they were still there.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Pool } from "../../kernel/pool.ts";
import { Ring } from "../../kernel/ring.ts";

const NONE = -1;

/** When a segment is closed: by size [bytes] or by the age of its first entry [ns]. */
export interface SegmentLimits {
  readonly bytes: number;
  readonly ns: number;
}

/** Append-only logs, one per partition. An entry is a non-negative integer of the owner's. */
export class PartitionLogs {
  /** First offset that may be read: everything below has been deleted by retention. */
  readonly start: Float64Array;
  /** Offset of the next entry. */
  readonly end: Float64Array;
  /** Entries below are on every in-sync replica and may be read. */
  readonly highWatermark: Float64Array;
  /** First offset that is still in memory. */
  readonly memory: Float64Array;
  /** Register for a time on its way to `write`: see ARCHITECTURE.md on doubles. */
  private madeNs = NaN;
  readonly #limits: readonly SegmentLimits[];
  #entries: readonly Ring[];
  #firstSegment: Int32Array;
  #lastSegment: Int32Array;
  /** Size of all segments per partition [bytes]. */
  #bytes: Float64Array;
  #segments: Pool;
  #segmentBase: Float64Column;
  #segmentBytes: Float64Column;
  #segmentFirstNs: Float64Column;
  #segmentLastNs: Float64Column;
  #segmentNext: Int32Column;

  /** `limits`: one for each partition. */
  constructor(arena: Arena, name: string, limits: readonly SegmentLimits[]) {
    const partitions = limits.length;
    this.#limits = limits;
    this.start = arena.float64(`${name}.start`, partitions).data;
    this.end = arena.float64(`${name}.end`, partitions).data;
    this.highWatermark = arena.float64(`${name}.highWatermark`, partitions).data;
    this.memory = arena.float64(`${name}.memory`, partitions).data;
    this.#entries = Array.from({ length: partitions }, (_, i) => new Ring(arena, `${name}.${i}`));
    this.#firstSegment = arena.int32(`${name}.firstSegment`, partitions).data;
    this.#lastSegment = arena.int32(`${name}.lastSegment`, partitions).data;
    this.#firstSegment.fill(NONE);
    this.#lastSegment.fill(NONE);
    this.#bytes = arena.float64(`${name}.bytes`, partitions).data;
    this.#segments = new Pool(arena, `${name}.segments`);
    this.#segmentBase = arena.float64(`${name}.segmentBase`);
    this.#segmentBytes = arena.float64(`${name}.segmentBytes`);
    this.#segmentFirstNs = arena.float64(`${name}.segmentFirstNs`);
    this.#segmentLastNs = arena.float64(`${name}.segmentLastNs`);
    this.#segmentNext = arena.int32(`${name}.segmentNext`);
  }

  /** Appends an entry of a size [bytes] made at a time [ns]. */
  append(partition: number, entry: number, bytes: number, madeNs: number): void {
    this.madeNs = madeNs;
    this.write(partition, entry, bytes);
  }

  private write(partition: number, entry: number, bytes: number): void {
    const offset = this.end[partition]!;
    const ns = this.madeNs;
    const limits = this.#limits[partition]!;
    let segment = this.#lastSegment[partition]!;
    const isFull =
      segment === NONE ||
      this.#segmentBytes.data[segment]! + bytes > limits.bytes ||
      ns - this.#segmentFirstNs.data[segment]! > limits.ns;
    if (isFull) segment = this.#roll(partition);
    this.#segmentBytes.data[segment]! += bytes;
    this.#bytes[partition]! += bytes;
    if (ns > this.#segmentLastNs.data[segment]!) this.#segmentLastNs.data[segment] = ns;
    this.#entries[partition]!.pushBack(entry);
    this.end[partition] = offset + 1;
  }

  /** The entry at an offset that is in memory. */
  at(partition: number, offset: number): number {
    return this.#entries[partition]!.at(offset - this.memory[partition]!);
  }

  /** Overwrites an entry; does nothing when it has left memory. */
  replace(partition: number, offset: number, entry: number): void {
    const position = offset - this.memory[partition]!;
    if (position >= 0) this.#entries[partition]!.set(position, entry);
  }

  /** Takes the oldest entry out of memory if its offset is below `limit`; -1 when there is none. */
  takeBelow(partition: number, limit: number): number {
    if (this.memory[partition]! >= limit) return NONE;
    const entry = this.#entries[partition]!.popFront();
    if (entry !== NONE) this.memory[partition]!++;
    return entry;
  }

  /** Cuts the last entry off while the end is above `end` and returns it; -1 when nothing is left to
   *  cut in memory, and then the log ends at `end`. */
  cutLast(partition: number, end: number): number {
    if (this.end[partition]! <= end) return NONE;
    const entry = this.#entries[partition]!.popBack();
    if (entry === NONE) this.#endAt(partition, end);
    else this.end[partition]!--;
    return entry;
  }

  /** The first offset that stays when segments beyond a limit of age [ns] or size [bytes] are deleted.
   *  Like Kafka it deletes oldest first, never beyond the high watermark, and the last segment too
   *  when all of it has expired by time (a new one is rolled first). */
  expire(partition: number, limits: { readonly beforeNs: number; readonly bytes: number }): number {
    let segment = this.#firstSegment[partition]!;
    while (segment !== NONE) {
      const next = this.#segmentNext.data[segment]!;
      const end = next === NONE ? this.end[partition]! : this.#segmentBase.data[next]!;
      const isOld = this.#segmentLastNs.data[segment]! < limits.beforeNs;
      const isSurplus = this.#bytes[partition]! - this.#segmentBytes.data[segment]! >= limits.bytes;
      if ((!isOld && !isSurplus) || end > this.highWatermark[partition]!) break;
      this.#bytes[partition]! -= this.#segmentBytes.data[segment]!;
      this.#segments.give(segment);
      this.#firstSegment[partition] = next;
      if (next === NONE) this.#lastSegment[partition] = NONE;
      this.start[partition] = end;
      segment = next;
    }
    return this.start[partition]!;
  }

  /** Where the last segment begins, to which entries are added; the end when there is none. */
  activeBase(partition: number): number {
    const last = this.#lastSegment[partition]!;
    return last === NONE ? this.end[partition]! : this.#segmentBase.data[last]!;
  }

  /** First offset of the first segment behind an offset whose youngest entry was made after a time [ns]; the end when
   *  all are older. */
  firstYounger(partition: number, from: number, thanNs: number): number {
    for (let s = this.#firstSegment[partition]!; s !== NONE; s = this.#segmentNext.data[s]!) {
      const next = this.#segmentNext.data[s]!;
      const end = next === NONE ? this.end[partition]! : this.#segmentBase.data[next]!;
      if (end > from && this.#segmentLastNs.data[s]! > thanNs) return this.#segmentBase.data[s]!;
    }
    return this.end[partition]!;
  }

  /** When the oldest entry of the segment was made in which an offset lies [ns]; Infinity behind the end. */
  madeNsAround(partition: number, offset: number): number {
    let madeNs = Infinity;
    for (let s = this.#firstSegment[partition]!; s !== NONE; s = this.#segmentNext.data[s]!) {
      if (this.#segmentBase.data[s]! > offset) break;
      madeNs = this.#segmentFirstNs.data[s]!;
    }
    return offset < this.end[partition]! ? madeNs : Infinity;
  }

  /** The segments from a first offset on have lost entries of these sizes [bytes], by offset. */
  shrink(partition: number, from: number, bytes: readonly number[]): void {
    let s = this.#firstSegment[partition]!;
    bytes.forEach((size, i) => {
      for (;;) {
        const next = this.#segmentNext.data[s]!;
        if (next === NONE || this.#segmentBase.data[next]! > from + i) break;
        s = next;
      }
      this.#segmentBytes.data[s]! -= size;
      this.#bytes[partition]! -= size;
    });
  }

  #roll(partition: number): number {
    const ns = this.madeNs;
    const segment = this.#segments.take();
    if (segment === this.#segmentNext.length) {
      this.#segmentBase.push(0);
      this.#segmentBytes.push(0);
      this.#segmentFirstNs.push(0);
      this.#segmentLastNs.push(0);
      this.#segmentNext.push(NONE);
    }
    this.#segmentBase.data[segment] = this.end[partition]!;
    this.#segmentBytes.data[segment] = 0;
    this.#segmentFirstNs.data[segment] = ns;
    this.#segmentLastNs.data[segment] = ns;
    this.#segmentNext.data[segment] = NONE;
    const last = this.#lastSegment[partition]!;
    if (last === NONE) this.#firstSegment[partition] = segment;
    else this.#segmentNext.data[last] = segment;
    this.#lastSegment[partition] = segment;
    return segment;
  }

  /** The log ends at an offset whose entries have left memory. */
  #endAt(partition: number, end: number): void {
    this.end[partition] = end;
    this.memory[partition] = end;
    if (this.start[partition]! > end) this.start[partition] = end;
  }

  /** Forgets segments that begin at or behind the end, after a cut. What is cut off within a segment
   *  still counts towards its size. */
  dropSegmentsBehindEnd(partition: number): void {
    const end = this.end[partition]!;
    if (this.highWatermark[partition]! > end) this.highWatermark[partition] = end;
    let last = NONE;
    let segment = this.#firstSegment[partition]!;
    while (segment !== NONE) {
      const next = this.#segmentNext.data[segment]!;
      if (this.#segmentBase.data[segment]! < end) last = segment;
      else {
        this.#bytes[partition]! -= this.#segmentBytes.data[segment]!;
        this.#segments.give(segment);
      }
      segment = next;
    }
    if (last === NONE) this.#firstSegment[partition] = NONE;
    else this.#segmentNext.data[last] = NONE;
    this.#lastSegment[partition] = last;
  }
}
