// The words of a .proto text with their places: names with dots, numbers, texts and signs. Comments are left out.

import type { Span } from "../placedProblem.ts";

/** A word of a .proto text. */
export interface Token extends Span {
  readonly text: string;
}

// A comment that is not closed reaches to the end, like a text that is not closed reaches to the end of its line.
const word =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|[\w.]+|[^\s\w]/gu;

/** The words of a text. */
export function tokensOf(text: string): readonly Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(word)) {
    const [token] = match;
    if (token.startsWith("//") || token.startsWith("/*")) continue;
    found.push({ text: token, start: match.index, end: match.index + token.length });
  }
  return found;
}
