// How large a .proto text may be. protobufjs takes time with the square of the number of fields of each message (700 of
// them take 0.4 s), so both are limited before it is asked.

import type { Span } from "../placedProblem.ts";
import { outlineOf } from "./outline.ts";

/** Longest text that is read [UTF-16 units]. */
const lengthMax = 300_000;

/** Largest sum of the squares of the numbers of fields: 700 fields in one message, or 20 in each of 1250. */
const workMax = 500_000;

/** What is too much in a text, and where; undefined: it can be read. */
export function excessOf(
  text: string,
): { readonly message: string; readonly span: Span } | undefined {
  if (text.length > lengthMax) {
    const message = `The text is longer than ${lengthMax} characters. Split it.`;
    return { message, span: { start: 0, end: 0 } };
  }
  const counts = new Map<string, number>();
  let work = 0;
  const excess = outlineOf(text).declarations.find(({ kind, path }) => {
    if (kind !== "field") return false;
    const owner = path.slice(0, -1).join(".");
    const count = (counts.get(owner) ?? 0) + 1;
    counts.set(owner, count);
    work += 2 * count - 1;
    return work > workMax;
  });
  if (excess === undefined) return undefined;
  const message = "Messages with so many fields are not read. Split them.";
  return { message, span: excess.span };
}
