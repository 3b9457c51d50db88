// Texts from files, cut to what the document has room for.

/** A text of at most so many characters; where something is cut off, it ends with an ellipsis. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  // A character outside the first plane is two units that must not be torn apart.
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
