// Which consumer of a Key_Shared subscription gets which key: murmur3 of the key falls into a range of hashes, or between
// points on a ring. Sources: apache/pulsar Murmur3_32Hash, HashRangeAutoSplitStickyKeyConsumerSelector,
// ConsistentHashingStickyKeyConsumerSelector (branch-3.0).

import { toUtf8 } from "../mechanisms/routing/murmur2.ts";

/** Number of hashes that ranges share out. */
export const hashRange = 65_536;

/** What stands for the key of a message that has none: all these go to the same consumer. */
export const noKey = "NONE_KEY";

/** Points of each consumer on the ring. */
const pointsPerConsumer = 100;

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** 32-bit murmur3 with seed 0 over the UTF-8 bytes of a text, unsigned. */
export function murmur3(text: string): number {
  const bytes = toUtf8(text);
  const { length } = bytes;
  const whole = length & ~3;
  let hash = 0;
  for (let i = 0; i < whole; i += 4) {
    const k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    hash ^= scrambled(k);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = length - 1; i >= whole; i--) rest = (rest << 8) | bytes[i]!;
  hash ^= scrambled(rest) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scrambled(k: number): number {
  const turned = Math.imul(k, C1);
  return Math.imul((turned << 15) | (turned >>> 17), C2);
}

/** The hash by which a key finds its consumer, as Pulsar counts it: without sign. */
export function stickyHash(key: string): number {
  return murmur3(key) & 0x7fffffff;
}

/** A range of hashes up to (not including) `end`, from where the one before ends. */
export interface HashSlice {
  readonly end: number;
  readonly consumer: number;
}

/** A consumer joins: it takes the lower half of the largest range, the first of several. */
export function splitFor(slices: readonly HashSlice[], consumer: number): readonly HashSlice[] {
  if (slices.length === 0) return [{ end: hashRange, consumer }];
  let largest = 0;
  let most = 0;
  slices.forEach(({ end }, i) => {
    const width = end - startOf(slices, i);
    if (width > most) {
      most = width;
      largest = i;
    }
  });
  const middle = (startOf(slices, largest) + slices[largest]!.end) >> 1;
  // Ranges of a single hash cannot be split: the newcomer gets none.
  if (most < 2) return slices;
  return slices.toSpliced(largest, 0, { end: middle, consumer });
}

/** A consumer leaves: the one above takes its range over, for the last range the one below. */
export function mergeWithout(slices: readonly HashSlice[], consumer: number): readonly HashSlice[] {
  const at = slices.findIndex((slice) => slice.consumer === consumer);
  if (at < 0) return slices;
  const isLast = at === slices.length - 1;
  if (!isLast || slices.length === 1) return slices.toSpliced(at, 1);
  return slices.toSpliced(at - 1, 2, { end: hashRange, consumer: slices[at - 1]!.consumer });
}

function startOf(slices: readonly HashSlice[], at: number): number {
  return at === 0 ? 0 : slices[at - 1]!.end;
}

/** The consumer in whose range a hash falls; -1 without consumers. */
export function consumerInRange(slices: readonly HashSlice[], hash: number): number {
  const slot = hash % hashRange;
  return slices.find(({ end }) => slot < end)?.consumer ?? -1;
}

/** A point on the ring of hashes. */
export interface RingPoint {
  readonly hash: number;
  readonly consumer: number;
}

/** The points of consumers by their names, in the order of their hashes; at the same hash in the order of the list. */
export function ringOf(
  consumers: readonly { readonly name: string; readonly consumer: number }[],
): readonly RingPoint[] {
  return consumers
    .flatMap(({ name, consumer }) =>
      Array.from({ length: pointsPerConsumer }, (_, i) => ({
        hash: stickyHash(`${name}${i}`),
        consumer,
      })),
    )
    .sort((a, b) => a.hash - b.hash);
}

/** The consumer at the first point that is not below a hash, round the ring; -1 without consumers. */
export function consumerOnRing(ring: readonly RingPoint[], hash: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ring[middle]!.hash < hash) low = middle + 1;
    else high = middle;
  }
  return (ring[low] ?? ring[0])?.consumer ?? -1;
}
