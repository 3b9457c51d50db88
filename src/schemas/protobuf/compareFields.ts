// The fields of two versions of a message, matched by number, and how they move into oneofs and out of them.

import { pathTo } from "../../base/problem.ts";
import type { Note } from "./compareProtobuf.ts";
import type { ProtoField, ProtoMessage, ProtoType } from "./protoOutline.ts";

interface MessagePair {
  readonly writer: ProtoMessage;
  readonly reader: ProtoMessage;
  readonly path: string;
}

/** Scalar types that are written alike: within a group a reader makes something of what it finds. */
const groups: readonly (readonly string[])[] = [
  ["int32", "int64", "uint32", "uint64", "bool"],
  ["sint32", "sint64"],
  ["string", "bytes"],
  ["fixed32", "sfixed32"],
  ["fixed64", "sfixed64"],
  ["float"],
  ["double"],
];

/** Compares the fields and oneofs of a message. */
export function compareFields(note: Note, pair: MessagePair): void {
  for (const field of pair.writer.fields.values()) compareWritten(note, pair, field);
  for (const field of pair.reader.fields.values())
    if (!pair.writer.fields.has(field.number)) noteAdded(note, pair, field);
  compareOneofs(note, pair);
}

function placeOf(path: string, { oneof, number }: ProtoField): string {
  return pathTo(oneof === undefined ? path : pathTo(path, oneof), number);
}

/** A field that the writer has. */
function compareWritten(note: Note, pair: MessagePair, field: ProtoField): void {
  const { writer, reader, path } = pair;
  const counterpart = reader.fields.get(field.number);
  const detail = { name: field.name };
  if (counterpart !== undefined) {
    noteMove(note, pair, [field, counterpart]);
    return compareField(note, [field, counterpart], placeOf(path, field));
  }
  if (field.oneof === undefined) {
    const rule = field.label === "required" ? "REQUIRED_FIELD_REMOVED" : "FIELD_REMOVED";
    return note(rule, placeOf(path, field), detail);
  }
  // With the whole oneof gone, its fields are gone as well; that is said once.
  if (reader.oneofs.has(field.oneof) && writer.oneofs.has(field.oneof))
    note("ONEOF_FIELD_REMOVED", placeOf(path, field), detail);
}

/** A field that only the reader has. */
function noteAdded(note: Note, { writer, path }: MessagePair, field: ProtoField): void {
  const detail = { name: field.name };
  if (field.oneof === undefined) {
    const rule = field.label === "required" ? "REQUIRED_FIELD_ADDED" : "FIELD_ADDED";
    note(rule, placeOf(path, field), detail);
  } else if (writer.oneofs.has(field.oneof))
    note("ONEOF_FIELD_ADDED", placeOf(path, field), detail);
}

/** A field that is in another oneof than before, or in none. */
function noteMove(
  note: Note,
  { writer, reader, path }: MessagePair,
  [before, after]: readonly [ProtoField, ProtoField],
): void {
  if (before.oneof === after.oneof) return;
  const detail = { name: after.name };
  if (after.oneof === undefined) {
    if (reader.oneofs.has(before.oneof ?? ""))
      note("ONEOF_FIELD_MOVED_TO_TOP_LEVEL", placeOf(path, before), detail);
  } else if (writer.oneofs.has(after.oneof))
    note("FIELD_MOVED_TO_EXISTING_ONEOF", placeOf(path, after), detail);
  else if (before.oneof !== undefined && reader.oneofs.has(before.oneof))
    note("ONEOF_FIELD_REMOVED", placeOf(path, before), detail);
}

function compareOneofs(note: Note, { writer, reader, path }: MessagePair): void {
  for (const name of writer.oneofs)
    if (!reader.oneofs.has(name)) note("ONEOF_REMOVED", pathTo(path, name), { name });
  for (const name of reader.oneofs) {
    if (writer.oneofs.has(name)) continue;
    note("ONEOF_ADDED", pathTo(path, name), { name });
    const moved = [...reader.fields.values()].filter(
      (field) => field.oneof === name && isOutside(writer.fields.get(field.number)),
    );
    const names = moved.map((field) => field.name).join(", ");
    if (moved.length > 1)
      note("MULTIPLE_FIELDS_MOVED_TO_ONEOF", pathTo(path, name), { name: names });
  }
}

function isOutside(field: ProtoField | undefined): boolean {
  return field !== undefined && field.oneof === undefined;
}

function compareField(
  note: Note,
  [before, after]: readonly [ProtoField, ProtoField],
  path: string,
): void {
  const detail = { name: after.name };
  if (before.name !== after.name)
    note("FIELD_NAME_CHANGED", path, { ...detail, writer: before.name, reader: after.name });
  compareLabels(note, [before, after], path);
  const rule = typeChange(before.type, after.type);
  if (rule !== undefined)
    note(rule, path, { ...detail, writer: titleOf(before.type), reader: titleOf(after.type) });
}

// Of several values a reader that expects one takes the last, but packed numbers look like something else to it.
function compareLabels(
  note: Note,
  [before, after]: readonly [ProtoField, ProtoField],
  path: string,
): void {
  const detail = { name: after.name, writer: before.label, reader: after.label };
  if (after.label === "required" && before.label !== "required")
    note("REQUIRED_FIELD_ADDED", path, detail);
  const isSame = (before.label === "repeated") === (after.label === "repeated");
  if (isSame || before.type.kind !== "scalar" || after.type.kind !== "scalar") return;
  const isText = before.type.name === "string" || before.type.name === "bytes";
  note(
    isText ? "FIELD_STRING_OR_BYTES_LABEL_CHANGED" : "FIELD_NUMERIC_LABEL_CHANGED",
    path,
    detail,
  );
}

function typeChange(before: ProtoType, after: ProtoType): string | undefined {
  if (before.kind === "map" && after.kind === "map")
    return typeChange(before.key, after.key) ?? typeChange(before.value, after.value);
  if (before.kind === "scalar" && after.kind === "scalar")
    return groupOf(before) === groupOf(after) ? undefined : "FIELD_SCALAR_KIND_CHANGED";
  if (before.kind === "named" && after.kind === "named")
    return before.name === after.name ? undefined : "FIELD_NAMED_TYPE_CHANGED";
  return "FIELD_KIND_CHANGED";
}

// An enum is written as an int32.
function groupOf(type: Extract<ProtoType, { readonly kind: "scalar" }>): number {
  return type.isEnum ? 0 : groups.findIndex((group) => group.includes(type.name));
}

/** A type as it is written. */
export function titleOf(type: ProtoType): string {
  return type.kind === "map" ? `map<${titleOf(type.key)}, ${titleOf(type.value)}>` : type.name;
}
