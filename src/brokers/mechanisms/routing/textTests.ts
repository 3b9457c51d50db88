// Tests of texts that filters share: letters of either case, and wildcards. All take time in proportion to the lengths of
// pattern and text at most multiplied, whatever the pattern.

/** Whether a text begins with another one, letters of either case counting as equal. Character by character, because a
 *  letter may have another length in the other case. */
export function startsWithIgnoringCase(text: string, start: string): boolean {
  return endOfMatch(text, start) >= 0;
}

/** Whether two texts are equal but for the case of letters. */
export function equalsIgnoringCase(text: string, other: string): boolean {
  return endOfMatch(text, other) === text.length;
}

/** Whether a text ends with another one, letters of either case counting as equal. */
export function endsWithIgnoringCase(text: string, end: string): boolean {
  let at = text.length;
  for (let i = end.length - 1; i >= 0; i--) {
    const form = bothCases(end.charAt(i)).find((one) => text.endsWith(one, at));
    if (form === undefined) return false;
    at -= form.length;
  }
  return true;
}

/** Where the text goes on behind `start`; -1 when it does not begin with it. */
function endOfMatch(text: string, start: string): number {
  let at = 0;
  for (let i = 0; i < start.length; i++) {
    const form = bothCases(start.charAt(i)).find((one) => text.startsWith(one, at));
    if (form === undefined) return -1;
    at += form.length;
  }
  return at;
}

function bothCases(character: string): readonly string[] {
  return [character.toLowerCase(), character.toUpperCase()];
}

/** Stands in a wildcard pattern for any number of characters. */
const any = Symbol("any");

/** A wildcard pattern: characters, and places for any number of them. */
export type Wildcard = readonly (string | typeof any)[];

/** Reads a pattern in which `*` stands for any number of characters and a backslash takes `*` or itself literally. The
 *  failure is a sentence: two `*` side by side and other escapes are refused, as AWS's matcher does. */
export function parseWildcard(text: string): Wildcard | string {
  const pattern: (string | typeof any)[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text.charAt(i + 1);
    if (character === "*" && next === "*")
      return `"${text}" has two wildcards side by side. One is enough.`;
    if (character === "\\") {
      if (next !== "*" && next !== "\\")
        return `In "${text}" a backslash may stand only before * or a backslash.`;
      pattern.push(next);
      i++;
    } else pattern.push(character === "*" ? any : character);
  }
  return pattern;
}

/** Whether a text fits a wildcard pattern. When a character does not fit, only the latest `*` takes one more. */
export function fitsWildcard(pattern: Wildcard, text: string): boolean {
  let p = 0;
  let t = 0;
  let afterAny = -1;
  let anyTookUntil = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === any) {
      afterAny = ++p;
      anyTookUntil = t;
    } else if (wanted !== undefined && wanted === text.charAt(t)) {
      p++;
      t++;
    } else if (afterAny >= 0) {
      p = afterAny;
      t = ++anyTookUntil;
    } else return false;
  }
  while (pattern[p] === any) p++;
  return p === pattern.length;
}
