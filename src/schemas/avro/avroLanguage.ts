// Avro as a schema language: its schemas are JSON and may be typed as YAML, too.

import type { PayloadSchema } from "../../model/scenario.ts";
import { isObject } from "../../model/equal.ts";
import type { Language } from "../languages.ts";
import { placed, type SchemaText } from "../placedProblem.ts";
import { error, warning } from "../schemaProblems.ts";
import { readStructuredText, spanOf } from "../structuredText.ts";
import { avroToJsonSchema } from "./avroToJsonSchema.ts";
import { readAvro } from "./readAvro.ts";

/** Avro. */
export const avroLanguage: Language = {
  checkText: checkAvroText,
  check: (schema) => readAvro(schema).problems,
  textOf: (schema) => JSON.stringify(schema, null, 2),
  toJsonSchema: (schema, side) => {
    const { type } = readAvro(schema);
    return type === undefined ? undefined : avroToJsonSchema(type, side);
  },
  skeleton: skeletonAvro,
};

/** Looks at the text of an Avro schema. It can be used when it is JSON, even with problems. */
function checkAvroText(text: string): SchemaText {
  const read = readStructuredText(text);
  if (!read.ok)
    return {
      problems: [placed(error("contract/json", "", read.failure.message), read.failure, text)],
    };
  const { value, spans, repeated } = read.value;
  const doubles = repeated.map((one) =>
    placed(warning("contract/repeated-name", "", one.message), one, text),
  );
  const found = readAvro(value).problems.map((one) => placed(one, spanOf(spans, one.path), text));
  const problems = [...doubles, ...found];
  return isSchemaValue(value) ? { schema: value, problems } : { problems };
}

function isSchemaValue(value: unknown): value is PayloadSchema {
  return isObject(value) || Array.isArray(value) || typeof value === "string";
}

/** The schema with which a new Avro event begins. */
function skeletonAvro(): PayloadSchema {
  return {
    type: "record",
    name: "Event",
    namespace: "com.example",
    fields: [
      { name: "id", type: "string", doc: "Identifies what the event is about." },
      { name: "occurredAt", type: { type: "long", logicalType: "timestamp-millis" } },
    ],
  };
}
