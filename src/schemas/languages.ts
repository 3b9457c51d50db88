// The schema languages behind one interface. What a language is called is known at once; what it can do is loaded when
// it is first asked for, because its parser is large. Who runs in a terminal or a worker takes `allLanguages.ts` instead.

import type { Problem } from "../base/problem.ts";
import { formatOf } from "../model/contracts.ts";
import type { Contract, JsonSchema, PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import type { SchemaText } from "./placedProblem.ts";

/** What a language is called, and how its texts are kept and edited. */
export interface LanguageFacts {
  readonly label: string;
  /** End of the names of its files, with the dot. */
  readonly fileEnding: string;
  /** Id of the language in Monaco. */
  readonly editorLanguage: "json" | "proto";
  /** Media type of payloads as they travel. */
  readonly contentType: string;
}

/** The facts of each language. */
export const languageFacts: Readonly<Record<SchemaFormat, LanguageFacts>> = {
  "json-schema": {
    label: "JSON Schema",
    fileEnding: ".schema.json",
    editorLanguage: "json",
    contentType: "application/json",
  },
  avro: {
    label: "Avro",
    fileEnding: ".avsc",
    editorLanguage: "json",
    contentType: "avro/binary",
  },
  protobuf: {
    label: "Protobuf",
    fileEnding: ".proto",
    editorLanguage: "proto",
    contentType: "application/protobuf",
  },
};

/** From which side a JSON Schema looks at payloads. It describes what a program writes with a schema, and nothing else
 *  (writer: samples, types); what a person may write down for it (author: examples); or what can be read with it, such
 *  as members that are skipped (reader). */
export type Side = "writer" | "author" | "reader";

/** What can be done in a schema language. No function throws, whatever it is given. */
export interface Language {
  /** The schema in a text, and what is wrong with it and where. */
  readonly checkText: (text: string) => SchemaText;
  /** What is wrong with a schema; paths are relative to it. */
  readonly check: (schema: PayloadSchema) => readonly Problem[];
  /** The text in which a schema is edited; `checkText` gives the same schema back. */
  readonly textOf: (schema: PayloadSchema) => string;
  /** The payloads as JSON, described in JSON Schema; undefined where the schema has errors.
   *  For JSON Schema itself all sides are the schema as it was written. */
  readonly toJsonSchema: (schema: PayloadSchema, side: Side) => JsonSchema | undefined;
  /** The schema with which a new event begins. */
  readonly skeleton: () => PayloadSchema;
}

/** Languages that were loaded, by format. */
export type Languages = Readonly<Partial<Record<SchemaFormat, Language>>>;

/** Loads a language. */
export async function loadLanguage(format: SchemaFormat): Promise<Language> {
  switch (format) {
    case "json-schema":
      return (await import("./json/jsonSchemaLanguage.ts")).jsonSchemaLanguage;
    case "avro":
      return (await import("./avro/avroLanguage.ts")).avroLanguage;
    case "protobuf":
      return (await import("./protobuf/protobufLanguage.ts")).protobufLanguage;
  }
}

/** Loads the languages in which contracts are written. */
export async function languagesOf(contracts: readonly Contract[]): Promise<Languages> {
  const formats = [...new Set(contracts.map(formatOf))];
  const loaded = await Promise.all(
    formats.map(async (format) => [format, await loadLanguage(format)] as const),
  );
  return Object.fromEntries(loaded);
}
