// The official AsyncAPI parser as a judge of our exports. It is far too large for the page; tests can afford it.

import { Parser } from "@asyncapi/parser";
import type { AsyncApiDocument } from "./document.ts";
import { type Format, writeDocument } from "./yaml.ts";

const parser = new Parser({ ruleset: { core: true, recommended: true } });

// Spectral counts 0 error, 1 warning, 2 information, 3 hint. The only information it has for us is that 3.1 exists.
const warning = 1;

/** What the parser finds wrong with a document that was written in a format: errors and warnings. */
export async function complaintsAbout(
  document: AsyncApiDocument,
  format: Format,
): Promise<readonly string[]> {
  const diagnostics = await parser.validate(writeDocument(document, format));
  return diagnostics
    .filter(({ severity }: { readonly severity: number }) => severity <= warning)
    .map(
      ({ severity, code, path, message }) => `${severity} ${code} ${path.join("/")}: ${message}`,
    );
}

/** Everything the parser has to say, whatever its severity. */
export async function allAbout(document: AsyncApiDocument): Promise<readonly string[]> {
  const diagnostics = await parser.validate(writeDocument(document, "json"));
  return diagnostics.map(({ code }) => String(code));
}
