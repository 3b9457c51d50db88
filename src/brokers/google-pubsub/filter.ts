// The filter language of Pub/Sub subscriptions: which messages come in, by their attributes alone. A text is read once
// into a tree; it is a user's, so its length and depth are bounded.

import { fail, type Result, succeed } from "../../base/result.ts";
import type { JsonObject } from "../mechanisms/routing/messageFacts.ts";

/** Most bytes of a filter. Source: https://cloud.google.com/pubsub/docs/subscription-message-filter */
export const filterBytesMax = 256;

/** A filter that has been read. */
export type Filter =
  | { readonly kind: "has"; readonly key: string }
  | { readonly kind: "equals" | "starts"; readonly key: string; readonly value: string }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "and" | "or"; readonly of: readonly Filter[] };

interface Token {
  readonly kind: "word" | "text" | "sign" | "end";
  readonly text: string;
  /** Position of its first character, from 1. */
  readonly at: number;
}

/** Whether attributes pass a filter. Case counts; an attribute that is missing equals nothing, so `!=` lets it pass. */
export function passesFilter(filter: Filter, attributes: JsonObject): boolean {
  switch (filter.kind) {
    case "has":
      return Object.hasOwn(attributes, filter.key);
    case "equals":
      return valueOf(attributes, filter.key) === filter.value;
    case "starts":
      return valueOf(attributes, filter.key)?.startsWith(filter.value) === true;
    case "not":
      return !passesFilter(filter.of, attributes);
    case "and":
      return filter.of.every((one) => passesFilter(one, attributes));
    case "or":
      return filter.of.some((one) => passesFilter(one, attributes));
  }
}

function valueOf(attributes: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Reads a filter; the failure is a sentence that begins in lower case, with the place and what to do. */
export function parseFilter(text: string): Result<Filter, string> {
  if (new TextEncoder().encode(text).length > filterBytesMax)
    return fail(`a filter may have ${filterBytesMax} bytes. Shorten it.`);
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  const reader = new FilterReader(tokens.value);
  try {
    return succeed(reader.whole());
  } catch (problem) {
    if (problem instanceof FilterProblem) return fail(problem.message);
    throw problem;
  }
}

/** A mistake in a filter; never leaves this file. */
class FilterProblem extends Error {}

/** Words are what stands between signs; texts stand in double quotes. */
function tokensOf(text: string): Result<readonly Token[], string> {
  const tokens: Token[] = [];
  const pattern =
    /\s+|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_-]*)|"(?<text>(?:[^"\\]|\\.)*)"|(?<sign>!=|[:=.,()-])/suy;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null)
      return fail(
        `at character ${at + 1} stands ${text.slice(at, at + 1)}, which a filter cannot have. Write texts in double quotes.`,
      );
    const { word, text: quoted, sign } = found.groups ?? {};
    if (word !== undefined) tokens.push({ kind: "word", text: word, at: at + 1 });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, at: at + 1 });
    else if (quoted !== undefined) {
      const plain = unescaped(quoted);
      if (plain === undefined)
        return fail(
          `the text at character ${at + 1} has an escape sequence that does not exist. Write \\" for a quotation mark and \\\\ for a backslash.`,
        );
      tokens.push({ kind: "text", text: plain, at: at + 1 });
    }
    at = pattern.lastIndex;
  }
  return succeed([...tokens, { kind: "end", text: "the end", at: text.length + 1 }]);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
  "?": "?",
};

/** A text with its escape sequences replaced (Unicode, hexadecimal, octal and simple ones). */
function unescaped(text: string): string | undefined {
  let isValid = true;
  const pattern =
    /\\(?:u(?<short>[\da-fA-F]{4})|U(?<long>[\da-fA-F]{8})|x(?<hex>[\da-fA-F]{2})|(?<octal>[0-7]{1,3})|(?<simple>.))/gsu;
  const plain = text.replaceAll(pattern, (...parts: unknown[]) => {
    // The last argument holds the named groups.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const groups = parts.at(-1) as Readonly<Record<string, string | undefined>>;
    const hex = groups["short"] ?? groups["long"] ?? groups["hex"];
    const code = hex !== undefined ? parseInt(hex, 16) : parseInt(groups["octal"] ?? "", 8);
    const simple = simpleEscapes[groups["simple"] ?? ""];
    if (simple !== undefined) return simple;
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    isValid = false;
    return "";
  });
  return isValid ? plain : undefined;
}

/** Reads tokens by descent. The text has at most 256 bytes, so it cannot be nested deeper than that. */
class FilterReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#expression();
    if (this.#peek().kind !== "end") throw this.#unexpected("AND, OR or the end");
    return filter;
  }

  /** Terms between AND or between OR; both in one line need parentheses. */
  #expression(): Filter {
    const first = this.#term();
    const operator = this.#peek();
    if (!this.#isWord("AND") && !this.#isWord("OR")) return first;
    const of = [first];
    while (this.#isWord(operator.text)) {
      this.#next++;
      of.push(this.#term());
    }
    if (this.#isWord("AND") || this.#isWord("OR"))
      throw new FilterProblem(
        `at character ${this.#peek().at} AND and OR are mixed. Put one of them in parentheses.`,
      );
    return { kind: operator.text === "AND" ? "and" : "or", of };
  }

  #term(): Filter {
    if (this.#isWord("NOT") || this.#isSign("-")) {
      this.#next++;
      return { kind: "not", of: this.#term() };
    }
    if (this.#isSign("(")) {
      this.#next++;
      const inner = this.#expression();
      this.#sign(")");
      return inner;
    }
    if (this.#isWord("hasPrefix")) return this.#prefix();
    return this.#comparison();
  }

  #prefix(): Filter {
    this.#next++;
    this.#sign("(");
    this.#attributes();
    this.#sign(".");
    const key = this.#key();
    this.#sign(",");
    const value = this.#text();
    this.#sign(")");
    return { kind: "starts", key, value };
  }

  #comparison(): Filter {
    this.#attributes();
    if (this.#isSign(":")) {
      this.#next++;
      return { kind: "has", key: this.#key() };
    }
    if (!this.#isSign(".")) throw this.#unexpected('":" or "." after attributes');
    this.#next++;
    const key = this.#key();
    const isNegative = this.#isSign("!=");
    if (!isNegative && !this.#isSign("=")) throw this.#unexpected('"=" or "!="');
    this.#next++;
    const equals: Filter = { kind: "equals", key, value: this.#text() };
    return isNegative ? { kind: "not", of: equals } : equals;
  }

  #attributes(): void {
    if (!this.#isWord("attributes"))
      throw this.#unexpected("attributes, NOT, hasPrefix or a parenthesis");
    this.#next++;
  }

  /** A key: a word, or a text when it has other characters than letters, digits, hyphens and underscores. */
  #key(): string {
    const token = this.#peek();
    if (token.kind !== "word" && token.kind !== "text") throw this.#unexpected("a key");
    this.#next++;
    return token.text;
  }

  #text(): string {
    const token = this.#peek();
    if (token.kind !== "text") throw this.#unexpected("a value in double quotes");
    this.#next++;
    return token.text;
  }

  #sign(sign: string): void {
    if (!this.#isSign(sign)) throw this.#unexpected(`"${sign}"`);
    this.#next++;
  }

  #isSign(sign: string): boolean {
    const { kind, text } = this.#peek();
    return kind === "sign" && text === sign;
  }

  #isWord(word: string): boolean {
    const { kind, text } = this.#peek();
    return kind === "word" && text === word;
  }

  #peek(): Token {
    // The last token is the end, and nothing reads beyond it.
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]!;
  }

  #unexpected(wanted: string): FilterProblem {
    const { at, text } = this.#peek();
    return new FilterProblem(`at character ${at} stands ${text} where ${wanted} is expected.`);
  }
}
