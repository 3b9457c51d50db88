// Avro payloads as JSON, described in JSON Schema (draft 7): for display, samples, types and the check of examples.
// Values stand as people write them: a union's value plainly, not as { "type": value }; bytes as a text.

import { isObject } from "../../model/equal.ts";
import type { JsonSchema } from "../../model/scenario.ts";
import type { Side } from "../languages.ts";
import {
  type AvroField,
  type AvroNamed,
  type AvroPrimitiveType,
  type AvroRecord,
  type AvroType,
  shortName,
} from "./avroTypes.ts";

/** The payloads of an Avro type. A writer writes every field and no other; an author may leave out those with a default;
 *  a reader also skips fields that it does not know, knows fields by aliases, and symbols by the enum's default. */
export function avroToJsonSchema(root: AvroType, side: Side): JsonSchema {
  const definitions = new Map<string, JsonSchema>();
  const conversion = { root, side, definitions };
  const whole = isNamed(root) ? named(root, conversion) : convert(root, conversion);
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...whole };
  return definitions.size === 0
    ? schema
    : { ...schema, definitions: Object.fromEntries(definitions) };
}

interface Conversion {
  readonly root: AvroType;
  readonly side: Side;
  /** Filled while types are converted. */
  readonly definitions: Map<string, JsonSchema>;
}

function isNamed(type: AvroType): type is AvroNamed {
  return type.kind === "record" || type.kind === "enum" || type.kind === "fixed";
}

function convert(type: AvroType, to: Conversion): JsonSchema {
  switch (type.kind) {
    case "primitive":
      return primitive(type);
    case "array":
      return { type: "array", items: convert(type.items, to) };
    case "map":
      return { type: "object", additionalProperties: convert(type.values, to) };
    case "union":
      return union(type.branches, to);
    case "record":
    case "enum":
    case "fixed":
      return reference(type, to);
  }
}

function reference(type: AvroNamed, to: Conversion): JsonSchema {
  if (type === to.root) return { $ref: "#" };
  if (!to.definitions.has(type.name)) {
    // Marked before its parts are converted, which may contain it.
    to.definitions.set(type.name, {});
    to.definitions.set(type.name, named(type, to));
  }
  return { $ref: `#/definitions/${type.name}` };
}

function primitive({ name, logicalType }: AvroPrimitiveType): JsonSchema {
  switch (name) {
    case "int":
      return { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case "long":
      return { type: "integer" };
    case "float":
    case "double":
      return { type: "number" };
    case "bytes":
      return { type: "string" };
    case "string":
      return logicalType === "uuid" ? { type: "string", format: "uuid" } : { type: "string" };
    default:
      return { type: name };
  }
}

function union(branches: readonly AvroType[], to: Conversion): JsonSchema {
  const schemas = branches.map((branch) => convert(branch, to));
  const types = schemas.map((schema) =>
    Object.keys(schema).length === 1 ? schema["type"] : undefined,
  );
  if (types.every((type) => typeof type === "string")) {
    const names = [...new Set(types)];
    return { type: names.length === 1 ? names[0] : names };
  }
  return schemas.length === 1 && schemas[0] !== undefined ? schemas[0] : { anyOf: schemas };
}

function named(type: AvroNamed, to: Conversion): JsonSchema {
  const about = {
    title: shortName(type.name),
    ...(type.doc === undefined ? {} : { description: type.doc }),
  };
  switch (type.kind) {
    case "fixed":
      return { ...about, type: "string", minLength: type.size, maxLength: type.size };
    case "enum":
      return to.side === "reader" && type.default !== undefined
        ? { ...about, type: "string" }
        : { ...about, type: "string", enum: type.symbols };
    case "record":
      return { ...about, ...record(type, to) };
  }
}

function record({ fields }: AvroRecord, to: Conversion): JsonSchema {
  const properties = fields.map((field) => [field.name, property(field, to)] as const);
  const needed = fields.filter((field) => to.side === "writer" || field.default === undefined);
  const required = needed.filter((field) => to.side !== "reader" || field.aliases.length === 0);
  const renamed = to.side === "reader" ? fields.filter(({ aliases }) => aliases.length > 0) : [];
  const aliases = renamed.flatMap((field) =>
    field.aliases.map((alias) => [alias, property(field, to)] as const),
  );
  const either = renamed
    .filter((field) => field.default === undefined)
    .map(({ name, aliases: others }) => ({
      anyOf: [name, ...others].map((one) => ({ required: [one] })),
    }));
  return {
    type: "object",
    properties: Object.fromEntries([...properties, ...aliases]),
    ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
    ...(either.length > 0 ? { allOf: either } : {}),
    ...(to.side === "reader" ? {} : { additionalProperties: false }),
  };
}

function property(field: AvroField, to: Conversion): JsonSchema {
  const schema = convert(field.type, to);
  const about = {
    ...(field.doc === undefined ? {} : { description: field.doc }),
    ...(field.default === undefined ? {} : { default: field.default.value }),
  };
  // Beside a reference draft 7 ignores everything.
  if (Object.keys(about).length === 0 || !isObject(schema) || "$ref" in schema) return schema;
  return { ...schema, ...about };
}
