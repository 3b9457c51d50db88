// A JSON Schema as part of a larger document: its own references (`#/definitions/Item`) must point to where it now stands.

import type { JsonSchema } from "../model/scenario.ts";
import {
  anchorsOf,
  forEachSchema,
  isRecord,
  resolveReference,
} from "../schemas/json/schemaWalk.ts";

/** A copy of a schema whose inner references hold when it stands at `place`, such as `#/components/schemas/Order`.
 *  Its own addresses (`$id`, `$schema`) would change what its references mean and are left out; a reference that
 *  cannot be followed from here is kept as `x-reference`, so that the rest of the document stays usable. */
export function embedSchema(schema: JsonSchema, place: string): object {
  const copy = copyOf(schema);
  if (!isRecord(copy)) return {};
  const anchors = anchorsOf(copy);
  const schemas = new Set<unknown>();
  forEachSchema(copy, (part, path) => {
    schemas.add(part);
    for (const key of ["$id", "$schema", "$anchor"]) delete part[key];
    const reference = part["$ref"];
    if (typeof reference !== "string") return;
    const target = resolveReference(schema, reference, anchors);
    pointTo(part, target === undefined || target === path ? undefined : place + target);
  });
  disarm(copy, schemas);
  return copy;
}

/** The schema that stands at a place of a larger document, on its own again: its inner references begin at its root. */
export function releaseSchema(embedded: unknown, place: string): JsonSchema {
  const copy = copyOf(embedded);
  if (!isRecord(copy)) return {};
  forEachSchema(copy, (part) => {
    const reference = part["$ref"];
    if (typeof reference !== "string") return;
    if (reference === place) part["$ref"] = "#";
    if (reference.startsWith(`${place}/`)) part["$ref"] = `#${reference.slice(place.length)}`;
  });
  return copy;
}

// In data (examples, defaults, constants) a member called `$ref` is none, but every AsyncAPI tool would follow it.
function disarm(value: unknown, schemas: ReadonlySet<unknown>): void {
  if (Array.isArray(value)) for (const item of value) disarm(item, schemas);
  if (!isRecord(value)) return;
  if (!schemas.has(value) && typeof value["$ref"] === "string") {
    value["x-reference"] = value["$ref"];
    delete value["$ref"];
  }
  for (const part of Object.values(value)) disarm(part, schemas);
}

// AsyncAPI tools drop what stands beside a reference, so a reference with company moves into an `allOf`.
function pointTo(part: Record<string, unknown>, target: string | undefined): void {
  const original = part["$ref"];
  if (target !== undefined && Object.keys(part).length === 1) {
    part["$ref"] = target;
    return;
  }
  delete part["$ref"];
  if (target === undefined) part["x-reference"] = original;
  else part["allOf"] = [...partsOfAll(part["allOf"]), { $ref: target }];
}

function partsOfAll(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)]));
}
