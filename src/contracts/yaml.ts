// Documents as text: YAML and JSON, always the same bytes for the same document.

import { stringify } from "yaml";

/** The formats in which a document can be written. */
export const formats = ["yaml", "json"] as const;

/** One of the formats. */
export type Format = (typeof formats)[number];

/** A document as text that ends with a line break. */
export function writeDocument(document: object, format: Format): string {
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  return stringify(document, { lineWidth: 100, aliasDuplicateObjects: false });
}
