// Where a text stops being JSON, in the same words in every browser; their own messages differ and often name no place.

import { depthMax } from "./limits.ts";

/** What is wrong with a text, and where (both counted from 1). */
export interface JsonFault {
  readonly kind: "syntax" | "depth";
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

// Extensions and schemas may be nested `depthMax` deep themselves, and stand some levels deep in the document.
const nestingMax = depthMax + 8;

/** Size of a text as a UTF-8 file [bytes]. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts two of the pair's four bytes.
    const isHalf = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x800 || isHalf ? 1 : 2;
  }
  return bytes;
}

/** Where lists and objects are nested too deeply for some parser; undefined when they are not.
 *  Checked before parsing, because some browsers' parsers run out of stack. */
export function findExcessiveDepth(text: string): JsonFault | undefined {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text[i];
    if (isInString) {
      if (unit === "\\") i++;
      else if (unit === '"') isInString = false;
    } else if (unit === '"') isInString = true;
    else if (unit === "]" || unit === "}") depth--;
    else if ((unit === "[" || unit === "{") && ++depth > nestingMax)
      return at(text, i, "depth", `at most ${nestingMax} levels of nesting`);
  }
  return undefined;
}

const whitespace = /[ \t\n\r]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const scalarToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Expectation = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma" | "end";

const words: Readonly<Record<Expectation, string>> = {
  value: "a value",
  "value or ]": 'a value or "]"',
  key: "a key in double quotes (no comma after the last field)",
  "key or }": 'a key in double quotes or "}"',
  colon: '":" after the key',
  comma: '"," or the closing bracket',
  end: "the end of the text",
};

/** The first place at which a text breaks the rules of JSON; undefined when it breaks none. */
export function findSyntaxError(text: string): JsonFault | undefined {
  const open: string[] = [];
  let expected: Expectation = "value";
  let position = skip(whitespace, text, 0);
  while (position < text.length) {
    const step = nextToken(text, position, expected, open);
    if (step === undefined) return at(text, position, "syntax", words[expected]);
    expected = step.expected;
    position = skip(whitespace, text, step.end);
  }
  return expected === "end" ? undefined : at(text, position, "syntax", words[expected]);
}

interface Step {
  readonly end: number;
  readonly expected: Expectation;
}

/** Takes one token that fits the expectation; undefined when there is none. Keeps `open` up to date. */
function nextToken(
  text: string,
  position: number,
  expected: Expectation,
  open: string[],
): Step | undefined {
  const unit = text[position] ?? "";
  const mayClose = expected === "comma" || expected === "value or ]" || expected === "key or }";
  if (mayClose && (unit === "]" || unit === "}") && unit === open.at(-1)) {
    open.pop();
    return { end: position + 1, expected: afterValue(open) };
  }
  switch (expected) {
    case "colon":
      return unit === ":" ? { end: position + 1, expected: "value" } : undefined;
    case "comma":
      if (unit !== ",") return undefined;
      return { end: position + 1, expected: open.at(-1) === "}" ? "key" : "value" };
    case "key":
    case "key or }": {
      const end = skipString(text, position);
      return end === position ? undefined : { end, expected: "colon" };
    }
    case "end":
      return undefined;
    default:
      return valueToken(text, position, open);
  }
}

function valueToken(text: string, position: number, open: string[]): Step | undefined {
  const unit = text[position] ?? "";
  if (unit === "[" || unit === "{") {
    open.push(unit === "[" ? "]" : "}");
    return { end: position + 1, expected: unit === "[" ? "value or ]" : "key or }" };
  }
  const end = unit === '"' ? skipString(text, position) : skip(scalarToken, text, position);
  return end === position ? undefined : { end, expected: afterValue(open) };
}

function afterValue(open: readonly string[]): Expectation {
  return open.length === 0 ? "end" : "comma";
}

/** The position after a token at this position; the same position when it is not there. */
function skip(token: RegExp, text: string, position: number): number {
  token.lastIndex = position;
  return token.test(text) ? token.lastIndex : position;
}

/** The position after a string; the same position when it is none. A loop, because a regular expression
 *  that has to go back over megabytes runs out of stack. */
function skipString(text: string, position: number): number {
  if (text[position] !== '"') return position;
  for (let i = position + 1; i < text.length;) {
    const unit = text[i] ?? "";
    if (unit === '"') return i + 1;
    const next = unit === "\\" ? skip(escape, text, i) : i + 1;
    if (unit < " " || next === i) return position;
    i = next;
  }
  return position;
}

function at(text: string, position: number, kind: JsonFault["kind"], expected: string): JsonFault {
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  return { kind, line, column: position - lineStart + 1, expected };
}
