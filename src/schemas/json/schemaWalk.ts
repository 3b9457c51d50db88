// Where schemas stand inside a JSON Schema, so that data in it (`default`, `enum`, `examples`, property names) is never
// mistaken for one. Covers draft 7 and 2020-12.

import { pathTo } from "../../base/problem.ts";

/** Keywords whose value is a schema. */
const single = [
  "additionalItems",
  "additionalProperties",
  "contains",
  "contentSchema",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
] as const;

/** Keywords whose value is a list of schemas. */
const list = ["allOf", "anyOf", "items", "oneOf", "prefixItems"] as const;

/** Keywords whose value has a schema under each name. */
const map = [
  "$defs",
  "definitions",
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
] as const;

/** What a keyword holds: one schema, a list of them, or one for each name. */
export const schemaKeywords = {
  single: new Set<string>(single),
  list: new Set<string>(list),
  map: new Set<string>(map),
};

/** Deepest nesting that is followed; deeper schemas are refused by the check. */
export const schemaDepthMax = 64;

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Calls `visit` for a schema and every schema inside it, outer ones first, with the path of each. */
export function forEachSchema(
  schema: Record<string, unknown>,
  visit: (part: Record<string, unknown>, path: string, depth: number) => void,
): void {
  walk(schema, { path: "", depth: 0, visit });
}

interface Walk {
  readonly path: string;
  readonly depth: number;
  readonly visit: (part: Record<string, unknown>, path: string, depth: number) => void;
}

function walk(value: unknown, at: Walk): void {
  if (!isRecord(value) || at.depth > schemaDepthMax) return;
  at.visit(value, at.path, at.depth);
  for (const [path, part] of partsOf(value, at.path))
    walk(part, { path, depth: at.depth + 1, visit: at.visit });
}

/** The values that stand where a schema is expected, with their paths. */
export function partsOf(
  schema: Readonly<Record<string, unknown>>,
  path: string,
): readonly (readonly [path: string, part: unknown])[] {
  return Object.entries(schema).flatMap(([key, value]) =>
    partsUnder(key, value, pathTo(path, key)),
  );
}

function partsUnder(
  key: string,
  value: unknown,
  place: string,
): readonly (readonly [path: string, part: unknown])[] {
  const { single: one, list: several, map: named } = schemaKeywords;
  if (Array.isArray(value))
    return several.has(key) ? value.map((part, index) => [pathTo(place, index), part]) : [];
  if (one.has(key)) return [[place, value]];
  if (!named.has(key) || !isRecord(value)) return [];
  // Under `dependencies` a list of names may stand instead of a schema.
  return Object.entries(value)
    .filter(([, part]) => !Array.isArray(part))
    .map(([name, part]) => [pathTo(place, name), part]);
}

/** Names that a schema gives to places inside itself (`$anchor`, or draft 7's `$id: "#name"`), with their paths. */
export function anchorsOf(schema: Record<string, unknown>): ReadonlyMap<string, string> {
  const anchors = new Map<string, string>();
  forEachSchema(schema, (part, path) => {
    const { $anchor: anchor, $id: id } = part;
    if (typeof anchor === "string") anchors.set(anchor, path);
    if (typeof id === "string" && /^#[^/]/u.test(id)) anchors.set(id.slice(1), path);
  });
  return anchors;
}

/** The path inside the schema to which a reference leads; undefined when it leads outside or nowhere. */
export function resolveReference(
  schema: Readonly<Record<string, unknown>>,
  reference: string,
  anchors: ReadonlyMap<string, string>,
): string | undefined {
  if (!reference.startsWith("#")) return undefined;
  const isPointer = reference === "#" || reference.startsWith("#/");
  const path = isPointer ? decode(reference.slice(1)) : anchors.get(reference.slice(1));
  return path !== undefined && standsAt(schema, path) ? path : undefined;
}

function standsAt(schema: Readonly<Record<string, unknown>>, path: string): boolean {
  let at: unknown = schema;
  for (const step of path.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!(isRecord(at) || Array.isArray(at)) || !Object.hasOwn(at, key)) return false;
    at = Object.entries(at).find(([name]) => name === key)?.[1];
  }
  return isRecord(at) || typeof at === "boolean";
}

function decode(pointer: string): string | undefined {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return undefined;
  }
}
