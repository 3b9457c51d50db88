// Names in Avro: what is one, and what a name means inside a namespace (Avro 1.12, "Names").

import { isObject } from "../../model/equal.ts";
import { type AvroNamed, isAvroPrimitive } from "./avroTypes.ts";

const name = /^[A-Za-z_]\w*$/u;

/** Whether a text may name a field or a symbol, or a part of a full name. */
export function isAvroName(text: string): boolean {
  return name.test(text);
}

/** Whether a text may name a type, with or without namespace. */
export function isAvroFullName(text: string): boolean {
  return text.split(".").every(isAvroName);
}

/** The full name that is meant by a name inside a namespace. */
export function fullNameOf(text: string, namespace: string): string {
  if (text.includes(".") || namespace === "" || isAvroPrimitive(text)) return text;
  return `${namespace}.${text}`;
}

/** The namespace of what stands inside a named type. */
export function namespaceIn(fullName: string): string {
  const dot = fullName.lastIndexOf(".");
  return dot < 0 ? "" : fullName.slice(0, dot);
}

/** The full name of a definition; undefined where it has none that could be used. */
export function definedName(
  definition: Readonly<Record<string, unknown>>,
  namespace: string,
): string | undefined {
  const { name: own, namespace: given } = definition;
  if (typeof own !== "string" || !isAvroFullName(own)) return undefined;
  const inside = typeof given === "string" ? given : namespace;
  return fullNameOf(own, inside);
}

/** Nesting that is followed. */
export const avroDepthMax = 64;

/** A type of its own for each definition inside a schema, still empty, by full name: what names can refer to. */
export function definitionsOf(schema: unknown): ReadonlyMap<string, AvroNamed> {
  const found = new Map<string, AvroNamed>();
  collect(schema, "", { found, depth: 0 });
  return found;
}

interface Search {
  readonly found: Map<string, AvroNamed>;
  readonly depth: number;
}

function collect(value: unknown, namespace: string, { found, depth }: Search): void {
  if (depth > avroDepthMax) return;
  const deeper = { found, depth: depth + 1 };
  if (Array.isArray(value)) for (const branch of value) collect(branch, namespace, deeper);
  if (!isObject(value)) return;
  const { type, items, values, fields } = value;
  if (type === "array") collect(items, namespace, deeper);
  else if (type === "map") collect(values, namespace, deeper);
  else if (type === "record" || type === "error" || type === "enum" || type === "fixed") {
    const full = definedName(value, namespace);
    if (full !== undefined && !found.has(full)) found.set(full, emptyType(type, full));
    if (!Array.isArray(fields) || type === "enum" || type === "fixed") return;
    const inside = full === undefined ? namespace : namespaceIn(full);
    for (const field of fields) if (isObject(field)) collect(field["type"], inside, deeper);
  } else collect(type, namespace, deeper);
}

function emptyType(type: "record" | "error" | "enum" | "fixed", full: string): AvroNamed {
  if (type === "enum") return { kind: "enum", name: full, aliases: [], symbols: [] };
  if (type === "fixed") return { kind: "fixed", name: full, aliases: [], size: 0 };
  return { kind: "record", name: full, aliases: [], fields: [] };
}
