// The differences of two .proto files in words: why they break, and what to do about it in the new version.

import { type Finding, type FindingDetail, inShort, type Sides } from "../change.ts";
import { isWireRule } from "./bufRules.ts";

/** One sentence or two about a difference. */
export function protobufSentence(finding: Finding, sides: Sides): string {
  const sentence =
    finding.level === "warning"
      ? bufSentence(finding)
      : (sentences[finding.rule]?.(finding.detail, sides) ??
        `the two versions differ here (${finding.rule}).`);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

type Say = (detail: FindingDetail, sides: Sides) => string;

const sentences: Readonly<Record<string, Say>> = {
  PACKAGE_CHANGED: (detail, sides) =>
    `${contrast("the package is called", detail, sides)}, so every type has another full name. Keep the package, or begin a new event type.`,
  MESSAGE_ADDED: ({ name }, { reader, writer }) =>
    `${reader} has the message “${name}”, which ${writer} does not need.`,
  MESSAGE_REMOVED: ({ name }, { reader, writer }) =>
    `${reader} does not have the message “${name}” of ${writer}. Keep the message, marked as deprecated, while anybody may send it.`,
  MESSAGE_MOVED: ({ name }) =>
    `the message “${name}” stands elsewhere in the file; only who takes the first message of the file without naming it is affected.`,
  ENUM_ADDED: ({ name }, { reader }) => `${reader} has a further enum, “${name}”.`,
  ENUM_REMOVED: ({ name }, { reader }) =>
    `${reader} does not have the enum “${name}”; its numbers can still be read.`,
  ENUM_CONST_ADDED: ({ name }, { reader }) => `${reader} knows a further value, “${name}”.`,
  ENUM_CONST_REMOVED: ({ name }, { reader }) =>
    `${reader} does not know the value “${name}” and sees its number. Reserve the number where the value is left out, so that it never gets another meaning.`,
  ENUM_CONST_CHANGED: (detail, sides) =>
    `${contrast("a value is called", detail, sides)}; the bytes are the same, JSON is not.`,
  FIELD_ADDED: ({ name }, { reader, writer }) =>
    `${reader} has the field “${name}”, which ${writer} does not write; it gets its default value.`,
  FIELD_REMOVED: ({ name }, { reader }) =>
    `${reader} does not have the field “${name}” and skips it.`,
  FIELD_NAME_CHANGED: (detail, sides) =>
    `${contrast("the field is called", detail, sides)}; the bytes are the same, JSON is not.`,
  FIELD_STRING_OR_BYTES_LABEL_CHANGED: ({ name }) =>
    `“${name}” is repeated in one version and single in the other; who expects one takes the last.`,
  FIELD_NUMERIC_LABEL_CHANGED: ({ name }) =>
    `“${name}” is repeated in one version and single in the other, and numbers are packed when repeated, so readers misread them. Add a field with a new number instead.`,
  FIELD_KIND_CHANGED: (detail, sides) => typeSentence(detail, sides),
  FIELD_SCALAR_KIND_CHANGED: (detail, sides) => typeSentence(detail, sides),
  FIELD_NAMED_TYPE_CHANGED: (detail, sides) => typeSentence(detail, sides),
  REQUIRED_FIELD_ADDED: ({ name }, { reader, writer }) =>
    `${reader} requires the field “${name}”, which messages of ${writer} may lack. Make the field optional.`,
  REQUIRED_FIELD_REMOVED: ({ name }, { reader, writer }) =>
    `${writer} requires the field “${name}”, which ${reader} does not have: what is passed on without it cannot be read with ${writer}. Make the field optional before it is removed or added.`,
  ONEOF_ADDED: ({ name }, { reader }) => `${reader} has a further oneof, “${name}”.`,
  ONEOF_REMOVED: ({ name }, { reader }) => `${reader} does not have the oneof “${name}”.`,
  ONEOF_FIELD_ADDED: ({ name }, { reader }) => `${reader} has a further choice, “${name}”.`,
  ONEOF_FIELD_REMOVED: ({ name }, { reader, writer }) =>
    `${writer} may send “${name}”, which is no choice of that oneof for ${reader}: it sees none at all. Keep the choice, and add choices only after all readers know them.`,
  ONEOF_FIELD_MOVED_TO_TOP_LEVEL: ({ name }, { reader }) =>
    `“${name}” belongs to no oneof in ${reader}.`,
  MULTIPLE_FIELDS_MOVED_TO_ONEOF: ({ name }, { reader, writer }) =>
    `${writer} may send several of “${name}” at once, and ${reader} keeps only the last of them. Move one field at most into a new oneof.`,
  FIELD_MOVED_TO_EXISTING_ONEOF: ({ name }, { reader, writer }) =>
    `${writer} may send “${name}” beside another choice, and ${reader} keeps only the last of them. Leave the field where it was.`,
};

function contrast(what: string, detail: FindingDetail, { reader, writer }: Sides): string {
  return `${what} ${quoted(detail.writer)} in ${writer} and ${quoted(detail.reader)} in ${reader}`;
}

function typeSentence(detail: FindingDetail, sides: Sides): string {
  const types = contrast(`“${detail.name ?? ""}” is of the type`, detail, sides);
  return `${types}, which is written differently, so readers misread it or lose it. Add a field with a new number, and keep the old one while it is sent.`;
}

function quoted(value: unknown): string {
  return value === undefined || value === "" ? "none" : inShort(value);
}

const bufReasons: Readonly<Record<string, string>> = {
  FILE_SAME_PACKAGE: "the package changed.",
  FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED:
    "a field was removed and its number may be used again with another meaning. Reserve the number.",
  FIELD_NO_DELETE_UNLESS_NAME_RESERVED:
    "a field was removed and its name may be used again with another meaning. Reserve the name.",
  FIELD_SAME_NAME: "a field has another name. Keep the name.",
  FIELD_SAME_JSON_NAME: "a field has another name in JSON. Keep the name, or set json_name.",
  FIELD_SAME_ONEOF: "a field belongs to another oneof. Leave it where it was.",
  FIELD_WIRE_COMPATIBLE_CARDINALITY: "a field is repeated in one version only.",
  FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY: "a field is repeated in one version only.",
  FIELD_WIRE_COMPATIBLE_TYPE: "a field has a type that is written differently.",
  FIELD_WIRE_JSON_COMPATIBLE_TYPE:
    "a field has a type that looks different in JSON, or holds less.",
  ENUM_VALUE_SAME_NAME: "a value of an enum has another name.",
  ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED:
    "a value of an enum was removed and its number may be used again. Reserve the number.",
  ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED:
    "a value of an enum was removed and its name may be used again. Reserve the name.",
};

function bufSentence({ rule, detail }: Finding): string {
  const what = detail.name === undefined ? "" : ` “${detail.name}”:`;
  const set = isWireRule(rule) ? "WIRE" : "WIRE_JSON";
  return `Under its ${set} rules, buf refuses this:${what} ${bufReasons[rule] ?? rule}`;
}
