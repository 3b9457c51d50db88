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
  PACKAGE_CHANGED: ({ writer, reader }) =>
    `the package was ${plain(writer)} and is ${plain(reader)}, so every type has another full name. Keep the package, or begin a new event type.`,
  MESSAGE_ADDED: ({ name }) => `the message ${name} is new; nobody needs it yet.`,
  MESSAGE_REMOVED: ({ name }, { reader }) =>
    `${reader} has no message ${name} any more. Keep it, marked as deprecated, while anybody may send it.`,
  MESSAGE_MOVED: ({ name }) =>
    `the message ${name} stands elsewhere in the file; only who names the first message of the file without saying which is affected.`,
  ENUM_ADDED: ({ name }) => `the enum ${name} is new.`,
  ENUM_REMOVED: ({ name }) => `the enum ${name} is gone; its numbers can still be read.`,
  ENUM_CONST_ADDED: ({ name }) => `the enum has a further value: ${name}.`,
  ENUM_CONST_REMOVED: ({ name }) =>
    `the enum lost the value ${name}; readers see its number. Reserve the number, so that it never gets another meaning.`,
  ENUM_CONST_CHANGED: ({ writer, reader }) =>
    `a value of the enum was called ${plain(writer)} and is called ${plain(reader)}; the bytes are the same, JSON is not.`,
  FIELD_ADDED: ({ name }, { writer }) =>
    `the field ${name} is new; in messages of ${writer} it has its default value.`,
  FIELD_REMOVED: ({ name }, { reader }) => `${reader} skips the field ${name}.`,
  FIELD_NAME_CHANGED: ({ writer, reader }) =>
    `the field ${plain(writer)} is called ${plain(reader)}; the bytes are the same, JSON is not.`,
  FIELD_STRING_OR_BYTES_LABEL_CHANGED: ({ name }) =>
    `${name} is repeated in one version and single in the other; who expects one takes the last.`,
  FIELD_NUMERIC_LABEL_CHANGED: ({ name }) =>
    `${name} is repeated in one version and single in the other, and numbers are packed when repeated, so readers misread them. Add a field with a new number instead.`,
  FIELD_KIND_CHANGED: (detail) => typeSentence(detail),
  FIELD_SCALAR_KIND_CHANGED: (detail) => typeSentence(detail),
  FIELD_NAMED_TYPE_CHANGED: (detail) => typeSentence(detail),
  REQUIRED_FIELD_ADDED: ({ name }, { reader, writer }) =>
    `${reader} requires the field ${name}, which messages of ${writer} may lack. Make it optional.`,
  REQUIRED_FIELD_REMOVED: ({ name }, { reader, writer }) =>
    `${writer} requires the field ${name}, and ${reader} does not have it, so that its messages cannot be read with ${writer}. Make it optional first, and remove it when nobody requires it any more.`,
  ONEOF_ADDED: ({ name }) => `the oneof ${name} is new.`,
  ONEOF_REMOVED: ({ name }) => `the oneof ${name} is gone.`,
  ONEOF_FIELD_ADDED: ({ name }) => `the oneof has a further choice: ${name}.`,
  ONEOF_FIELD_REMOVED: ({ name }, { reader, writer }) =>
    `${writer} may send ${name}, which is no choice of that oneof for ${reader}: it sees none at all. Keep the field.`,
  ONEOF_FIELD_MOVED_TO_TOP_LEVEL: ({ name }) => `${name} no longer belongs to a oneof.`,
  MULTIPLE_FIELDS_MOVED_TO_ONEOF: ({ name }, { reader, writer }) =>
    `${writer} may send several of ${name} at once, and ${reader} keeps only the last of them. Move one field at most into a new oneof.`,
  FIELD_MOVED_TO_EXISTING_ONEOF: ({ name }, { reader, writer }) =>
    `${writer} may send ${name} beside another choice, and ${reader} keeps only the last of them. Leave the field where it was.`,
};

function typeSentence({ name, writer, reader }: FindingDetail): string {
  return `${name} was ${plain(writer)} and is ${plain(reader)}, which is written differently, so readers misread it or lose it. Add a field with a new number, and keep the old one while it is sent.`;
}

function plain(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : inShort(value ?? "none");
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
  const where = detail.name === undefined ? "" : ` (${detail.name})`;
  const set = isWireRule(rule) ? "WIRE" : "WIRE_JSON";
  return `buf refuses this under its ${set} rules${where}: ${bufReasons[rule] ?? rule}`;
}
