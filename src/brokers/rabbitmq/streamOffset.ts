// Where a reader of a stream begins, as x-stream-offset says it.

const NS_PER_S = 1e9;

/** Seconds in the units of intervals, as the documentation of x-max-age has them. */
const unitS: Readonly<Record<string, number>> = {
  Y: 31_536_000,
  M: 2_592_000,
  D: 86_400,
  h: 3600,
  m: 60,
  s: 1,
};

/** A place in a stream: one of its ends, an offset, or the first message since a time [ns] that is told from the start of
 *  the run or back from when the reader attaches. */
export type StreamOffset =
  | { readonly from: "first" | "last" | "next" }
  | { readonly from: "offset"; readonly offset: number }
  | { readonly from: "time" | "ago"; readonly ns: number };

/** Where a text says that a stream is to be read from; undefined when it says nothing that RabbitMQ knows. */
export function streamOffsetOf(text: string): StreamOffset | undefined {
  if (text === "first" || text === "last" || text === "next") return { from: text };
  if (/^\d{1,9}$/u.test(text)) return { from: "offset", offset: Number(text) };
  const [, seconds] = /^timestamp (\d{1,9})$/u.exec(text) ?? [];
  if (seconds !== undefined) return { from: "time", ns: Number(seconds) * NS_PER_S };
  const [, count, unit] = /^(\d{1,6})([YMDhms])$/u.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return { from: "ago", ns: Number(count) * unitS[unit]! * NS_PER_S };
}
