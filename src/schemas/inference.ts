// A JSON Schema from samples. Our own, because quicktype-core (319 kB) guesses names, maps and enums, closes every object
// and invents formats such as "integer" for "42", and the small libraries know no formats.

import { format as formatChecks } from "@cfworker/json-schema";
import type { JsonSchema } from "../model/scenario.ts";
import { depthMax } from "../model/limits.ts";
import { parseJsonText } from "./json/jsonText.ts";
import { isRecord } from "./json/schemaWalk.ts";
import { placed, type PlacedProblem } from "./placedProblem.ts";
import { error } from "./schemaProblems.ts";

/** Samples that were read from a text. */
export interface SampleText {
  readonly samples: readonly unknown[];
  /** What cannot be read; then there are no samples. */
  readonly problems: readonly PlacedProblem[];
}

/** Reads samples: one JSON value, a list of them, or one on each line. */
export function readSamples(text: string): SampleText {
  const whole = parseJsonText(text);
  if (whole.ok) {
    const { value } = whole.value;
    return { samples: Array.isArray(value) ? value : [value], problems: [] };
  }
  const lines = readLines(text);
  if (lines !== undefined) return lines;
  const problem = error("contract/json", "", whole.failure.message);
  return { samples: [], problems: [placed(problem, whole.failure, text)] };
}

/** Samples on lines; undefined where the first line is not one of them. */
function readLines(text: string): SampleText | undefined {
  const samples: unknown[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const read = line.trim() === "" ? undefined : parseJsonText(line);
    if (read?.ok === true) samples.push(read.value.value);
    else if (read !== undefined) {
      if (samples.length === 0) return undefined;
      const span = { start: start + read.failure.start, end: start + read.failure.end };
      const problem = error("contract/json", "", read.failure.message);
      return { samples: [], problems: [placed(problem, span, text)] };
    }
    start += line.length + 1;
  }
  return samples.length === 0 ? undefined : { samples, problems: [] };
}

/** Formats that are recognised, the narrower ones first. */
const formats = ["date-time", "date", "time", "uuid", "email", "ipv4", "ipv6", "duration", "uri"];

/** Most names that an object is described with; with more of them it is a map. */
const namesMax = 200;

/** What was seen at one place of the samples. */
interface Seen {
  readonly types: Set<string>;
  /** Formats that all texts have; undefined: there was no text. */
  formats?: readonly string[];
  /** How many objects there were. */
  objects: number;
  readonly members: Map<string, { readonly seen: Seen; count: number }>;
  items?: Seen;
}

/** A schema that all samples fit: types are merged, members are required where every object has them, and texts have a
 *  format where all of them do. Values are not guessed to be the only ones (enum), objects stay open. */
export function inferSchema(samples: readonly unknown[]): JsonSchema {
  const seen = nothing();
  for (const sample of samples) see(seen, sample, 0);
  return { $schema: "http://json-schema.org/draft-07/schema#", ...describe(seen) };
}

function nothing(): Seen {
  return { types: new Set(), objects: 0, members: new Map() };
}

function see(seen: Seen, value: unknown, depth: number): void {
  seen.types.add(typeOf(value));
  if (typeof value === "string")
    seen.formats = (seen.formats ?? formats).filter((format) => hasFormat(value, format));
  if (depth >= depthMax) return;
  if (Array.isArray(value))
    for (const item of value) see((seen.items ??= nothing()), item, depth + 1);
  else if (isRecord(value)) {
    seen.objects++;
    for (const [name, part] of Object.entries(value)) {
      const member = seen.members.get(name) ?? { seen: nothing(), count: 0 };
      member.count++;
      seen.members.set(name, member);
      see(member.seen, part, depth + 1);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

// By the rules of the validator, so that what was recognised also fits.
function hasFormat(text: string, format: string): boolean {
  if (text.length > 2_000 || formatChecks[format]?.(text) !== true) return false;
  // Many words with a colon are addresses by the letter.
  return format !== "uri" || /^(?:[a-z][a-z\d+.-]*:\/\/|urn:|mailto:)/iu.test(text);
}

function describe(seen: Seen): JsonSchema {
  const types = [...seen.types].filter((type) => type !== "integer" || !seen.types.has("number"));
  const [format] = seen.formats ?? [];
  return {
    ...(types.length === 0 ? {} : { type: types.length === 1 ? types[0] : types.toSorted() }),
    ...(format === undefined ? {} : { format }),
    ...(seen.objects > 0 ? describeMembers(seen) : {}),
    ...(seen.items === undefined ? {} : { items: describe(seen.items) }),
  };
}

function describeMembers({ members, objects }: Seen): JsonSchema {
  // A key that would change what the object is cannot stand in a document.
  const named = [...members].filter(([name]) => name !== "__proto__");
  if (named.length > namesMax) return { additionalProperties: describe(merged(named)) };
  const required = named.filter(([, { count }]) => count === objects).map(([name]) => name);
  return {
    properties: Object.fromEntries(named.map(([name, member]) => [name, describe(member.seen)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** One view of all members, as the values of a map. */
function merged(named: readonly (readonly [string, { readonly seen: Seen }])[]): Seen {
  const whole = nothing();
  for (const [, { seen }] of named) absorb(whole, seen);
  return whole;
}

function absorb(whole: Seen, part: Seen): void {
  for (const type of part.types) whole.types.add(type);
  if (part.formats !== undefined) {
    const { formats: others } = part;
    whole.formats = (whole.formats ?? formats).filter((format) => others.includes(format));
  }
  whole.objects += part.objects;
  for (const [name, { seen, count }] of part.members) {
    const member = whole.members.get(name) ?? { seen: nothing(), count: 0 };
    member.count += count;
    whole.members.set(name, member);
    absorb(member.seen, seen);
  }
  if (part.items !== undefined) absorb((whole.items ??= nothing()), part.items);
}
