// The official example documents with what is known about them, as `../shared/asyncapi-examples` holds them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentCounts } from "./description.ts";
import type { ImportFile } from "./workspace.ts";

/** One example, as INDEX.json describes it. */
export interface Example {
  /** Path below the folder. */
  readonly file: string;
  readonly version: string;
  /** Variants of one document. */
  readonly family: string;
  readonly counts: DocumentCounts;
  readonly protocols: readonly string[];
  readonly supportFiles: readonly string[];
}

const folder = join(import.meta.dirname, "../../../shared/asyncapi-examples");

/** All examples. */
export function examples(): readonly Example[] {
  const index: { readonly entries: readonly Example[] } = JSON.parse(
    readFileSync(join(folder, "INDEX.json"), "utf8"),
  );
  return index.entries;
}

/** Every twentieth one, so that versions and sources are mixed; all of them with EXAMPLES=full. */
export function sampleOfExamples(): readonly Example[] {
  const all = examples();
  return process.env["EXAMPLES"] === "full" ? all : all.filter((_, index) => index % 20 === 3);
}

/** The texts of an example: the document first, then what it refers to. */
export function filesOf({ file, supportFiles }: Example): readonly ImportFile[] {
  return [file, ...supportFiles].map((name) => ({
    name,
    text: readFileSync(join(folder, name), "utf8"),
  }));
}
