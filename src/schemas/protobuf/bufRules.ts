// What `buf breaking` would refuse under its WIRE and WIRE_JSON rules, with buf's names of the rules. Registries let much
// of it pass: a removed field whose number is not reserved, say, may come back with another meaning.
// Rules: buf.build/docs/breaking/rules, as version 1.75 applies them.

import { pathTo } from "../../base/problem.ts";
import { titleOf } from "./compareFields.ts";
import type { Note } from "./compareProtobuf.ts";
import type {
  ProtoEnum,
  ProtoField,
  ProtoMessage,
  ProtoOutline,
  ProtoScope,
  ProtoType,
} from "./protoOutline.ts";

/** Types that read each other's bytes without loss of meaning, by buf's measure. */
const wireGroups: readonly (readonly string[])[] = [
  ["int32", "int64", "uint32", "uint64", "bool"],
  ["sint32", "sint64"],
  ["fixed32", "sfixed32"],
  ["fixed64", "sfixed64"],
  ["string", "bytes"],
];

/** The same for bytes and JSON. */
const jsonGroups: readonly (readonly string[])[] = [
  ["int32", "uint32"],
  ["int64", "uint64"],
  ["fixed32", "sfixed32"],
  ["fixed64", "sfixed64"],
];

/** Rules of WIRE; the others belong to WIRE_JSON only. */
const wireRules = new Set([
  "FILE_SAME_PACKAGE",
  "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
  "FIELD_WIRE_COMPATIBLE_TYPE",
  "FIELD_WIRE_COMPATIBLE_CARDINALITY",
  "FIELD_SAME_ONEOF",
  "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
]);

/** Whether buf applies a rule to the bytes; otherwise it does so to JSON only. */
export function isWireRule(rule: string): boolean {
  return wireRules.has(rule);
}

/** Notes what buf would refuse. */
export function bufFindings(note: Note, writer: ProtoOutline, reader: ProtoOutline): void {
  if (writer.package !== reader.package)
    note("FILE_SAME_PACKAGE", "", { writer: writer.package, reader: reader.package });
  scopeFindings(note, { writer: writer.scope, reader: reader.scope, path: "" });
}

interface Pair<Part> {
  readonly writer: Part;
  readonly reader: Part;
  readonly path: string;
}

function scopeFindings(note: Note, { writer, reader, path }: Pair<ProtoScope>): void {
  for (const [name, message] of writer.messages) {
    const counterpart = reader.messages.get(name);
    if (counterpart === undefined) continue;
    const pair = { writer: message, reader: counterpart, path: pathTo(path, name) };
    messageFindings(note, pair);
    scopeFindings(note, { ...pair, writer: message.scope, reader: counterpart.scope });
  }
  for (const [name, one] of writer.enums) {
    const counterpart = reader.enums.get(name);
    if (counterpart !== undefined)
      enumFindings(note, { writer: one, reader: counterpart, path: pathTo(path, name) });
  }
}

function messageFindings(note: Note, { writer, reader, path }: Pair<ProtoMessage>): void {
  for (const field of writer.fields.values()) {
    const counterpart = reader.fields.get(field.number);
    const place = pathTo(path, field.number);
    if (counterpart !== undefined) fieldFindings(note, [field, counterpart], place);
    else {
      const detail = { name: field.name };
      if (!reader.reserved.hasNumber(field.number))
        note("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", place, detail);
      if (!reader.reserved.hasName(field.name))
        note("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", place, detail);
    }
  }
}

function fieldFindings(
  note: Note,
  [before, after]: readonly [ProtoField, ProtoField],
  path: string,
): void {
  const detail = { name: after.name };
  if (before.name !== after.name) {
    const names = { ...detail, writer: before.name, reader: after.name };
    note("FIELD_SAME_NAME", path, names);
    note("FIELD_SAME_JSON_NAME", path, names);
  }
  if (before.oneof !== after.oneof)
    note("FIELD_SAME_ONEOF", path, { ...detail, writer: before.oneof, reader: after.oneof });
  if ((before.label === "repeated") !== (after.label === "repeated")) {
    note("FIELD_WIRE_COMPATIBLE_CARDINALITY", path, detail);
    note("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", path, detail);
  }
  const types = { ...detail, writer: titleOf(before.type), reader: titleOf(after.type) };
  if (!isAlike(before.type, after.type, wireGroups))
    note("FIELD_WIRE_COMPATIBLE_TYPE", path, types);
  if (!isAlike(before.type, after.type, jsonGroups))
    note("FIELD_WIRE_JSON_COMPATIBLE_TYPE", path, types);
}

function isAlike(
  before: ProtoType,
  after: ProtoType,
  alike: readonly (readonly string[])[],
): boolean {
  if (before.kind === "map" && after.kind === "map")
    return isAlike(before.key, after.key, alike) && isAlike(before.value, after.value, alike);
  if (before.kind === "map" || after.kind === "map") return false;
  if (before.kind === after.kind && before.name === after.name) return true;
  if (before.kind !== "scalar" || after.kind !== "scalar" || before.isEnum || after.isEnum)
    return false;
  return alike.some((group) => group.includes(before.name) && group.includes(after.name));
}

function enumFindings(note: Note, { writer, reader, path }: Pair<ProtoEnum>): void {
  for (const [number, names] of writer.values) {
    const place = pathTo(path, number);
    const others = reader.values.get(number);
    const name = names.join(", ");
    if (others !== undefined) {
      if (!names.every((one) => others.includes(one)))
        note("ENUM_VALUE_SAME_NAME", place, { name, writer: name, reader: others.join(", ") });
      continue;
    }
    if (!reader.reserved.hasNumber(number))
      note("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", place, { name });
    if (!names.every((one) => reader.reserved.hasName(one)))
      note("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", place, { name });
  }
}
