// Protobuf as a schema language: a schema is the text of one .proto file.

import type { Problem } from "../../base/problem.ts";
import type { PayloadSchema } from "../../model/scenario.ts";
import type { Language } from "../languages.ts";
import type { SchemaText } from "../placedProblem.ts";
import { error } from "../schemaProblems.ts";
import { protobufToJsonSchema } from "./protobufToJsonSchema.ts";
import { readProtobuf } from "./readProtobuf.ts";

/** Protobuf. */
export const protobufLanguage: Language = {
  checkText: (text): SchemaText => ({ schema: text, problems: readProtobuf(text).problems }),
  check: checkProtobuf,
  textOf: (schema) => (typeof schema === "string" ? schema : JSON.stringify(schema, null, 2)),
  toJsonSchema: (schema, side) => {
    const file = typeof schema === "string" ? readProtobuf(schema).file : undefined;
    return file === undefined ? undefined : protobufToJsonSchema(file, side);
  },
  skeleton: () => skeleton,
};

// The schema is one text, so problems name the line in words; places inside of it have no path.
function checkProtobuf(schema: PayloadSchema): readonly Problem[] {
  if (typeof schema !== "string")
    return [error("contract/syntax", "", "A Protobuf schema is the text of a .proto file.")];
  return readProtobuf(schema).problems.map(({ code, severity, path, line, message }) => ({
    code,
    severity,
    path,
    message: `Line ${line}: ${message}`,
  }));
}

/** The file with which a new Protobuf event begins. */
const skeleton = [
  'syntax = "proto3";',
  "",
  "package com.example;",
  "",
  'import "google/protobuf/timestamp.proto";',
  "",
  "message Event {",
  "  // Identifies what the event is about.",
  "  string id = 1;",
  "  google.protobuf.Timestamp occurred_at = 2;",
  "}",
  "",
].join("\n");
