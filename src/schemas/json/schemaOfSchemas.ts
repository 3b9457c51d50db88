// JSON Schema described as a JSON Schema, with a sentence about each keyword: what an editor offers while one writes.
// The verdict comes from payloadSchema.ts; this is for completion and help only.

import type { JsonSchema } from "../../model/scenario.ts";
import { skeletonSchema } from "./checkJsonSchema.ts";

const schema = { $ref: "#" };
const schemas = { type: "array", items: schema };
const schemaMap = { type: "object", additionalProperties: schema };
const text = { type: "string" };
const number = { type: "number" };
const limit = { type: "integer", minimum: 0 };
const flag = { type: "boolean" };
const names = { type: "array", items: text };

const types = ["object", "array", "string", "number", "integer", "boolean", "null"];

const formats = [
  "date-time",
  "date",
  "time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uuid",
];

/** The schema of schemas. */
export function schemaOfSchemas(): JsonSchema {
  return {
    type: ["object", "boolean"],
    default: skeletonSchema(),
    properties: {
      type: { enum: types, description: "What kind of value it is." },
      title: { ...text, description: "A short name for people." },
      description: { ...text, description: "What it means." },
      properties: { ...schemaMap, description: "The members of an object and their schemas." },
      required: { ...names, description: "Members that must be there." },
      additionalProperties: { ...schema, description: "Other members; false: none may be there." },
      patternProperties: { ...schemaMap, description: "Schemas of members by a pattern of names." },
      items: { ...schema, description: "The schema of every item of a list." },
      prefixItems: { ...schemas, description: "The schemas of the first items, in order." },
      minItems: { ...limit, description: "Fewest items." },
      maxItems: { ...limit, description: "Most items." },
      uniqueItems: { ...flag, description: "No item twice." },
      enum: { type: "array", description: "The values that are allowed." },
      const: { description: "The only value that is allowed." },
      default: { description: "Taken where the value is absent." },
      examples: { type: "array", description: "Values that fit." },
      format: {
        ...text,
        examples: formats,
        description: "A usual form of text, such as date-time.",
      },
      pattern: { ...text, description: "A regular expression that a text must match." },
      minLength: { ...limit, description: "Fewest characters." },
      maxLength: { ...limit, description: "Most characters." },
      minimum: { ...number, description: "Smallest value." },
      maximum: { ...number, description: "Largest value." },
      exclusiveMinimum: { ...number, description: "The value must be larger." },
      exclusiveMaximum: { ...number, description: "The value must be smaller." },
      multipleOf: { ...number, description: "The value is a multiple of it." },
      oneOf: { ...schemas, description: "Exactly one of these fits." },
      anyOf: { ...schemas, description: "At least one of these fits." },
      allOf: { ...schemas, description: "All of these fit." },
      not: { ...schema, description: "This must not fit." },
      if: { ...schema, description: "When this fits, “then” must fit, else “else”." },
      then: schema,
      else: schema,
      definitions: { ...schemaMap, description: "Parts to point at with $ref." },
      $defs: { ...schemaMap, description: "Parts to point at with $ref (2020-12)." },
      $ref: { ...text, description: "Points to another part, such as #/definitions/Item." },
      deprecated: { ...flag, description: "Should not be used any more." },
    },
  };
}
