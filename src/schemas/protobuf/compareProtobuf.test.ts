// Protobuf's rules one by one: fields by number, labels, kinds, oneofs, names and enums; and what buf says besides.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../change.ts";
import { compareProtobufSchemas } from "./compareProtobuf.ts";

function compare(writer: string, reader: string): Comparison {
  const compared = compareProtobufSchemas({ writer, reader });
  if (!compared.ok) throw new Error(JSON.stringify(compared.failure));
  return compared.value;
}

const message = (body: string, more = "") => `syntax = "proto3"; message M { ${body} } ${more}`;
const old = (body: string) => `syntax = "proto2"; message M { ${body} }`;

function changes(writer: string, reader: string): readonly string[] {
  const found = compare(writer, reader);
  expect(found.isCompatible).toBe(!found.changes.some(({ isBreaking }) => isBreaking));
  return found.changes.map(
    ({ rule, path, isBreaking }) => `${isBreaking ? "!" : ""}${rule} ${path}`,
  );
}

describe("fields", () => {
  test.each([
    ["string a = 1;", "string a = 1; string b = 2;", ["FIELD_ADDED /M/2"]],
    ["string a = 1; string b = 2;", "string a = 1;", ["FIELD_REMOVED /M/2"]],
    ["string a = 1;", "string a = 2;", ["FIELD_REMOVED /M/1", "FIELD_ADDED /M/2"]],
    ["string a = 1;", "string b = 1;", ["FIELD_NAME_CHANGED /M/1"]],
    ["uint32 a = 1;", "bool a = 1;", []],
    ["int32 a = 1;", "sint32 a = 1;", ["!FIELD_SCALAR_KIND_CHANGED /M/1"]],
    ["float a = 1;", "double a = 1;", ["!FIELD_SCALAR_KIND_CHANGED /M/1"]],
    ["int32 a = 1;", "N a = 1;", ["!FIELD_KIND_CHANGED /M/1"]],
    ["map<string, int32> a = 1;", "repeated N a = 1;", ["!FIELD_KIND_CHANGED /M/1"]],
    ["map<int32, N> a = 1;", "map<int64, N> a = 1;", []],
    ["optional int32 a = 1;", "repeated int32 a = 1;", ["!FIELD_NUMERIC_LABEL_CHANGED /M/1"]],
    ["bytes a = 1;", "repeated bytes a = 1;", ["FIELD_STRING_OR_BYTES_LABEL_CHANGED /M/1"]],
    ["N a = 1;", "repeated N a = 1;", []],
    ["string a = 1;", "optional string a = 1;", []],
    ["K a = 1;", "int32 a = 1;", []],
    ["K a = 1;", "string a = 1;", ["!FIELD_SCALAR_KIND_CHANGED /M/1"]],
  ])("from “%s” to “%s”", (before, after, expected) => {
    const others = "message N { string x = 1; } enum K { Z = 0; }";
    expect(changes(message(before, others), message(after, others))).toEqual(expected);
  });

  test.each([
    ["", "required string a = 1;", ["!REQUIRED_FIELD_ADDED /M/1"]],
    ["required string a = 1;", "", ["!REQUIRED_FIELD_REMOVED /M/1"]],
    ["optional string a = 1;", "required string a = 1;", ["!REQUIRED_FIELD_ADDED /M/1"]],
    ["required string a = 1;", "optional string a = 1;", []],
  ])("of proto2 from “%s” to “%s”", (before, after, expected) => {
    expect(changes(old(before), old(after))).toEqual(expected);
  });

  test("have types by what their names stand for, not by how they are written", () => {
    const nested = (name: string) =>
      `syntax = "proto3"; package p; message M { ${name} a = 1; message N { string x = 1; } }`;
    expect(changes(nested("N"), nested(".p.M.N"))).toEqual([]);
    expect(changes(nested("N"), nested("M.N"))).toEqual([]);
    const fieldLikeType = `syntax = "proto3"; message M { N N = 1; } message N { string x = 1; }`;
    expect(changes(fieldLikeType, fieldLikeType.replace("N N", ".N N"))).toEqual([]);
    const imported = (name: string) =>
      `syntax = "proto3"; import "x.proto"; message M { ${name} a = 1; }`;
    expect(changes(imported("x.A"), imported("x.A"))).toEqual([]);
    expect(changes(imported("x.A"), imported("x.B"))).toEqual(["!FIELD_NAMED_TYPE_CHANGED /M/1"]);
  });
});

describe("oneofs", () => {
  test.each([
    [
      "oneof k { string a = 1; }",
      "oneof k { string a = 1; int32 b = 2; }",
      ["ONEOF_FIELD_ADDED /M/k/2"],
    ],
    ["string a = 1;", "oneof k { string a = 1; }", ["ONEOF_ADDED /M/k"]],
    [
      "string a = 1; oneof k { string b = 2; }",
      "oneof k { string a = 1; string b = 2; }",
      ["!FIELD_MOVED_TO_EXISTING_ONEOF /M/k/1"],
    ],
    [
      "oneof k { string a = 1; int32 b = 2; }",
      "oneof k { int32 b = 2; }",
      ["!ONEOF_FIELD_REMOVED /M/k/1"],
    ],
    [
      "oneof k { string a = 1; string b = 2; }",
      "oneof k { string a = 1; } oneof j { string b = 2; }",
      ["!ONEOF_FIELD_REMOVED /M/k/2", "ONEOF_ADDED /M/j"],
    ],
  ])("from “%s” to “%s”", (before, after, expected) => {
    expect(changes(message(before), message(after))).toEqual(expected);
  });
});

describe("declarations", () => {
  test.each([
    ["", "message N { }", ["MESSAGE_ADDED /N"]],
    ["enum K { Z = 0; }", "", ["ENUM_REMOVED /K"]],
    ["enum K { Z = 0; }", "enum K { Z = 0; A = 1; }", ["ENUM_CONST_ADDED /K/1"]],
    ["enum K { Z = 0; A = 1; }", "enum K { Z = 0; B = 1; }", ["ENUM_CONST_CHANGED /K/1"]],
    ["message N { message O { } }", "message N { }", ["!MESSAGE_REMOVED /N/O"]],
  ])("from “%s” to “%s”", (before, after, expected) => {
    expect(changes(message("", before), message("", after))).toEqual(expected);
  });
});

test("random messages are compatible with themselves, and in the order of their numbers or not", () => {
  const type = fc.constantFrom("int32", "string", "bytes", "bool", "double", "fixed64", "M", "K");
  const field = fc.record({
    number: fc.integer({ min: 1, max: 99 }),
    type,
    isRepeated: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(field, { maxLength: 8, selector: ({ number }) => number }),
      (fields) => {
        const lines = fields.map(
          ({ number, type: name, isRepeated }) =>
            `${isRepeated ? "repeated " : ""}${name} f${number} = ${number};`,
        );
        const text = (order: readonly string[]) => message(order.join(" "), "enum K { Z = 0; }");
        const found = compare(text(lines), text(lines.toReversed()));
        expect(found).toEqual({ isCompatible: true, changes: [], warnings: [] });
      },
    ),
  );
});

test("sentences are whole, whatever differs", () => {
  const bodies = [
    "string a = 1;",
    "oneof k { int32 a = 1; M b = 2; }",
    "repeated int32 a = 1; map<string, M> b = 2;",
  ];
  const pairs = bodies.flatMap((before) => bodies.map((after) => [before, after] as const));
  for (const [before, after] of pairs)
    for (const next of ["reader", "writer"] as const)
      for (const sentence of sentencesOf(message(before, "message X {}"), message(after), next))
        expect(sentence).toMatch(/^[A-Z“].*\.$/su);
});

function sentencesOf(writer: string, reader: string, next: "reader" | "writer") {
  const compared = compareProtobufSchemas({ writer, reader, next });
  if (!compared.ok) return [];
  return [...compared.value.changes, ...compared.value.warnings].map(({ sentence }) => sentence);
}
