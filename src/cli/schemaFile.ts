// Schemas as files: which language one is written in, by the end of its name or by what it says, and what it holds.

import { fail, type Result, succeed } from "../base/result.ts";
import { isObject } from "../model/equal.ts";
import type { PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import { lineAndColumn } from "../schemas/placedProblem.ts";
import { readStructuredText } from "../schemas/structuredText.ts";
import type { Shell } from "./shell.ts";

/** A schema that was read. */
export interface SchemaFile {
  readonly path: string;
  readonly format: SchemaFormat;
  readonly schema: PayloadSchema;
}

/** Reads a schema; `format` is taken for granted where it is given. The failure is a sentence. */
export function readSchemaFile(
  path: string,
  format: SchemaFormat | undefined,
  shell: Shell,
): Result<SchemaFile, string> {
  const read = shell.readFile(path);
  if (!read.ok) return read;
  const text = read.value.replace(/^\uFEFF/u, "");
  const known = format ?? formatByName(path) ?? (isProtobuf(text) ? "protobuf" : undefined);
  if (known === "protobuf") return succeed({ path, format: known, schema: text });
  const parsed = readStructuredText(text);
  if (!parsed.ok) {
    const { line, column } = lineAndColumn(text, parsed.failure.start);
    return fail(
      `“${path}” holds no schema, line ${line}, column ${column}: ${parsed.failure.message}`,
    );
  }
  const { value } = parsed.value;
  if (!isObject(value) && !Array.isArray(value) && typeof value !== "string")
    return fail(`“${path}” holds no schema: it is neither an object, a list nor a text.`);
  return succeed({
    path,
    format: known ?? (isAvro(value) ? "avro" : "json-schema"),
    schema: value,
  });
}

function formatByName(path: string): SchemaFormat | undefined {
  if (/\.avsc$/iu.test(path)) return "avro";
  return /\.proto$/iu.test(path) ? "protobuf" : undefined;
}

function isProtobuf(text: string): boolean {
  return /^\s*(?:syntax|edition)\s*=|^\s*message\s+\w+\s*\{/mu.test(text);
}

// A list is a union and a text a primitive in Avro; JSON Schema knows neither.
function isAvro(value: unknown): boolean {
  if (!isObject(value)) return Array.isArray(value) || typeof value === "string";
  const { type } = value;
  return (
    ["record", "enum", "fixed", "map"].includes(String(type)) ||
    (type === "array" && typeof value["items"] === "string")
  );
}
