// What a .proto text declares, as a comparison needs it: messages with fields by number, enums with values by number,
// and names resolved as far as the text goes. protobufjs reads the grammar.

import protobuf from "protobufjs";
import type { Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { isObject } from "../../model/equal.ts";
import { depthMax } from "../../model/limits.ts";
import { excessOf } from "./protoSize.ts";

/** What a .proto text declares at its top. */
export interface ProtoOutline {
  readonly package: string;
  readonly scope: ProtoScope;
}

/** Messages and enums beside each other, in the order of the text. */
export interface ProtoScope {
  readonly messages: ReadonlyMap<string, ProtoMessage>;
  readonly enums: ReadonlyMap<string, ProtoEnum>;
}

/** A message. */
export interface ProtoMessage {
  readonly scope: ProtoScope;
  readonly fields: ReadonlyMap<number, ProtoField>;
  /** Real ones; proto3's `optional` makes none. */
  readonly oneofs: ReadonlySet<string>;
  readonly reserved: Reserved;
}

/** An enum: its values by number; an alias adds a name. */
export interface ProtoEnum {
  readonly values: ReadonlyMap<number, readonly string[]>;
  readonly reserved: Reserved;
}

/** Numbers and names that were given up. */
export interface Reserved {
  readonly hasNumber: (value: number) => boolean;
  readonly hasName: (name: string) => boolean;
}

/** A field. */
export interface ProtoField {
  readonly number: number;
  readonly name: string;
  readonly label: "single" | "repeated" | "required";
  readonly type: ProtoType;
  readonly oneof: string | undefined;
}

/** The type of a field. Enums count as numbers; named ones are messages and what other files declare. */
export type ProtoType =
  | { readonly kind: "scalar"; readonly name: string; readonly isEnum: boolean }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "map"; readonly key: ProtoType; readonly value: ProtoType };

const scalars = new Set(
  "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes".split(
    " ",
  ),
);

/** Reads a .proto text. */
export function readProto(text: unknown): Result<ProtoOutline, Problem> {
  if (typeof text !== "string")
    return fail(problem("A Protobuf schema is the text of a .proto file. Give it as a text."));
  const excess = excessOf(text);
  if (excess !== undefined) return fail(problem(excess.message));
  if (isNestedDeeply(text))
    return fail(problem(`Messages are nested more than ${depthMax} levels deep. Flatten them.`));
  try {
    const { root, package: name } = protobuf.parse(text, { keepCase: true });
    const top = name === undefined ? root : root.lookup(name);
    const namespace = top instanceof protobuf.Namespace ? top : root;
    return succeed({ package: name ?? "", scope: scopeOf(namespace, name ?? "") });
  } catch (mistake) {
    const reason = mistake instanceof Error ? mistake.message : "it cannot be read";
    return fail(
      problem(`The .proto text has a mistake: ${reason}. Correct it, then compare again.`),
    );
  }
}

// Braces in comments and texts are counted too, which makes the measure stricter, never looser.
function isNestedDeeply(text: string): boolean {
  let depth = 0;
  for (const [brace] of text.matchAll(/[{}]/gu)) {
    depth += brace === "{" ? 1 : -1;
    if (depth > depthMax) return true;
  }
  return false;
}

function problem(message: string): Problem {
  return { code: "compatibility/schema", severity: "error", path: "", message };
}

function scopeOf(namespace: protobuf.NamespaceBase, packageName: string): ProtoScope {
  const messages = new Map<string, ProtoMessage>();
  const enums = new Map<string, ProtoEnum>();
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Type) messages.set(nested.name, messageOf(nested, packageName));
    else if (nested instanceof protobuf.Enum) enums.set(nested.name, enumOf(nested));
  }
  return { messages, enums };
}

function messageOf(type: protobuf.Type, packageName: string): ProtoMessage {
  const fields = new Map<number, ProtoField>();
  const oneofs = new Set<string>();
  for (const field of type.fieldsArray) {
    const oneof = field.options?.["proto3_optional"] === true ? undefined : field.partOf?.name;
    if (oneof !== undefined) oneofs.add(oneof);
    fields.set(field.id, {
      number: field.id,
      name: field.name,
      label: field.repeated ? "repeated" : isRequired(field) ? "required" : "single",
      type: typeOf(field, type, packageName),
      oneof,
    });
  }
  return { scope: scopeOf(type, packageName), fields, oneofs, reserved: reservedOf(type) };
}

// protobufjs says so itself only after all types are resolved, which imports may prevent.
function isRequired({ rule, options }: protobuf.Field): boolean {
  const features: unknown = options?.["features"];
  return (
    rule === "required" || (isObject(features) && features["field_presence"] === "LEGACY_REQUIRED")
  );
}

function typeOf(field: protobuf.Field, scope: protobuf.Type, packageName: string): ProtoType {
  const value = namedType(field.type, scope, packageName);
  return field instanceof protobuf.MapField
    ? { kind: "map", key: namedType(field.keyType, scope, packageName), value }
    : value;
}

function namedType(name: string, scope: protobuf.Type, packageName: string): ProtoType {
  if (scalars.has(name)) return { kind: "scalar", name, isEnum: false };
  // A field may be called like a type.
  const found = scope.lookup(name, [protobuf.Type, protobuf.Enum]);
  if (found instanceof protobuf.Enum)
    return { kind: "scalar", name: relativeName(found.fullName, packageName), isEnum: true };
  return { kind: "named", name: relativeName(found?.fullName ?? name, packageName) };
}

/** A name without its package, so that a change of package is one difference and not many. */
function relativeName(name: string, packageName: string): string {
  const full = name.replace(/^\./u, "");
  return packageName !== "" && full.startsWith(`${packageName}.`)
    ? full.slice(packageName.length + 1)
    : full;
}

function enumOf(type: protobuf.Enum): ProtoEnum {
  const values = new Map<number, string[]>();
  for (const [name, number] of Object.entries(type.values))
    values.set(number, [...(values.get(number) ?? []), name]);
  return { values, reserved: reservedOf(type) };
}

function reservedOf(type: protobuf.Type | protobuf.Enum): Reserved {
  return {
    hasNumber: (value) => type.isReservedId(value),
    hasName: (name) => type.isReservedName(name),
  };
}
