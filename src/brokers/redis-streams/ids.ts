// Ids of stream entries: milliseconds and a number, which rise with every entry. Two doubles, because both halves are
// 64-bit numbers in Redis and 2^53 of each are enough here.

/** An entry's id. */
export interface StreamId {
  readonly ms: number;
  readonly number: number;
}

/** The id before all others. */
export const ZERO_ID: StreamId = { ms: 0, number: 0 };

/** Negative when `a` comes before `b`, 0 when they are the same. */
export function compareIds(a: StreamId, b: StreamId): number {
  return a.ms - b.ms || a.number - b.number;
}

/** An id as people write it: "5-1", or "5" for "5-0"; undefined when it is none. */
export function parseId(text: string): StreamId | undefined {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/u.exec(text);
  return found === null ? undefined : { ms: Number(found[1]), number: Number(found[2] ?? 0) };
}

/** An id as Redis writes it. */
export function formatId({ ms, number }: StreamId): string {
  return `${ms}-${number}`;
}

/** The id that `XADD *` gives: the time, or, when the clock has not moved on, the last id's and one more. */
export function autoId(last: StreamId, nowMs: number): StreamId {
  return nowMs > last.ms ? { ms: nowMs, number: 0 } : { ms: last.ms, number: last.number + 1 };
}

/** Why `XADD` refuses an id, in Redis' words; undefined when it does not. */
export function idFault(last: StreamId, id: StreamId): string | undefined {
  if (compareIds(id, ZERO_ID) === 0) return "The ID specified in XADD must be greater than 0-0";
  return compareIds(id, last) > 0
    ? undefined
    : "The ID specified in XADD is equal or smaller than the target stream top item";
}
