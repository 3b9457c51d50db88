// Documents as text: YAML and JSON, always the same bytes for the same document.

import { stringify } from "yaml";

/** The formats in which a document can be written. */
export const formats = ["yaml", "json"] as const;

/** One of the formats. */
export type Format = (typeof formats)[number];

/** A document as text that ends with a line break. */
export function writeDocument(document: object, format: Format): string {
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  // Many tools still read YAML 1.1, in which a plain `on` is true and a plain `12:30` a number.
  return stringify(document, { lineWidth: 100, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}
