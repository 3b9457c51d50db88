// JSON Schema (draft 7 and 2020-12) as a schema language.

import type { Language } from "../languages.ts";
import { checkJsonSchema, checkSchemaText, skeletonSchema } from "./checkJsonSchema.ts";
import { isRecord } from "./schemaWalk.ts";

/** JSON Schema. */
export const jsonSchemaLanguage: Language = {
  checkText: checkSchemaText,
  check: checkJsonSchema,
  textOf: (schema) => JSON.stringify(schema, null, 2),
  toJsonSchema: (schema) => (isRecord(schema) ? schema : undefined),
  skeleton: skeletonSchema,
};
