// Every schema language at once, for the terminal and for workers; the page loads them one by one (languages.ts).

import { avroLanguage } from "./avro/avroLanguage.ts";
import { jsonSchemaLanguage } from "./json/jsonSchemaLanguage.ts";
import type { SchemaFormat } from "../model/scenario.ts";
import type { Language } from "./languages.ts";
import { protobufLanguage } from "./protobuf/protobufLanguage.ts";

/** All languages. */
export const allLanguages: Readonly<Record<SchemaFormat, Language>> = {
  "json-schema": jsonSchemaLanguage,
  avro: avroLanguage,
  protobuf: protobufLanguage,
};
