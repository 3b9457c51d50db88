// The official AsyncAPI parser, with its parsers for Avro and Protobuf, as a judge of our exports. It is far too large for
// the page; tests can afford it.

import { AvroSchemaParser } from "@asyncapi/avro-schema-parser";
import { Parser } from "@asyncapi/parser";
import { ProtoBuffSchemaParser } from "@asyncapi/protobuf-schema-parser";
import { expect } from "vitest";
import type { DocumentFile } from "./files.ts";
import { memberOf } from "./lookup.ts";
import { type Format, writeDocument } from "./yaml.ts";

const ruleset = { core: true, recommended: true };

// The files of an export lie beside each other in this folder, which is nowhere.
const folder = "/export/";
let files = new Map<string, string>();

const parser = new Parser({
  ruleset,
  __unstable: {
    resolver: {
      cache: false,
      resolvers: [
        {
          schema: "file",
          order: 1,
          canRead: true,
          read: (uri: { readonly path: () => string }) => files.get(uri.path()) ?? "",
        },
      ],
    },
  },
});
parser.registerSchemaParser(AvroSchemaParser());
parser.registerSchemaParser(ProtoBuffSchemaParser());

// Spectral counts 0 error, 1 warning, 2 information, 3 hint.
const hint = 3;

interface Diagnostic {
  readonly severity: number;
  readonly code: string | number;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the parser has to say of a document that was written in a format, save hints. Documents of older versions are
 *  always told that there is a newer one; that is left out. */
export async function complaintsAbout(
  document: object,
  format: Format,
): Promise<readonly string[]> {
  return sentences(await parser.validate(writeDocument(document, format)));
}

/** What the parser has to say of the documents of an export that refer to each other. */
export async function complaintsAboutFiles(
  exported: readonly DocumentFile[],
): Promise<readonly string[]> {
  files = new Map(exported.map(({ name, text }) => [folder + name, text]));
  const complaints: string[] = [];
  for (const { name, text } of exported)
    if (!name.startsWith("common/"))
      complaints.push(
        ...sentences(await parser.validate(text, { source: folder + name })).map(
          (sentence) => `${name}: ${sentence}`,
        ),
      );
  return complaints;
}

/** What the parser has to say of a document where contact or licence are not stated: it asks for them in version 2
 *  only. Nothing where all is stated. */
export function missingParties(document: object): readonly unknown[] {
  return memberOf(document, "asyncapi") === "2.6.0" ? missingIn(document) : [];
}

/** What a linter has to say of a document that does not state contact and licence, as matchers; nothing where it does. */
export function missingIn(document: object): readonly unknown[] {
  const info = memberOf(document, "info");
  const contact = memberOf(info, "contact");
  const isPartial = ["name", "url", "email"].some((name) => memberOf(contact, name) === undefined);
  const codes = {
    "asyncapi-info-contact": contact === undefined,
    "asyncapi-info-license": memberOf(info, "license") === undefined,
    "asyncapi-info-contact-properties": contact !== undefined && isPartial,
  };
  return Object.entries(codes).flatMap(([code, isMissed]) =>
    isMissed ? [expect.stringContaining(` ${code} `)] : [],
  );
}

/** Everything the parser has to say, whatever its severity. */
export async function allAbout(document: object): Promise<readonly string[]> {
  const diagnostics = await parser.validate(writeDocument(document, "json"));
  return diagnostics.map(({ code }) => String(code));
}

/** Diagnostics as sentences, without hints and without the one that there is a newer version. */
export function sentences(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .filter(({ severity }) => severity < hint)
    .filter(({ code }) => code !== "asyncapi-latest-version")
    .map(
      ({ severity, code, path, message }) => `${severity} ${code} ${path.join("/")}: ${message}`,
    );
}
