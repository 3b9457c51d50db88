// Writing SVG as text: elements, attributes and texts that any XML reader accepts, and texts cut to a width.

/** Attributes; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with what is inside it, which must be XML already. */
export function element(name: string, attributes: Attributes, inside = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join("");
  return inside === "" ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

/** A text as XML: marks escaped, and characters left out that XML does not allow at all. */
export function escapeXml(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return (
    text
      // These are what XML 1.0 forbids.
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, "")
      .replace(/[&<>"']/gu, (mark) => marks[mark] ?? mark)
  );
}

/** A text that is about as wide as there is room [px] at most; the rest is replaced by an ellipsis. Without a browser the
 *  width is a guess by kinds of letters, generous enough for usual fonts. */
export function fitText(text: string, widthPx: number, sizePx: number): string {
  const letters = Array.from(text.replace(/\s+/gu, " ").trim());
  const room = widthPx / sizePx;
  let used = 0;
  for (const [index, letter] of letters.entries()) {
    used += widthOf(letter);
    if (used <= room) continue;
    let cut = index;
    while (cut > 0 && used + ellipsisEm > room) used -= widthOf(letters[cut--] ?? "");
    return `${letters
      .slice(0, cut + 1)
      .join("")
      .trimEnd()}…`;
  }
  return letters.join("");
}

/** A text in lines that are about as wide as there is room [px] at most, broken between words. */
export function linesOf(text: string, widthPx: number, sizePx: number): readonly string[] {
  const width = (part: string): number =>
    Array.from(part).reduce((sum, letter) => sum + widthOf(letter), 0) * sizePx;
  return text.split(/\r?\n/u).flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(/\s+/u)) {
      const last = lines.at(-1) ?? "";
      const longer = last === "" ? word : `${last} ${word}`;
      if (last === "" || width(longer) <= widthPx) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.map((line) => fitText(line, widthPx, sizePx));
  });
}

const ellipsisEm = 0.8;

/** Width of a letter [em]. */
function widthOf(letter: string): number {
  if (/[ijl.,:;'|!]/u.test(letter)) return 0.28;
  if (/[frtI()[\]{}\s-]/u.test(letter)) return 0.38;
  if (/[mwMW@%]/u.test(letter)) return 0.88;
  if (/[A-Z]/u.test(letter)) return 0.67;
  if (/[\u1100-\u{10ffff}]/u.test(letter) && !/[\u2000-\u206f]/u.test(letter)) return 1.05;
  return 0.57;
}
