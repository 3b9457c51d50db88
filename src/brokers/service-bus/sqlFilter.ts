// The SQL expressions of Service Bus rules, as far as they compare properties: compiled once into a function of the
// properties. Three-valued like SQL: what compares with a missing property is unknown, and unknown does not match.

import { fail, type Result, succeed } from "../../base/result.ts";
import type { Json, JsonObject } from "../mechanisms/routing/messageFacts.ts";

/** True, false, or unknown. */
type Truth = boolean | undefined;
type Test = (facts: JsonObject) => Truth;
type Operand = (facts: JsonObject) => Json | undefined;

const TOKENS_MAX = 300;
const DEPTH_MAX = 32;

const tokenPattern =
  /\s*(?:'((?:[^']|'')*)'|(\d+(?:\.\d+)?)|([A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)*)|\[([^\]]+)\]|(<>|!=|<=|>=|[=<>(),-]))/uy;

interface Token {
  readonly kind: "text" | "number" | "name" | "sign";
  readonly text: string;
}

/** Compiles an expression; the failure is a sentence that begins in lower case. */
export function compileSqlFilter(text: string): Result<(facts: JsonObject) => boolean, string> {
  const tokens = tokensOf(text);
  if (tokens === undefined)
    return fail("this is no SQL expression. Write for example type = 'order' AND amount > 10.");
  const parser = new Parser(tokens);
  const test = parser.either(0);
  if (test === undefined || !parser.isAtEnd())
    return fail(`the expression is not understood at "${parser.here()}".`);
  return succeed((facts) => test(facts) === true);
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end && tokens.length < TOKENS_MAX) {
    tokenPattern.lastIndex = at;
    const found = tokenPattern.exec(text);
    if (found === null) return undefined;
    at = tokenPattern.lastIndex;
    const [, quoted, digits, name, bracketed, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replaceAll("''", "'") });
    else if (digits !== undefined) tokens.push({ kind: "number", text: digits });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "name", text: name ?? bracketed ?? "" });
  }
  return at < end ? undefined : tokens;
}

/** Recursive descent: OR, AND, NOT, comparisons. Answers undefined where the text is not understood. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  here(): string {
    return this.#tokens[this.#at]?.text ?? "the end";
  }

  either(depth: number): Test | undefined {
    let test = this.#both(depth);
    while (test !== undefined && this.#word("OR")) {
      const one = test;
      const other = this.#both(depth);
      test = other && ((facts) => or(one(facts), other(facts)));
    }
    return test;
  }

  #both(depth: number): Test | undefined {
    let test = this.#single(depth);
    while (test !== undefined && this.#word("AND")) {
      const one = test;
      const other = this.#single(depth);
      test = other && ((facts) => not(or(not(one(facts)), not(other(facts)))));
    }
    return test;
  }

  #single(depth: number): Test | undefined {
    if (depth > DEPTH_MAX) return undefined;
    if (this.#word("NOT")) {
      const test = this.#single(depth + 1);
      return test && ((facts) => not(test(facts)));
    }
    if (this.#sign("(")) {
      const test = this.either(depth + 1);
      return this.#sign(")") ? test : undefined;
    }
    if (this.#word("EXISTS")) {
      if (!this.#sign("(")) return undefined;
      const operand = this.#operand();
      return operand && this.#sign(")") ? (facts) => operand(facts) !== undefined : undefined;
    }
    const operand = this.#operand();
    return operand && this.#comparison(operand);
  }

  #comparison(left: Operand): Test | undefined {
    if (this.#word("IS")) {
      const isNot = this.#word("NOT");
      return this.#word("NULL") ? (facts) => isNull(left(facts)) !== isNot : undefined;
    }
    const isNot = this.#word("NOT");
    const test = this.#word("IN")
      ? this.#among(left)
      : this.#word("LIKE")
        ? this.#like(left)
        : isNot
          ? undefined
          : this.#sized(left);
    return test && isNot ? (facts) => not(test(facts)) : test;
  }

  #sized(left: Operand): Test | undefined {
    const token = this.#tokens[this.#at];
    const compare = token?.kind === "sign" ? comparisons.get(token.text) : undefined;
    if (compare === undefined) return undefined;
    this.#at++;
    const right = this.#operand();
    return right && ((facts) => compareWith(compare, left(facts), right(facts)));
  }

  #among(left: Operand): Test | undefined {
    if (!this.#sign("(")) return undefined;
    const list: Operand[] = [];
    do {
      const one = this.#operand();
      if (one === undefined) return undefined;
      list.push(one);
    } while (this.#sign(","));
    const isEqual = (order: number) => order === 0;
    if (!this.#sign(")")) return undefined;
    return (facts) =>
      list.reduce<Truth>(
        (found, one) => or(found, compareWith(isEqual, left(facts), one(facts))),
        false,
      );
  }

  #like(left: Operand): Test | undefined {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "text") return undefined;
    return (facts) => {
      const value = left(facts);
      return typeof value === "string" ? isLike(value, token.text) : undefined;
    };
  }

  #operand(): Operand | undefined {
    const isNegative = this.#sign("-");
    const token = this.#tokens[this.#at++];
    if (token?.kind === "number") {
      const value = isNegative ? -Number(token.text) : Number(token.text);
      return () => value;
    }
    if (isNegative || token === undefined || token.kind === "sign") return undefined;
    const { text } = token;
    if (token.kind === "text") return () => text;
    const constant = { TRUE: true, FALSE: false }[text.toUpperCase()];
    if (constant !== undefined) return () => constant;
    const name = text.replace(/^user\./u, "");
    return (facts) => (Object.hasOwn(facts, name) ? facts[name] : undefined);
  }

  #word(word: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token?.kind === "name" && token.text.toUpperCase() === word;
    if (isIt) this.#at++;
    return isIt;
  }

  #sign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = token?.kind === "sign" && token.text === sign;
    if (isIt) this.#at++;
    return isIt;
  }
}

const comparisons: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ["=", (order: number) => order === 0],
  ["<>", (order: number) => order !== 0],
  ["!=", (order: number) => order !== 0],
  ["<", (order: number) => order < 0],
  [">", (order: number) => order > 0],
  ["<=", (order: number) => order <= 0],
  [">=", (order: number) => order >= 0],
]);

function compareWith(
  compare: (order: number) => boolean,
  left: Json | undefined,
  right: Json | undefined,
): Truth {
  if (isNull(left) || isNull(right) || typeof left !== typeof right) return undefined;
  if (typeof left === "object" || typeof right === "object") return undefined;
  return compare(left === right ? 0 : left! < right! ? -1 : 1);
}

function isNull(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function or(one: Truth, other: Truth): Truth {
  if (one === true || other === true) return true;
  return one === undefined || other === undefined ? undefined : false;
}

function not(one: Truth): Truth {
  return one === undefined ? undefined : !one;
}

/** SQL's LIKE: % for any number of characters, _ for one. Takes at most length × length steps. */
function isLike(text: string, pattern: string): boolean {
  let [at, inPattern, star, retry] = [0, 0, -1, 0];
  while (at < text.length) {
    const sign = pattern[inPattern];
    if (sign === "%") {
      star = inPattern++;
      retry = at;
    } else if (sign === "_" || (sign !== undefined && sign === text[at])) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++retry;
    } else return false;
  }
  while (pattern[inPattern] === "%") inPattern++;
  return inPattern === pattern.length;
}
