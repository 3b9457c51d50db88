// What all series over simulated time have in common: buckets of equal width, a fixed number at most; when time passes
// the last one, neighbours merge and the width doubles. The last bucket is open: what happens in it goes to a few cells
// of the series, whose bounds spare a division, and to the memory of all closed buckets when time leaves it.

/** Size of a series. */
export interface SeriesOptions {
  /** Most buckets kept, an even number; 600 if not given. */
  readonly capacity?: number;
  /** Width of a bucket at the start [ns]; 100 ms if not given. */
  readonly widthNs?: number;
}

/** Most buckets of a series, unless it is told. */
export const capacityDefault = 600;
/** Width of a bucket at the start [ns], unless it is told. */
export const widthNsDefault = 100_000_000;

/** Name of the column in which all series of an arena keep their closed buckets. Each gets room for as many as it can
 *  have when it closes its first one: columns of their own would have to be found and enlarged again and again. */
export const closedBuckets = "series/closed";

/** Registers for doubles on their way into a series: what callers inline stays small, and no double is boxed. */
export const register = new Float64Array(2);

/** Some buckets, each as many cells side by side: where they begin, and how many there are of them. */
export interface Buckets {
  readonly first: number;
  readonly count: number;
  readonly width: number;
}

/** Adds neighbouring buckets in place, cell by cell, and clears what is left over; returns how many are left. */
export function mergeSums(cells: Float64Array | Int32Array, of: Buckets): number {
  const { first, count, width } = of;
  const half = (count + 1) >> 1;
  for (let bucket = 0; bucket < half; bucket++)
    for (let i = 0; i < width; i++) {
      const even = first + 2 * bucket * width + i;
      const odd = 2 * bucket + 1 < count ? cells[even + width]! : 0;
      cells[first + bucket * width + i] = cells[even]! + odd;
    }
  cells.fill(0, first + half * width, first + count * width);
  return half;
}

/** The capacity, if two neighbours can always merge. */
export function evenCapacity(capacity: number): number {
  if (capacity >= 2 && capacity % 2 === 0) return capacity;
  throw new Error(`A series needs an even number of buckets, not ${capacity}.`);
}

/** The width, if it is a positive integer [ns]. */
export function positiveWidth(widthNs: number): number {
  if (Number.isSafeInteger(widthNs) && widthNs > 0) return widthNs;
  throw new Error(`A bucket cannot be ${widthNs} ns wide.`);
}

/** Throws unless this is a time [ns] that a series can hold. */
export function requireTime(timeNs: number): void {
  if (!(timeNs >= 0 && timeNs < Infinity)) throw new Error(`There is no time ${timeNs} ns.`);
}
