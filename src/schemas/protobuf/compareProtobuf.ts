// Compares two .proto files by the rules of Confluent's registry: fields are matched by number, types by groups that share
// a form on the wire. What `buf breaking` would refuse besides comes as warnings.

import { pathTo, type Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import {
  type Comparison,
  type Finding,
  type FindingDetail,
  type SchemaPair,
  sidesOf,
  toComparison,
} from "../change.ts";
import { bufFindings } from "./bufRules.ts";
import { compareFields } from "./compareFields.ts";
import { protobufSentence } from "./protobufSentences.ts";
import { type ProtoEnum, type ProtoMessage, type ProtoScope, readProto } from "./protoOutline.ts";

/** Differences that break. Removing a message breaks nothing on the wire, but everybody who uses it. */
const breaking = new Set([
  "PACKAGE_CHANGED",
  "MESSAGE_REMOVED",
  "FIELD_KIND_CHANGED",
  "FIELD_SCALAR_KIND_CHANGED",
  "FIELD_NAMED_TYPE_CHANGED",
  "FIELD_NUMERIC_LABEL_CHANGED",
  "REQUIRED_FIELD_ADDED",
  "REQUIRED_FIELD_REMOVED",
  "ONEOF_FIELD_REMOVED",
  "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
  "FIELD_MOVED_TO_EXISTING_ONEOF",
]);

/** Most differences that are reported. */
const findingsMax = 1_000;

/** Takes note of a difference at a path of names and numbers. */
export type Note = (rule: string, path: string, detail?: FindingDetail) => void;

/** Whether what is written with one .proto file can be read with the other, and what differs. */
export function compareProtobufSchemas(pair: SchemaPair): Result<Comparison, readonly Problem[]> {
  const [writer, reader] = [readProto(pair.writer), readProto(pair.reader)];
  if (!writer.ok) return fail([writer.failure]);
  if (!reader.ok) return fail([reader.failure]);
  const findings: Finding[] = [];
  const noteAs =
    (level: Finding["level"] | undefined): Note =>
    (rule, path, detail = {}) => {
      const places = { writer: path, reader: path };
      const weight = level ?? (breaking.has(rule) ? "breaking" : "forgiven");
      if (findings.length < findingsMax || weight === "breaking")
        findings.push({ rule, path, level: weight, places, detail });
    };
  compareFiles(noteAs(undefined), writer.value, reader.value);
  bufFindings(noteAs("warning"), writer.value, reader.value);
  const sides = sidesOf(pair.next ?? "reader");
  return succeed(toComparison(findings, (finding) => protobufSentence(finding, sides)));
}

function compareFiles(
  note: Note,
  writer: { readonly package: string; readonly scope: ProtoScope },
  reader: { readonly package: string; readonly scope: ProtoScope },
): void {
  if (writer.package !== reader.package)
    note("PACKAGE_CHANGED", "", { writer: writer.package, reader: reader.package });
  compareScopes(note, { writer: writer.scope, reader: reader.scope, path: "" });
}

interface ScopePair {
  readonly writer: ProtoScope;
  readonly reader: ProtoScope;
  readonly path: string;
}

function compareScopes(note: Note, { writer, reader, path }: ScopePair): void {
  const order = [...reader.messages.keys()];
  for (const [index, [name, message]] of [...writer.messages].entries()) {
    const place = pathTo(path, name);
    const counterpart = reader.messages.get(name);
    if (counterpart === undefined) note("MESSAGE_REMOVED", place, { name });
    else {
      if (order[index] !== name) note("MESSAGE_MOVED", place, { name });
      compareMessages(note, { writer: message, reader: counterpart, path: place });
    }
  }
  for (const name of order)
    if (!writer.messages.has(name)) note("MESSAGE_ADDED", pathTo(path, name), { name });
  compareEnumLists(note, { writer, reader, path });
}

function compareMessages(
  note: Note,
  pair: { readonly writer: ProtoMessage; readonly reader: ProtoMessage; readonly path: string },
): void {
  compareFields(note, pair);
  compareScopes(note, { writer: pair.writer.scope, reader: pair.reader.scope, path: pair.path });
}

function compareEnumLists(note: Note, { writer, reader, path }: ScopePair): void {
  for (const [name, one] of writer.enums) {
    const counterpart = reader.enums.get(name);
    if (counterpart === undefined) note("ENUM_REMOVED", pathTo(path, name), { name });
    else compareEnums(note, { writer: one, reader: counterpart, path: pathTo(path, name) });
  }
  for (const name of reader.enums.keys())
    if (!writer.enums.has(name)) note("ENUM_ADDED", pathTo(path, name), { name });
}

function compareEnums(
  note: Note,
  {
    writer,
    reader,
    path,
  }: { readonly writer: ProtoEnum; readonly reader: ProtoEnum; readonly path: string },
): void {
  for (const [number, names] of writer.values) {
    const others = reader.values.get(number);
    const name = names.join(", ");
    if (others === undefined) note("ENUM_CONST_REMOVED", pathTo(path, number), { name });
    else if (others.join() !== names.join())
      note("ENUM_CONST_CHANGED", pathTo(path, number), {
        name,
        writer: name,
        reader: others.join(", "),
      });
  }
  for (const [number, names] of reader.values)
    if (!writer.values.has(number))
      note("ENUM_CONST_ADDED", pathTo(path, number), { name: names.join(", ") });
}
