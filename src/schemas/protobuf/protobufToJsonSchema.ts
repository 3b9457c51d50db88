// Protobuf payloads as JSON, described in JSON Schema (draft 7), by the JSON mapping of protobuf.dev ("ProtoJSON"): names
// in lowerCamelCase, 64-bit integers and bytes as texts, the well-known types as they have their own forms.

import protobuf from "protobufjs";
import type { JsonSchema } from "../../model/scenario.ts";
import type { Side } from "../languages.ts";
import type { ProtoFile } from "./readProtobuf.ts";
import { wellKnown } from "./wellKnown.ts";

/** The payloads of a .proto file. A writer writes the canonical form; authors of examples and readers may also use the
 *  names of the .proto text, numbers for 64-bit integers and numbers of enum values; a reader skips what it does not
 *  know. `x-oneof` lists names of which at most one may be there; the schema says the same in its own words. */
export function protobufToJsonSchema({ payload }: ProtoFile, side: Side): JsonSchema {
  const conversion: Conversion = { root: payload, side, definitions: new Map() };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...message(payload, conversion),
  };
  const { definitions } = conversion;
  return definitions.size === 0
    ? schema
    : { ...schema, definitions: Object.fromEntries(definitions) };
}

interface Conversion {
  readonly root: protobuf.Type;
  readonly side: Side;
  /** Filled while messages are converted. */
  readonly definitions: Map<string, JsonSchema>;
}

function message(type: protobuf.Type, to: Conversion): JsonSchema {
  const properties: (readonly [string, JsonSchema])[] = [];
  for (const field of type.fieldsArray) {
    const schema = described(field, memberOf(field, to));
    properties.push([jsonName(field), schema]);
    if (to.side !== "writer" && jsonName(field) !== field.name)
      properties.push([field.name, schema]);
  }
  const required = type.fieldsArray.filter((field) => field.required).map(jsonName);
  const choices = type.oneofsArray.filter(({ oneof }) => oneof.length > 1);
  return {
    title: type.name,
    ...aboutComment(type.comment),
    type: "object",
    properties: Object.fromEntries(properties),
    // In the names of the .proto text a required field could not be told from a missing one.
    ...(required.length > 0 && to.side === "writer" ? { required } : {}),
    ...oneofs(choices.map(({ fieldsArray }) => fieldsArray.map(jsonName))),
    ...(to.side === "reader" ? {} : { additionalProperties: false }),
  };
}

function oneofs(choices: readonly (readonly string[])[]): JsonSchema {
  if (choices.length === 0) return {};
  const pairs = choices.flatMap((names) =>
    names.flatMap((name, i) => names.slice(i + 1).map((other) => ({ required: [name, other] }))),
  );
  return { not: { anyOf: pairs }, "x-oneof": choices };
}

function memberOf(field: protobuf.Field, to: Conversion): JsonSchema {
  const one = valueOf(field, to);
  if (field instanceof protobuf.MapField) return { type: "object", additionalProperties: one };
  return field.repeated ? { type: "array", items: one } : one;
}

function valueOf(field: protobuf.Field, to: Conversion): JsonSchema {
  const { resolvedType, type } = field;
  if (resolvedType === null) return scalar(type, to.side);
  if (resolvedType instanceof protobuf.Enum) return enumeration(resolvedType, to);
  const own = wellKnown(resolvedType.fullName);
  if (own !== undefined) return own;
  if (resolvedType === to.root) return { $ref: "#" };
  const name = resolvedType.fullName.slice(1);
  if (!to.definitions.has(name)) {
    // Marked before its fields are converted, which may contain it.
    to.definitions.set(name, {});
    to.definitions.set(name, message(resolvedType, to));
  }
  return { $ref: `#/definitions/${name}` };
}

function enumeration(type: protobuf.Enum, { side }: Conversion): JsonSchema {
  const names = Object.keys(type.values);
  if (side === "writer") return { type: "string", enum: names };
  // Readers keep numbers that they do not know.
  return { anyOf: [{ type: "string", enum: names }, { type: "integer" }] };
}

const int32 = { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const base64 = [
  "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
  "^[A-Za-z0-9+/_-]*={0,2}$",
] as const;
const uint32 = { type: "integer", minimum: 0, maximum: 2 ** 32 - 1 };

function scalar(type: string, side: Side): JsonSchema {
  switch (type) {
    case "int32":
    case "sint32":
    case "sfixed32":
      return int32;
    case "uint32":
    case "fixed32":
      return uint32;
    case "int64":
    case "sint64":
    case "sfixed64":
      return wide("^-?(0|[1-9][0-9]{0,18})$", side);
    case "uint64":
    case "fixed64":
      return wide("^(0|[1-9][0-9]{0,19})$", side);
    case "float":
    case "double":
      return side === "writer" ? { type: "number" } : { type: ["number", "string"] };
    case "bool":
      return { type: "boolean" };
    case "bytes":
      return {
        type: "string",
        contentEncoding: "base64",
        pattern: base64[side === "writer" ? 0 : 1],
      };
    case "string":
      return { type: "string" };
    default:
      // A type that lies in another file.
      return {};
  }
}

// JSON numbers hold 53 bits; the mapping writes 64-bit integers as texts and reads both.
function wide(pattern: string, side: Side): JsonSchema {
  return side === "writer" ? { type: "string", pattern } : { type: ["string", "integer"], pattern };
}

function described(field: protobuf.Field, schema: JsonSchema): JsonSchema {
  return "$ref" in schema ? schema : { ...schema, ...aboutComment(field.comment) };
}

function aboutComment(comment: string | null): JsonSchema {
  const text = comment?.replace(/@RootNode/u, "").trim() ?? "";
  return text === "" ? {} : { description: text };
}

/** The name of a field in JSON: its `json_name`, or its name in lowerCamelCase. */
function jsonName(field: protobuf.Field): string {
  const { json_name: given }: Record<string, unknown> = field.options ?? {};
  if (typeof given === "string") return given;
  return field.name.replaceAll(/_+([a-zA-Z0-9])?/gu, (_, next: string | undefined) =>
    (next ?? "").toUpperCase(),
  );
}
