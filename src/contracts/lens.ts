// Two views of one part of a scenario: as the scenario has it, and as AsyncAPI says it. Where AsyncAPI says less, the
// original is kept beside it and counts for as long as nobody has changed what AsyncAPI says.

import { isEqual, isObject } from "../model/equal.ts";

/** How a part of a scenario is said in AsyncAPI, and how it is read back. */
export interface Lens<Value, Said> {
  readonly write: (value: Value) => Said;
  readonly read: (said: unknown) => Value;
}

/** An original beside what was said for it. */
export interface Original {
  /** Fingerprint of what was said. */
  readonly of: string;
  readonly value: unknown;
}

/** The original of a part, unless reading what is said brings it back exactly. */
export function originalOf<Value, Said>(
  { write, read }: Lens<Value, Said>,
  value: Value,
): Original | undefined {
  const said = write(value);
  return isEqual(read(said), value) ? undefined : { of: fingerprint(said), value };
}

/** The part: its original while still the same is said, otherwise what is said, as `read` understands it. */
export function recover(
  original: unknown,
  said: unknown,
  read: (said: unknown) => unknown,
): unknown {
  if (!isObject(original) || original["of"] !== fingerprint(said)) return read(said);
  return original["value"];
}

/** Eight digits that differ where the data differs (nearly always); the order of keys does not count. */
export function fingerprint(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(withSortedKeys(value)) ?? "")
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, part]) => [key, withSortedKeys(part)]);
}
