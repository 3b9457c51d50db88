// Names and numbers of a .proto file: each once in its message or enum, none that is reserved, all in their range.

import type { Problem } from "../../base/problem.ts";
import type { Span } from "../placedProblem.ts";
import { error, warning } from "../schemaProblems.ts";
import { type Declaration, fieldNumberMax, type Outline } from "./outline.ts";

type Finding = readonly [Problem, Span];

/** What is wrong with the names and numbers that a text declares. */
export function checkNumbers(outline: Outline): readonly Finding[] {
  const { tokens, declarations } = outline;
  return [
    ...checkSyntaxLine(tokens),
    ...repeats(declarations, nameKey, ({ path }) => `The name “${path.at(-1)}” is there already.`),
    ...repeats(declarations, numberKey, ({ number }) => `The number ${number} is taken already.`),
    ...declarations.flatMap(checkRange),
    ...checkReserved(outline),
    ...checkZero(outline),
  ];
}

function checkSyntaxLine(tokens: Outline["tokens"]): readonly Finding[] {
  const [first] = tokens;
  if (first === undefined || first.text === "syntax" || first.text === "edition") return [];
  const message = 'Without a first line, this is read as proto2. Write syntax = "proto3"; above.';
  return [[warning("contract/doubtful", "", message), first]];
}

// Values of enums share the names of what the enum stands in; that they do is C++'s doing and left to protoc.
function nameKey({ path }: Declaration): string {
  return path.join(".");
}

function numberKey({ kind, path, number }: Declaration): string | undefined {
  return number === undefined || kind === "value"
    ? undefined
    : `${path.slice(0, -1).join(".")} ${number}`;
}

function repeats(
  declarations: readonly Declaration[],
  keyOf: (one: Declaration) => string | undefined,
  sentence: (one: Declaration) => string,
): readonly Finding[] {
  const seen = new Set<string>();
  return declarations.flatMap((one) => {
    const key = keyOf(one);
    if (key === undefined) return [];
    const isNew = !seen.has(key);
    seen.add(key);
    const message = `${sentence(one)} Choose another.`;
    return isNew ? [] : [[error("contract/schema", "", message), one.span] as const];
  });
}

function checkRange({ kind, number, numberSpan }: Declaration): readonly Finding[] {
  if (kind !== "field" || number === undefined || numberSpan === undefined) return [];
  const isTaken = number >= 19_000 && number <= 19_999;
  if (number >= 1 && number <= fieldNumberMax && !isTaken) return [];
  const message = isTaken
    ? "The numbers 19000 to 19999 belong to Protobuf itself. Choose another."
    : `The number of a field lies between 1 and ${fieldNumberMax}.`;
  return [[error("contract/schema", "", message), numberSpan]];
}

/** Most reservations of one message that are looked at. */
const reservationsMax = 1_000;

interface Reserved {
  readonly names: Set<string>;
  readonly ranges: (readonly [first: number, last: number])[];
}

function checkReserved({ declarations, reservations }: Outline): readonly Finding[] {
  const byOwner = new Map<string, Reserved>();
  for (const { path, names, ranges } of reservations) {
    const owner = path.join(".");
    const known = byOwner.get(owner) ?? { names: new Set<string>(), ranges: [] };
    for (const name of names) known.names.add(name);
    known.ranges.push(...ranges.slice(0, reservationsMax - known.ranges.length));
    byOwner.set(owner, known);
  }
  return declarations.flatMap((one): readonly Finding[] => {
    const reserved = byOwner.get(one.path.slice(0, -1).join("."));
    const { kind, number, numberSpan = one.span } = one;
    if (reserved === undefined || (kind !== "field" && kind !== "value")) return [];
    const name = one.path.at(-1) ?? "";
    const byName = `The name “${name}” is reserved here. Choose another.`;
    const byNumber = `The number ${number} is reserved here. Choose another.`;
    const isInside = (range: readonly [number, number]): boolean =>
      number !== undefined && number >= range[0] && number <= range[1];
    return [
      ...(reserved.names.has(name)
        ? [[error("contract/schema", "", byName), one.span] as const]
        : []),
      ...(reserved.ranges.some(isInside)
        ? [[error("contract/schema", "", byNumber), numberSpan] as const]
        : []),
    ];
  });
}

/** In proto3 the first value of an enum is its default and has the number 0. */
function checkZero({ tokens, declarations }: Outline): readonly Finding[] {
  if (tokens[2]?.text.includes("proto3") !== true) return [];
  const seen = new Set<string>();
  return declarations.flatMap(({ kind, path, number, numberSpan, span }): readonly Finding[] => {
    const owner = path.slice(0, -1).join(".");
    if (kind !== "value" || seen.has(owner)) return [];
    seen.add(owner);
    if (number === 0) return [];
    const message =
      "In proto3 the first value of an enum has the number 0. Put such a value first.";
    return [[error("contract/schema", "", message), numberSpan ?? span]];
  });
}
