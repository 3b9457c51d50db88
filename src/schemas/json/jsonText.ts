// Where things stand in a JSON text: the place of the first mistake with a sentence about it, or the place of every value.
// `JSON.parse` says neither in the same words everywhere; this reader does, and finds keys that are written twice.

import { pathTo } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { depthMax } from "../../model/limits.ts";
import type { Span } from "../placedProblem.ts";

/** A mistake in a JSON text. */
export interface JsonMistake extends Span {
  readonly message: string;
}

/** A JSON text that was read. */
export interface JsonText {
  readonly value: unknown;
  /** JSON Pointer → where the value stands; for members of objects, where the key stands. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Keys that stand twice in one object; the last one counts. */
  readonly repeated: readonly JsonMistake[];
}

/** Reads a JSON text. */
export function parseJsonText(text: string): Result<JsonText, JsonMistake> {
  const reader = new Reader(text);
  try {
    const spans = reader.read();
    return succeed({ value: JSON.parse(text) as unknown, spans, repeated: reader.repeated });
  } catch (thrown) {
    if (thrown instanceof Mistake) return fail(thrown.at);
    const message = "This is not valid JSON. Compare it with the skeleton of a new event.";
    return fail({ start: 0, end: text.length, message });
  }
}

class Mistake extends Error {
  readonly at: JsonMistake;

  constructor(at: JsonMistake) {
    super(at.message);
    this.at = at;
  }
}

// Holds the position in the text; made for one reading and thrown away.
class Reader {
  readonly repeated: JsonMistake[] = [];
  #spans = new Map<string, Span>();
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ReadonlyMap<string, Span> {
    this.#value("", 0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#stop("Nothing may follow the closing bracket.");
    return this.#spans;
  }

  #value(path: string, depth: number): void {
    if (depth > depthMax) this.#stop("This is nested too deeply. Use definitions and $ref.");
    this.#skipSpace();
    const start = this.#at;
    const first = this.#text.charAt(start);
    if (first === "{") this.#object(path, depth);
    else if (first === "[") this.#array(path, depth);
    else if (first === '"') this.#string();
    else this.#word();
    if (!this.#spans.has(path)) this.#spans.set(path, { start, end: this.#at });
  }

  #object(path: string, depth: number): void {
    const seen = new Set<string>();
    this.#members("}", () => {
      const start = this.#at;
      if (this.#text.charAt(start) !== '"')
        this.#stop('Write a name in double quotes here, such as "type".');
      const key = this.#string();
      const span = { start, end: this.#at };
      const message = `“${key}” stands here for the second time. Remove one of the two.`;
      if (seen.has(key)) this.repeated.push({ ...span, message });
      seen.add(key);
      this.#skipSpace();
      if (this.#text.charAt(this.#at) !== ":") this.#stop("Write a colon between name and value.");
      this.#at++;
      const place = pathTo(path, key);
      this.#spans.set(place, span);
      this.#value(place, depth + 1);
    });
  }

  #array(path: string, depth: number): void {
    let index = 0;
    this.#members("]", () => this.#value(pathTo(path, index++), depth + 1));
  }

  #members(close: string, readMember: () => void): void {
    this.#at++;
    this.#skipSpace();
    if (this.#take(close)) return;
    for (;;) {
      this.#skipSpace();
      readMember();
      this.#skipSpace();
      if (this.#take(close)) return;
      if (!this.#take(",")) this.#stop(`Write a comma or ${close} here.`);
      this.#skipSpace();
      if (this.#text.charAt(this.#at) === close) this.#stop(`Remove the comma before ${close}.`);
    }
  }

  #take(character: string): boolean {
    const isThere = this.#text.charAt(this.#at) === character;
    if (isThere) this.#at++;
    return isThere;
  }

  #string(): string {
    const start = this.#at;
    const whole = /"(?:[^"\\]|\\.)*"/uy;
    whole.lastIndex = start;
    const match = whole.exec(this.#text);
    if (match === null) this.#stop("This text has no closing quote.");
    try {
      const text = String(JSON.parse(match[0]));
      this.#at = start + match[0].length;
      return text;
    } catch {
      return this.#stop("This text has a line break or a backslash that may not stand in it.");
    }
  }

  #word(): void {
    const words = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/uy;
    words.lastIndex = this.#at;
    const match = words.exec(this.#text);
    if (match === null) this.#stop(this.#missing());
    this.#at += match[0].length;
  }

  #missing(): string {
    const next = this.#text.charAt(this.#at);
    if (next === "") return "The text ends too early: a bracket or a value is missing.";
    if (next === "'") return "Use double quotes instead of single ones.";
    return "Write a value here: a text in double quotes, a number, true, false, null, { or [.";
  }

  #skipSpace(): void {
    const space = /[ \t\r\n]*/uy;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #stop(message: string): never {
    const start = Math.min(this.#at, Math.max(0, this.#text.length - 1));
    throw new Mistake({ start, end: Math.min(start + 1, this.#text.length), message });
  }
}
