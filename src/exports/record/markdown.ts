// Writing Markdown: texts that mean nothing but themselves, and tables.

/** A text on one line in which nothing is markup. */
export function plain(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>|#~]/gu, String.raw`\$&`);
}

/** A text of several paragraphs in which nothing is markup, not even at the beginning of a line. */
export function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/u)
    .map(plain)
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => paragraph.replace(/^(\d+)([.)])/u, String.raw`$1\$2`))
    .map((paragraph) => paragraph.replace(/^[-+=]/u, String.raw`\$&`))
    .join("\n\n");
}

/** A table; cells are Markdown already. Nothing where there are no rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => (cell === "" ? "–" : cell)).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
