// An Avro schema as a comparison sees it: names resolved to what they stand for, each part with its place. Own reading
// instead of avsc's: that compiles code while it runs, compares full names, and does not say where something differs.

import { pathTo, type Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { isObject } from "../../model/equal.ts";
import { fullNameOf, namespaceIn } from "./avroNames.ts";
import { type AvroPrimitive, isAvroPrimitive, shortName } from "./avroTypes.ts";

/** A part of an Avro schema. Named types refer to their parts by functions, because they may contain themselves. */
export type AvroNode = {
  /** Different for every part of both schemas. */
  readonly id: number;
  /** Where it stands in the text [JSON Pointer]. */
  readonly pointer: string;
  /** `logicalType` with what belongs to it, in a canonical form; undefined: none. */
  readonly logical: string | undefined;
} & (
  | { readonly kind: AvroPrimitive }
  | { readonly kind: "array" | "map"; readonly inner: AvroNode }
  | { readonly kind: "union"; readonly branches: readonly AvroNode[] }
  | { readonly kind: "fixed"; readonly name: AvroName; readonly size: unknown }
  | {
      readonly kind: "enum";
      readonly name: AvroName;
      readonly symbols: readonly string[];
      /** What readers take for a symbol that they do not know. */
      readonly fallback: unknown;
    }
  | { readonly kind: "record"; readonly name: AvroName; readonly fields: readonly AvroField[] }
);

/** A field of a record. */
export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly hasDefault: boolean;
  readonly pointer: string;
  readonly type: AvroNode;
}

/** Name of a record, enum or fixed. */
export interface AvroName {
  /** Without the namespace. */
  readonly short: string;
  readonly full: string;
  /** Full names. */
  readonly aliases: readonly string[];
}

interface Reading {
  readonly count: { next: number };
  readonly named: Map<string, AvroNode>;
  problem: string | undefined;
  place: string;
}

interface Spot {
  readonly pointer: string;
  readonly namespace: string;
}

/** Reads an Avro schema. `count` is the same for both sides of a comparison. The schema must have passed `checkSize`. */
export function readAvro(schema: unknown, count: { next: number }): Result<AvroNode, Problem> {
  const reading: Reading = { count, named: new Map(), problem: undefined, place: "" };
  const node = readType(reading, schema, { pointer: "", namespace: "" });
  if (reading.problem === undefined) return succeed(node);
  return fail({
    code: "compatibility/schema",
    severity: "error",
    path: reading.place,
    message: reading.problem,
  });
}

function readType(reading: Reading, schema: unknown, at: Spot): AvroNode {
  if (typeof schema === "string") return readName(reading, schema, at);
  if (Array.isArray(schema)) {
    const branches = schema.map((branch, index) =>
      readType(reading, branch, { ...at, pointer: pathTo(at.pointer, index) }),
    );
    return { kind: "union", branches, ...marks(reading, at) };
  }
  if (!isObject(schema)) return refuse(reading, at, "is neither a name, a union nor an object");
  const { type } = schema;
  switch (type) {
    case "record":
    case "error":
      return readRecord(reading, schema, at);
    case "enum":
      return readEnum(reading, schema, at);
    case "fixed":
      return readFixed(reading, schema, at);
    case "array":
    case "map": {
      const part = type === "array" ? "items" : "values";
      const inner = readType(reading, schema[part], { ...at, pointer: pathTo(at.pointer, part) });
      return { kind: type, inner, ...marks(reading, at, schema) };
    }
    default: {
      const inner = readType(reading, type, { ...at, pointer: pathTo(at.pointer, "type") });
      return { ...inner, ...marks(reading, at, schema) };
    }
  }
}

function marks(
  reading: Reading,
  { pointer }: Spot,
  schema: Readonly<Record<string, unknown>> = {},
) {
  const { logicalType, precision, scale } = schema;
  const logical =
    typeof logicalType === "string"
      ? [
          logicalType,
          ...(logicalType === "decimal"
            ? [JSON.stringify(precision), JSON.stringify(scale ?? 0)]
            : []),
        ].join(" ")
      : undefined;
  return { id: reading.count.next++, pointer, logical };
}

function readName(reading: Reading, name: string, at: Spot): AvroNode {
  if (isAvroPrimitive(name)) return { kind: name, ...marks(reading, at) };
  const known = reading.named.get(fullNameOf(name, at.namespace)) ?? reading.named.get(name);
  return known ?? refuse(reading, at, `names the type “${name}”, which is not defined before it`);
}

function refuse(reading: Reading, { pointer }: Spot, what: string): AvroNode {
  reading.problem ??= `The Avro schema ${what} (at “${pointer || "/"}”). Correct it, then compare again.`;
  reading.place ||= pointer;
  return { kind: "null", id: reading.count.next++, pointer, logical: undefined };
}

function nameOf(
  reading: Reading,
  schema: Readonly<Record<string, unknown>>,
  at: Spot,
): { readonly name: AvroName; readonly namespace: string } {
  const { name: written, namespace: given, aliases } = schema;
  if (typeof written !== "string" || written === "")
    refuse(reading, at, "has a type without a name");
  const name = String(written);
  const outer = typeof given === "string" ? given : at.namespace;
  const full = fullNameOf(name, outer);
  const namespace = namespaceIn(full);
  const others = texts(aliases).map((alias) => fullNameOf(alias, namespace));
  return { name: { short: shortName(full), full, aliases: others }, namespace };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function readRecord(
  reading: Reading,
  schema: Readonly<Record<string, unknown>>,
  at: Spot,
): AvroNode {
  const { name, namespace } = nameOf(reading, schema, at);
  const fields: AvroField[] = [];
  const node: AvroNode = { kind: "record", name, fields, ...marks(reading, at, schema) };
  reading.named.set(name.full, node);
  const written: unknown = schema["fields"];
  if (!Array.isArray(written))
    return refuse(reading, at, `has a record “${name.full}” without fields`);
  for (const [index, field] of written.entries()) {
    const pointer = pathTo(pathTo(at.pointer, "fields"), index);
    if (!isObject(field))
      return refuse(reading, { ...at, pointer }, "has a field that is no object");
    fields.push({
      name: String(field["name"]),
      aliases: texts(field["aliases"]),
      hasDefault: Object.hasOwn(field, "default"),
      pointer,
      type: readType(reading, field["type"], { pointer: pathTo(pointer, "type"), namespace }),
    });
  }
  return node;
}

function readEnum(reading: Reading, schema: Readonly<Record<string, unknown>>, at: Spot): AvroNode {
  const { name } = nameOf(reading, schema, at);
  const symbols = texts(schema["symbols"]);
  const fallback = schema["default"];
  const node: AvroNode = { kind: "enum", name, symbols, fallback, ...marks(reading, at, schema) };
  reading.named.set(name.full, node);
  return node;
}

function readFixed(
  reading: Reading,
  schema: Readonly<Record<string, unknown>>,
  at: Spot,
): AvroNode {
  const { name } = nameOf(reading, schema, at);
  const node: AvroNode = {
    kind: "fixed",
    name,
    size: schema["size"],
    ...marks(reading, at, schema),
  };
  reading.named.set(name.full, node);
  return node;
}
