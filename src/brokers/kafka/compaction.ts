// Log compaction: of each key the last record stays. The cleaner looks at closed segments only, when enough of them is new
// or too old, and leaves offsets as they are, so that gaps remain. After Kafka's LogCleanerManager and Cleaner.

import { msToNs } from "../../base/units.ts";
import { Ring } from "../../kernel/ring.ts";
import { messageOf } from "./entries.ts";
import { isCompacted, type KafkaPlan } from "./plan.ts";
import type { StableOffsets } from "./stableOffsets.ts";
import type { PartitionLogs } from "../mechanisms/log.ts";
import type { BrokerContext } from "../technology.ts";

const NS_PER_S = 1e9;

/** No record of a key here: a control record, one of an aborted transaction, or one that is removed. */
const GONE = -1;

/** What stands in the closed and open segments of one compacted partition, by offset from `base`. */
interface Kept {
  /** Key × 2, and one more for a tombstone; GONE. */
  readonly keys: Ring;
  readonly bytes: Ring;
  /** Of a tombstone: from when on it may be removed [s]; 0 before it was first compacted. */
  readonly horizons: Ring;
}

/** What the broker does when records are removed. */
interface CompactionOwner {
  remove(partition: number, offset: number): void;
  /** The cleaner is through with a partition. */
  onCleaned(partition: number): void;
}

/** Compacted partitions of one broker. */
export class Compaction {
  readonly #plan: KafkaPlan;
  readonly #context: BrokerContext;
  readonly #logs: PartitionLogs;
  readonly #owner: CompactionOwner;
  readonly #stable: StableOffsets | undefined;
  readonly #kept: readonly (Kept | undefined)[];
  /** Per partition: offset of the first entry in `kept` · first one never compacted · number of entries removed. */
  readonly #base: Float64Array;
  readonly #dirty: Float64Array;
  readonly #removed: Float64Array;

  constructor(
    { plan, context }: { readonly plan: KafkaPlan; readonly context: BrokerContext },
    logs: PartitionLogs,
    about: { readonly owner: CompactionOwner; readonly stable: StableOffsets | undefined },
  ) {
    const { arena } = context;
    const name = `${plan.id}.compaction`;
    this.#plan = plan;
    this.#context = context;
    this.#logs = logs;
    this.#owner = about.owner;
    this.#stable = about.stable;
    this.#kept = plan.topicOf.map((topic, partition) => {
      if (!isCompacted(plan.topics[topic]!)) return undefined;
      const ring = (of: string): Ring => new Ring(arena, `${name}.${of}.${partition}`);
      return { keys: ring("keys"), bytes: ring("bytes"), horizons: ring("horizons") };
    });
    const partitions = plan.topicOf.length;
    this.#base = arena.float64(`${name}.base`, partitions).data;
    this.#dirty = arena.float64(`${name}.dirty`, partitions).data;
    this.#removed = arena.float64(`${name}.removed`, partitions).data;
  }

  /** Whether a partition is compacted. */
  isCompacted(partition: number): boolean {
    return this.#kept[partition] !== undefined;
  }

  /** Entries between start and end of the log that are no records any more. */
  removed(partition: number): number {
    return this.#removed[partition]!;
  }

  /** The log has grown: notes what has been added. */
  follow(partition: number): void {
    const kept = this.#kept[partition];
    if (kept === undefined) return;
    const { publishers, publisherOf } = this.#plan;
    for (
      let offset = this.#base[partition]! + kept.keys.size();
      offset < this.#logs.end[partition]!;
      offset++
    ) {
      const message = messageOf(this.#logs.at(partition, offset));
      if (message < 0) {
        push(kept, GONE, 0);
        this.#removed[partition]!++;
        continue;
      }
      const publisher = publishers[publisherOf[this.#context.publisherOf(message)]!];
      const isTombstone = publisher?.values["null.value"] === true;
      const key = 2 * this.#context.keyOf(message) + Number(isTombstone);
      push(kept, key, this.#context.sizeOf(message));
    }
  }

  /** The transaction of a record is aborted: it says nothing about its key. */
  abort(partition: number, offset: number): void {
    const kept = this.#kept[partition];
    if (kept === undefined) return;
    kept.keys.set(offset - this.#base[partition]!, GONE);
    this.#removed[partition]!++;
  }

  /** The log begins further on, or ends earlier. */
  fit(partition: number): void {
    const kept = this.#kept[partition];
    if (kept === undefined) return;
    const { keys, bytes, horizons } = kept;
    const take = (key: number): void => {
      if (key === GONE) this.#removed[partition]!--;
    };
    while (this.#base[partition]! < this.#logs.start[partition]! && keys.size() > 0) {
      take(keys.popFront());
      bytes.popFront();
      horizons.popFront();
      this.#base[partition]!++;
    }
    while (this.#base[partition]! + keys.size() > this.#logs.end[partition]!) {
      if (keys.size() === 0) break;
      take(keys.popBack());
      bytes.popBack();
      horizons.popBack();
    }
    if (keys.size() === 0) this.#base[partition] = this.#logs.end[partition]!;
    this.#dirty[partition] = Math.min(
      Math.max(this.#dirty[partition]!, this.#base[partition]!),
      this.#logs.end[partition]!,
    );
  }

  /** The cleaner looks at all partitions. */
  clean(): void {
    for (let partition = 0; partition < this.#kept.length; partition++) {
      const kept = this.#kept[partition];
      if (kept === undefined) continue;
      const end = this.#cleanableEnd(partition);
      if (end > this.#dirty[partition]! && this.#isDue(partition, kept, end))
        this.#compact(partition, kept, end);
    }
  }

  /** Up to where compaction may go: not into the open segment, nor behind an open transaction, nor to records that are
   *  too young. */
  #cleanableEnd(partition: number): number {
    const stable = this.#stable?.lastStable(partition) ?? this.#logs.highWatermark[partition]!;
    const end = Math.min(stable, this.#logs.activeBase(partition));
    const lagMs = this.#valuesOf(partition)["min.compaction.lag.ms"];
    if (lagMs === 0) return end;
    const youngNs = this.#context.now() - msToNs(lagMs);
    return Math.min(end, this.#logs.firstYounger(partition, this.#dirty[partition]!, youngNs));
  }

  #isDue(partition: number, { bytes }: Kept, end: number): boolean {
    const values = this.#valuesOf(partition);
    const base = this.#base[partition]!;
    const dirty = this.#dirty[partition]!;
    const lagMs = values["max.compaction.lag.ms"];
    const madeNs = this.#logs.madeNsAround(partition, dirty);
    if (lagMs !== null && this.#context.now() - madeNs > msToNs(lagMs)) return true;
    let cleanBytes = 0;
    let dirtyBytes = 0;
    for (let offset = base; offset < dirty; offset++) cleanBytes += bytes.at(offset - base);
    for (let offset = dirty; offset < end; offset++) dirtyBytes += bytes.at(offset - base);
    return dirtyBytes > values["min.cleanable.dirty.ratio"] * (cleanBytes + dirtyBytes);
  }

  /** Removes what has a later record of its key in the dirty part, and tombstones that were kept long enough. */
  #compact(partition: number, { keys, bytes, horizons }: Kept, end: number): void {
    const base = this.#base[partition]!;
    const last = new Map<number, number>();
    for (let offset = this.#dirty[partition]!; offset < end; offset++) {
      const key = keys.at(offset - base);
      if (key !== GONE) last.set(key >> 1, offset);
    }
    const nowS = this.#context.now() / NS_PER_S;
    const keptMs = this.#valuesOf(partition)["delete.retention.ms"];
    const horizonS = Math.ceil((this.#context.now() + msToNs(keptMs)) / NS_PER_S);
    const freed: number[] = [];
    for (let at = 0; at < end - base; at++) {
      const key = keys.at(at);
      freed.push(0);
      if (key === GONE) {
        freed[at] = bytes.at(at);
        bytes.set(at, 0);
        continue;
      }
      const later = last.get(key >> 1) ?? GONE;
      const isTombstone = (key & 1) === 1;
      const horizon = horizons.at(at);
      const isExpired = isTombstone && horizon > 0 && horizon <= nowS;
      if (isTombstone && horizon === 0) horizons.set(at, horizonS);
      if (later <= base + at && !isExpired) continue;
      freed[at] = bytes.at(at);
      keys.set(at, GONE);
      bytes.set(at, 0);
      this.#removed[partition]!++;
      this.#owner.remove(partition, base + at);
    }
    this.#logs.shrink(partition, base, freed);
    this.#dirty[partition] = end;
    this.#owner.onCleaned(partition);
  }

  #valuesOf(partition: number) {
    return this.#plan.topics[this.#plan.topicOf[partition]!]!.values;
  }
}

function push({ keys, bytes, horizons }: Kept, key: number, size: number): void {
  keys.pushBack(key);
  bytes.pushBack(size);
  horizons.pushBack(0);
}
