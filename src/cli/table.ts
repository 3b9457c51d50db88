// Aligned columns for the terminal: the first to the left, numbers to the right.

/** Lines of a table; columns that are empty or "–" in every row are left out. Nothing when there are no rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const kept = head
    .map((_, column) => column)
    .filter((column) => column === 0 || rows.some((row) => !isEmpty(row[column])));
  const all = [head, ...rows].map((row) => kept.map((column) => row[column] ?? ""));
  const widths = kept.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]))));
  return all.map((row) =>
    `  ${row.map((cell, column) => pad(cell, column, widths)).join("  ")}`.trimEnd(),
  );
}

function isEmpty(cell: string | undefined): boolean {
  return cell === undefined || cell === "" || cell === "–" || cell === "0";
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const space = " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
  return column === 0 ? cell + space : space + cell;
}

/** Characters as they are counted on screen: a letter with its accents is one. */
function widthOf(cell: string | undefined): number {
  return Array.from((cell ?? "").normalize("NFC")).length;
}
