// A JSON Schema as json-schema-faker can use it: keywords of other tools are left out (it has some of its own), draft 7
// becomes 2020-12, one-sided ranges get a second side, and sizes stay within what anybody wants to look at.

import {
  resolveReference,
  anchorsOf,
  isRecord,
  schemaDepthMax,
  schemaKeywords,
} from "./schemaWalk.ts";

/** Longest text and most members or items that are made on purpose. */
const sizeMax = 200;

/** Longest text that is made for a pattern [UTF-16 units]. */
const lengthMax = 10_000;

/** How far from zero, or from the near end of their range, numbers are drawn. */
const reach = 1000;

/** Keywords that say something about values; those that hold schemas are in `schemaKeywords`. */
const plain = new Set([
  "$ref",
  "const",
  "dependentRequired",
  "enum",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "format",
  "maximum",
  "minimum",
  "multipleOf",
  "pattern",
  "required",
  "type",
  "uniqueItems",
  "x-oneof",
]);

const sizes = new Set([
  "maxItems",
  "maxLength",
  "maxProperties",
  "minItems",
  "minLength",
  "minProperties",
]);

/** A copy for the faker. What is left out here can make a sample that does not fit: validate each. `onReference` is
 *  called whenever a reference is read and may throw to stop the faker, which follows circles for ever. */
export function fakeable(
  schema: Record<string, unknown>,
  onReference: () => void,
): Record<string, unknown> {
  const anchors = anchorsOf(schema);
  return copyOf(schema, { root: schema, anchors, depth: 0, onReference });
}

function holdsSchemas(keyword: string): boolean {
  const { single, list, map } = schemaKeywords;
  return single.has(keyword) || list.has(keyword) || map.has(keyword);
}

interface Copying {
  readonly root: Record<string, unknown>;
  readonly anchors: ReadonlyMap<string, string>;
  readonly depth: number;
  readonly onReference: () => void;
}

function copyOf(schema: Record<string, unknown>, at: Copying): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  if (at.depth > schemaDepthMax) return copy;
  const inside = { ...at, depth: at.depth + 1 };
  for (const [keyword, value] of Object.entries(schema)) {
    if (plain.has(keyword)) copy[keyword] = value;
    else if (sizes.has(keyword) && typeof value === "number")
      copy[keyword] = Math.min(value, sizeMax);
    else if (holdsSchemas(keyword)) copy[keyword] = partsOf(keyword, value, inside);
  }
  pointInside(copy, at);
  if (typeof copy["pattern"] === "string" && isUnfit(copy["pattern"])) delete copy["pattern"];
  // Which members exclude each other is said twice; the generator can use neither, `samples.ts` looks after it.
  if (copy["x-oneof"] !== undefined) delete copy["not"];
  boundRange(copy);
  fillText(copy);
  return asNewest(copy);
}

function pointInside(copy: Record<string, unknown>, at: Copying): void {
  const { $ref: reference } = copy;
  delete copy["$ref"];
  if (typeof reference !== "string") return;
  const target = resolveReference(at.root, reference, at.anchors);
  if (target === undefined) return;
  const get = (): string => {
    at.onReference();
    return `#${encodeURI(target)}`;
  };
  Object.defineProperty(copy, "$ref", { get, enumerable: true, configurable: true });
}

function partsOf(keyword: string, value: unknown, at: Copying): unknown {
  if (Array.isArray(value)) return value.map((part) => partOf(part, at));
  if (!schemaKeywords.map.has(keyword) || !isRecord(value)) return partOf(value, at);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, partOf(part, at)] as const),
  );
}

function partOf(value: unknown, at: Copying): unknown {
  return isRecord(value) ? copyOf(value, at) : value;
}

// Texts for a pattern are made by its shape: one that repeats without measure would give a text without measure.
function isUnfit(pattern: string): boolean {
  const counts = [...pattern.matchAll(/\{(\d+)/gu)].map(([, count]) => Math.max(1, Number(count)));
  return counts.reduce((product, count) => product * count, 1) > lengthMax;
}

// Numbers are drawn near zero where the range allows it: nobody wants to look at -1734259120.
function boundRange(schema: Record<string, unknown>): void {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const low = [minimum, exclusiveMinimum].filter((one) => typeof one === "number");
  const high = [maximum, exclusiveMaximum].filter((one) => typeof one === "number");
  if (low.length === 0 && high.length === 0) return;
  const [least, most] = [Math.max(...low), Math.min(...high)];
  const top = Math.max(low.length === 0 ? 0 : least, 0) + reach;
  const bottom = Math.min(high.length === 0 ? 0 : most, 0) - reach;
  if (top < most) {
    schema["maximum"] = top;
    delete schema["exclusiveMaximum"];
  }
  if (bottom > least) {
    schema["minimum"] = bottom;
    delete schema["exclusiveMinimum"];
  }
}

// A text that may be empty usually is not; one that is chosen from a list is as long as it is.
function fillText(schema: Record<string, unknown>): void {
  if ("enum" in schema || "const" in schema) return;
  const { type, minLength, maxLength, pattern, format } = schema;
  if (type !== "string" || minLength !== undefined || pattern !== undefined || format !== undefined)
    return;
  if (maxLength === undefined) schema["maxLength"] = 10;
  schema["minLength"] = Math.min(3, Number(schema["maxLength"]));
}

function asNewest(schema: Record<string, unknown>): Record<string, unknown> {
  const { items, additionalItems } = schema;
  if (!Array.isArray(items)) return schema;
  const { additionalItems: _, ...rest } = schema;
  return { ...rest, prefixItems: items, items: additionalItems ?? true };
}
