// Whether a value fits a JSON Schema (draft 7 or 2020-12), in bounded time even where schema and value are made to take
// forever: references that multiply, regular expressions that never end, values of great size.

import { dereference, type OutputUnit, validate } from "@cfworker/json-schema";
import type { JsonSchema } from "../../model/scenario.ts";
import { forEachSchema, isRecord } from "./schemaWalk.ts";
import { isSlowPattern } from "./slowPattern.ts";

/** What does not fit in a value. */
export interface Misfit {
  /** JSON Pointer into the value. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}

/** The verdict about a value. */
export interface Fit {
  readonly verdict: "fits" | "misfit" | "unknown";
  /** Why it does not fit; empty for the other verdicts. */
  readonly misfits: readonly Misfit[];
}

/** Most references that are followed for one value. */
const referencesMax = 20_000;

/** Most parts of a value that is looked at. */
const partsMax = 5_000;

/** Most parts of a value times parts of its schema: each may have to be looked at with each. */
const workMax = 20_000_000;

/** Longest text in a value that is matched with a pattern [UTF-16 units]. */
const textLengthMax = 5_000;

/** Most misfits that are reported for one value. */
const misfitsMax = 20;

const unknown: Fit = { verdict: "unknown", misfits: [] };

/** Prepares a schema; the function that it gives says whether a value fits. The verdict is unknown where the schema
 *  refers to something outside of it, has errors, or would take too long. Formats are checked. */
export function fitOf(schema: JsonSchema): (value: unknown) => Fit {
  const prepared = prepare(schema);
  if (prepared === undefined) return () => unknown;
  return (value) => {
    if (isTooLarge(value, prepared)) return unknown;
    let left = referencesMax;
    const lookup = new Proxy(prepared.lookup, {
      get: (table, uri) => {
        if (--left < 0) throw new RangeError("too many references");
        return typeof uri === "string" ? table[uri] : undefined;
      },
    });
    try {
      const { valid, errors } = validate(value, prepared.copy, prepared.draft, lookup, false);
      return valid
        ? { verdict: "fits", misfits: [] }
        : { verdict: "misfit", misfits: misfitsOf(errors) };
    } catch {
      return unknown;
    }
  };
}

function prepare(schema: JsonSchema) {
  let isSlow = false;
  let hasPatterns = false;
  let size = 0;
  forEachSchema({ ...schema }, ({ pattern, patternProperties }) => {
    size++;
    const patterns = isRecord(patternProperties) ? Object.keys(patternProperties) : [];
    if (typeof pattern === "string") patterns.push(pattern);
    hasPatterns ||= patterns.length > 0;
    isSlow ||= patterns.some(isSlowPattern);
  });
  if (isSlow) return undefined;
  try {
    // The validator writes addresses into what it is given.
    const copy: unknown = JSON.parse(JSON.stringify(schema));
    if (!isRecord(copy)) return undefined;
    const draft = String(schema["$schema"]).includes("2020-12") ? "2020-12" : "7";
    return { copy, draft, lookup: dereference(copy), hasPatterns, size } as const;
  } catch {
    return undefined;
  }
}

function isTooLarge(
  value: unknown,
  schema: { readonly hasPatterns: boolean; readonly size: number },
): boolean {
  const open: unknown[] = [value];
  // The list grows while it is walked.
  for (const part of open) {
    if (open.length > partsMax || open.length * schema.size > workMax) return true;
    if (typeof part === "string" && schema.hasPatterns && part.length > textLengthMax) return true;
    if (typeof part !== "object" || part === null) continue;
    const parts: readonly unknown[] = Object.values(part);
    if (parts.length > partsMax) return true;
    open.push(...parts);
  }
  return false;
}

// The validator reports every level on the way to a mistake; the mistakes themselves are what people look for. Under
// a choice (`anyOf`) each branch has reasons of its own, which say less than that none of them fits.
function misfitsOf(errors: readonly OutputUnit[]): readonly Misfit[] {
  const ways = new Set(["properties", "patternProperties", "additionalProperties", "items", "if"]);
  for (const keyword of ["$ref", "allOf", "prefixItems", "additionalItems"]) ways.add(keyword);
  const choices = errors
    .filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf")
    .map(({ keywordLocation }) => `${keywordLocation}/`);
  const found = errors.filter(
    ({ keyword, keywordLocation }) =>
      !ways.has(keyword) && !choices.some((choice) => keywordLocation.startsWith(choice)),
  );
  return (found.length > 0 ? found : errors)
    .slice(0, misfitsMax)
    .map(({ instanceLocation, error }) => ({
      path: pathOf(instanceLocation),
      message: sentence(error),
    }));
}

function pathOf(location: string): string {
  return decodeURIComponent(location.replace(/^#/u, ""));
}

function sentence(error: string): string {
  return error
    .replace(/^Instance /u, "It ")
    .replace(
      /^It type "(\w+)" is invalid. Expected (.*)\.$/u,
      "It is of the type $1 instead of $2.",
    )
    .replace("False boolean schema.", "It may not be there.");
}
