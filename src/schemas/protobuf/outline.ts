// What a .proto text declares, and where: protobufjs reads the grammar but keeps no places. This reader is lenient; what
// it does not understand it skips, because the grammar has the last word.

import type { Span } from "../placedProblem.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Something that a .proto text declares. */
export interface Declaration {
  readonly kind: "message" | "enum" | "oneof" | "field" | "value";
  /** Names from the outside in, without the package: ["Order", "id"]. A field of a oneof belongs to the message. */
  readonly path: readonly string[];
  readonly span: Span;
  /** Of fields and values, when it is written as a number. */
  readonly number?: number;
  readonly numberSpan?: Span;
  readonly typeSpan?: Span;
}

/** Numbers and names that a message or enum has given up. */
export interface Reservation {
  /** Of the message or enum. */
  readonly path: readonly string[];
  readonly ranges: readonly (readonly [first: number, last: number])[];
  readonly names: readonly string[];
}

/** The declarations of a text, in its order. */
export interface Outline {
  readonly tokens: readonly Token[];
  readonly declarations: readonly Declaration[];
  readonly reservations: readonly Reservation[];
}

/** What a text declares. */
export function outlineOf(text: string): Outline {
  const tokens = tokensOf(text);
  return new OutlineReader(tokens).read();
}

/** Largest number of a field. */
export const fieldNumberMax = 536_870_911;

type Block = "file" | "message" | "enum" | "oneof" | "extend";

/** Nesting that is followed; protobufjs refuses deeper texts. */
const depthMax = 64;

// Holds the position in the words; made for one reading and thrown away.
class OutlineReader {
  readonly #tokens: readonly Token[];
  readonly #declarations: Declaration[] = [];
  readonly #reservations: Reservation[] = [];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Outline {
    while (this.#at < this.#tokens.length) this.#block("file", [], 0);
    const { tokens, declarations, reservations } = {
      tokens: this.#tokens,
      declarations: this.#declarations,
      reservations: this.#reservations,
    };
    return { tokens, declarations, reservations };
  }

  /** Statements up to the closing bracket. */
  #block(block: Block, path: readonly string[], depth: number): void {
    while (this.#at < this.#tokens.length) {
      if (this.#text() === "}") {
        this.#at++;
        return;
      }
      this.#statement(block, path, depth);
    }
  }

  #statement(block: Block, path: readonly string[], depth: number): void {
    const first = this.#text();
    if (first === ";") this.#at++;
    else if (depth > depthMax || first === "option" || first === "extensions") this.#skip();
    else if (first === "reserved") this.#reserved(path);
    else if (block === "enum") this.#numbered("value", path);
    else if (this.#isBlock("message")) this.#open("message", path, depth);
    else if (this.#isBlock("enum")) this.#open("enum", path, depth);
    else if (this.#isBlock("oneof")) this.#open("oneof", path, depth);
    else if (first === "extend") {
      this.#at += 2;
      this.#enter("extend", path, depth);
    } else if (block === "message" || block === "oneof") this.#field(path);
    else this.#skip();
  }

  // A field may be of a type called `message`: a block has a name and a bracket.
  #isBlock(kind: string): boolean {
    return this.#text() === kind && this.#text(2) === "{";
  }

  #open(kind: "message" | "enum" | "oneof", path: readonly string[], depth: number): void {
    const name = this.#tokens[this.#at + 1];
    this.#at += 2;
    if (name === undefined) return;
    const inside = [...path, name.text];
    this.#declarations.push({ kind, path: inside, span: name });
    this.#enter(kind, kind === "oneof" ? path : inside, depth);
  }

  #enter(block: Block, path: readonly string[], depth: number): void {
    if (this.#text() !== "{") return;
    this.#at++;
    this.#block(block, path, depth + 1);
  }

  #field(path: readonly string[]): void {
    if (["optional", "required", "repeated"].includes(this.#text())) this.#at++;
    const start = this.#tokens[this.#at];
    const end = this.#typeEnd();
    if (start === undefined || end === undefined) return this.#skip();
    this.#numbered("field", path, { start: start.start, end });
  }

  /** Goes over a type; the place where it ends. */
  #typeEnd(): number | undefined {
    const last = this.#text() === "map" && this.#text(1) === "<" ? this.#find(">") : this.#at;
    this.#at = last + 1;
    return this.#tokens[last]?.end;
  }

  #find(sign: string): number {
    for (let i = this.#at; i < Math.min(this.#tokens.length, this.#at + 16); i++)
      if (this.#tokens[i]?.text === sign) return i;
    return this.#at;
  }

  /** `NAME = NUMBER`, and whatever follows it. */
  #numbered(kind: "field" | "value", path: readonly string[], typeSpan?: Span): void {
    const name = this.#tokens[this.#at];
    const isNegative = this.#text(2) === "-";
    const number = this.#tokens[this.#at + (isNegative ? 3 : 2)];
    if (name !== undefined && this.#text(1) === "=" && number !== undefined) {
      const value = Number(number.text) * (isNegative ? -1 : 1);
      this.#declarations.push({
        kind,
        path: [...path, name.text],
        span: name,
        ...(Number.isInteger(value) ? { number: value, numberSpan: number } : {}),
        ...(typeSpan === undefined ? {} : { typeSpan }),
      });
    }
    this.#skip();
  }

  #reserved(path: readonly string[]): void {
    const ranges: (readonly [number, number])[] = [];
    const names: string[] = [];
    const start = ++this.#at;
    this.#skip();
    const words = this.#tokens.slice(start, this.#at).map(({ text }) => text);
    for (const [i, text] of words.entries()) {
      if (/^["']/u.test(text)) names.push(text.replaceAll(/["']/gu, ""));
      else if (/^\d/u.test(text) && words[i - 1] !== "to") {
        const last = words[i + 1] === "to" ? words[i + 2] : text;
        ranges.push([Number(text), last === "max" ? Infinity : Number(last)]);
      }
    }
    this.#reservations.push({ path, ranges, names });
  }

  /** Goes over the rest of a statement: up to its semicolon, or over its block. */
  #skip(): void {
    let depth = 0;
    while (this.#at < this.#tokens.length) {
      const text = this.#text();
      if (depth === 0 && text === "}") return;
      this.#at++;
      if (text === "{" || text === "[") depth++;
      else if (text === "}" || text === "]") depth--;
      if (depth <= 0 && (text === ";" || text === "}")) return;
    }
  }

  #text(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.text ?? "";
  }
}
