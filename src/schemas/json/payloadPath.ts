// Whether a place in payloads is one that their schema describes.

import type { JsonSchema } from "../../model/scenario.ts";
import { anchorsOf, isRecord, resolveReference } from "./schemaWalk.ts";

/** Whether a JSON Pointer into payloads leads to something of which the schema says nothing, although it describes
 *  what is around it. Where a schema leaves everything open, nothing can be said: no. */
export function leadsNowhere(schema: JsonSchema, pointer: string): boolean {
  if (pointer === "") return false;
  if (!pointer.startsWith("/")) return true;
  const whole = { schema: { ...schema }, anchors: anchorsOf({ ...schema }) };
  let here: readonly unknown[] = [schema];
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const alternatives = here.flatMap((one) => alternativesOf(one, whole));
    const next = alternatives.flatMap((one) => membersOf(one, name));
    if (next.length === 0) return !alternatives.some(saysNothing);
    here = next.slice(0, partsMax);
  }
  return false;
}

/** Most schemas that are followed at once. */
const partsMax = 200;

interface Whole {
  readonly schema: Record<string, unknown>;
  readonly anchors: ReadonlyMap<string, string>;
}

/** A schema and all that speak about the same value: what it refers to, and the parts of its combinations. */
function alternativesOf(start: unknown, whole: Whole): readonly unknown[] {
  const found = new Set<unknown>([start]);
  // The set grows while it is walked.
  for (const one of found) {
    if (found.size > partsMax) break;
    if (!isRecord(one)) continue;
    const { $ref: reference, allOf, anyOf, oneOf, then, else: other } = one;
    const lists = [allOf, anyOf, oneOf].flatMap((list): unknown[] =>
      Array.isArray(list) ? list : [],
    );
    for (const part of [...lists, then, other]) if (part !== undefined) found.add(part);
    if (typeof reference === "string") found.add(targetOf(reference, whole));
  }
  return [...found];
}

// What lies outside of the schema may hold anything.
function targetOf(reference: string, { schema, anchors }: Whole): unknown {
  const path = resolveReference(schema, reference, anchors);
  if (path === undefined) return true;
  let at: unknown = schema;
  for (const step of path.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    at = Object.entries(isRecord(at) || Array.isArray(at) ? at : {}).find(
      ([name]) => name === key,
    )?.[1];
  }
  return at;
}

/** The schemas of a member or item. */
function membersOf(schema: unknown, name: string): readonly unknown[] {
  if (!isRecord(schema)) return [];
  const { properties, patternProperties, additionalProperties, items, prefixItems } = schema;
  const found: unknown[] = [];
  if (isRecord(properties) && Object.hasOwn(properties, name)) found.push(properties[name]);
  if (isRecord(patternProperties)) found.push(...Object.values(patternProperties));
  if (isRecord(additionalProperties)) found.push(additionalProperties);
  if (/^(?:0|[1-9]\d*)$/u.test(name)) {
    const tuple = Array.isArray(items) ? items : prefixItems;
    if (Array.isArray(tuple) && Number(name) < tuple.length) found.push(tuple[Number(name)]);
    if (isRecord(items)) found.push(items);
  }
  return found;
}

/** Whether a schema leaves open what is inside. */
function saysNothing(schema: unknown): boolean {
  if (schema === true) return true;
  if (!isRecord(schema)) return false;
  const { type, properties, patternProperties, additionalProperties, items, prefixItems } = schema;
  const describes = [properties, patternProperties, items, prefixItems, schema["$ref"]];
  for (const keyword of ["allOf", "anyOf", "oneOf", "enum", "const"])
    describes.push(schema[keyword]);
  if (describes.some((one) => one !== undefined) || additionalProperties === false) return false;
  const types = Array.isArray(type) ? type : [type ?? "object"];
  return types.includes("object") || types.includes("array");
}
