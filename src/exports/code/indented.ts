// Indentation for TypeScript that a generator wrote without any.

/** The same text, each line two spaces further in for every bracket that is open. */
export function indented(text: string): string {
  let depth = 0;
  let isComment = false;
  const lines = text.split("\n").map((written) => {
    const line = written.trim();
    if (line === "") return "";
    const isInside = isComment || line.startsWith("/*");
    isComment = isInside && !line.endsWith("*/");
    if (isInside) return "  ".repeat(depth) + (line.startsWith("*") ? ` ${line}` : line);
    const marks = line.replace(/"(?:\\.|[^"\\])*"/gu, "").replace(/\/[/*].*$/u, "");
    const leading = /^[)\]}]*/u.exec(marks)?.[0].length ?? 0;
    const before = Math.max(0, depth - leading);
    const opened = marks.match(/[([{]/gu)?.length ?? 0;
    const closed = marks.match(/[)\]}]/gu)?.length ?? 0;
    depth = Math.max(0, depth + opened - closed);
    return "  ".repeat(before) + line;
  });
  return lines.join("\n");
}
