// Payload schemas in AsyncAPI: JSON Schema as it is, Avro and Protobuf as multi-format schema objects. Each way of writing
// has its way back, so that a document can be read again.

import { isObject } from "../model/equal.ts";
import type { JsonSchema, PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import { languageFacts } from "../schemas/languages.ts";
import { withoutGaps } from "./document.ts";
import { embedSchema, releaseSchema } from "./embeddedSchema.ts";
import type { Lens } from "./lens.ts";
import { quoted } from "./quoted.ts";

/** The schema format by which AsyncAPI tools know a language; the parsers of AsyncAPI know these versions. */
function schemaFormatOf(format: "avro" | "protobuf", schema: PayloadSchema): string {
  if (format === "avro") return "application/vnd.apache.avro;version=1.9.0";
  const text = typeof schema === "string" ? schema : "";
  const isProto3 = /syntax\s*=\s*["']proto3["']/u.test(text);
  return `application/vnd.google.protobuf;version=${isProto3 ? 3 : 2}`;
}

/** The language of a schema object of a document. */
export function languageOf(said: unknown): SchemaFormat {
  const schemaFormat = isObject(said) ? said["schemaFormat"] : undefined;
  if (typeof schemaFormat !== "string" || !isObject(said) || !Object.hasOwn(said, "schema"))
    return "json-schema";
  if (schemaFormat.startsWith("application/vnd.apache.avro")) return "avro";
  return schemaFormat.startsWith("application/vnd.google.protobuf") ? "protobuf" : "json-schema";
}

/** The content type of payloads in a language. */
export function contentTypeOf(format: SchemaFormat): string {
  return languageFacts[format].contentType;
}

/** A payload schema as it stands at `place`, such as `#/components/schemas/Order`. */
export function schemaLens(format: SchemaFormat, place: string): Lens<PayloadSchema, object> {
  if (format === "json-schema")
    return {
      write: (schema) => embedSchema(isObject(schema) ? schema : {}, place),
      read: (said) => releaseSchema(isMultiFormat(said) ? said.schema : said, place),
    };
  return {
    // A member called `$ref` has no meaning in Avro, but every tool would follow it.
    write: (schema) => ({ schemaFormat: schemaFormatOf(format, schema), schema: quoted(schema) }),
    read: (said) => payloadOf(isMultiFormat(said) ? said.schema : said),
  };
}

function isMultiFormat(said: unknown): said is { readonly schema: unknown } {
  return (
    isObject(said) && typeof said["schemaFormat"] === "string" && Object.hasOwn(said, "schema")
  );
}

function payloadOf(schema: unknown): PayloadSchema {
  return isObject(schema) || Array.isArray(schema) || typeof schema === "string" ? schema : {};
}

/** A JSON Schema in two parts: what it says about itself and loses as part of a larger document (its dialect and its
 *  address), and the rest. */
export function headAndBody(schema: JsonSchema): {
  readonly head: JsonSchema | undefined;
  readonly body: JsonSchema;
} {
  const { $schema, $id, ...body } = schema;
  const head = withoutGaps({ $schema, $id });
  return { head: Object.keys(head).length > 0 ? head : undefined, body };
}
