// A JSON Schema of Avro schemas, for completion and hovers in the editor; what is wrong says our own check.
// Source: Apache Avro 1.12, Specification, Schema Declaration.

import type { JsonSchema } from "../../model/scenario.ts";

const primitives = {
  null: "No value.",
  boolean: "True or false.",
  int: "Whole number of 32 bits.",
  long: "Whole number of 64 bits.",
  float: "Floating-point number of 32 bits.",
  double: "Floating-point number of 64 bits.",
  bytes: "Any bytes.",
  string: "Text in Unicode.",
} as const;

const logicalTypes = [
  "decimal",
  "uuid",
  "date",
  "time-millis",
  "time-micros",
  "timestamp-millis",
  "timestamp-micros",
  "local-timestamp-millis",
  "local-timestamp-micros",
  "duration",
];

const schema = { $ref: "#/definitions/schema" };
const name = { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_.]*$" };
const names = { type: "array", items: name };

const field = {
  type: "object",
  description: "A member of a record.",
  required: ["name", "type"],
  properties: {
    name: { ...name, description: "Name of the field." },
    type: { ...schema, description: "What it holds; a list is a union." },
    default: {
      description:
        "What a reader takes when the writer did not know the field. Of a union: a value of its first branch.",
    },
    doc: { type: "string", description: "What it means." },
    order: {
      enum: ["ascending", "descending", "ignore"],
      description: "How it counts in sorting.",
    },
    aliases: { ...names, description: "Names by which writers may know it." },
  },
};

const complex = {
  type: "object",
  required: ["type"],
  properties: {
    type: {
      description: "What kind of schema this is.",
      anyOf: [
        { enum: ["record", "enum", "array", "map", "fixed", ...Object.keys(primitives)] },
        schema,
      ],
    },
    name: { ...name, description: "Name of a record, enum or fixed." },
    namespace: { type: "string", description: "What stands before the name." },
    doc: { type: "string", description: "What it means." },
    aliases: { ...names, description: "Other names by which writers may know it." },
    fields: { type: "array", items: field, description: "The members of a record." },
    symbols: { ...names, description: "The values of an enum." },
    default: { description: "Of an enum: what a reader takes for a symbol that it does not know." },
    items: { ...schema, description: "What an array holds." },
    values: { ...schema, description: "What a map holds; its keys are texts." },
    size: { type: "integer", minimum: 1, description: "Bytes of a fixed." },
    logicalType: { enum: logicalTypes, description: "What the value stands for." },
    precision: { type: "integer", minimum: 1, description: "Digits of a decimal." },
    scale: { type: "integer", minimum: 0, description: "Digits of a decimal behind the point." },
  },
};

/** The JSON Schema of Avro schemas. */
export function schemaOfAvro(): JsonSchema {
  return {
    ...schema,
    definitions: {
      schema: {
        anyOf: [
          ...Object.entries(primitives).map(([type, description]) => ({
            const: type,
            description,
          })),
          { ...name, description: "A record, enum or fixed that has this name." },
          complex,
          { type: "array", items: schema, description: "A union: one of these." },
        ],
      },
    },
  };
}
