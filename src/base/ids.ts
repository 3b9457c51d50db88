// Identifiers of nodes, channels, connections and contracts: short, readable, safe as object keys and in links.

const idPattern = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** The rule for identifiers as a regular expression source, for schemas. */
export const idRule = idPattern.source;

/** Whether a text may serve as an identifier. Names of Object's own members are refused. */
export function isId(text: string): boolean {
  return idPattern.test(text) && !(text in Object.prototype);
}

/** A free identifier close to `wish`: letters and digits of it, with a number where it is taken. */
export function createId(wish: string, isTaken: (id: string) => boolean): string {
  const words = wish
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+|-+$/g, "")
    .toLowerCase()
    .slice(0, 48);
  const stem = isId(words) ? words : "item";
  if (!isTaken(stem)) return stem;
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}
