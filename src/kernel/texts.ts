// Numbered texts as state of a run: reasons, sentences, whatever is chosen while it runs. The characters themselves
// stand in the arena, so that a checkpoint knows its texts, and a restored run numbers the next one as the first did.

import type { Arena, Int32Column } from "./arena.ts";

/** A growing list of different texts, numbered from 0 in the order in which they first occur. Meant for some
 *  thousands at most: all of them are read again after a restore. */
export class Texts {
  /** UTF-16 units of all texts, one after the other, and where each ends. */
  readonly #units: Int32Column;
  readonly #ends: Int32Column;
  // What the columns say, ready for use.
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(arena: Arena, name: string) {
    this.#units = arena.int32(`${name}/units`);
    this.#ends = arena.int32(`${name}/ends`);
    arena.onRestore(() => {
      this.#readAgain();
    });
  }

  /** The number of a text, a new one when it was not known. */
  number(text: string): number {
    return this.#numbers.get(text) ?? this.#add(text);
  }

  /** The text with a number that was given out. */
  text(number: number): string {
    return this.#texts[number]!;
  }

  /** All texts in the order of their numbers. */
  all(): readonly string[] {
    return this.#texts;
  }

  #add(text: string): number {
    for (let at = 0; at < text.length; at++) this.#units.push(text.charCodeAt(at));
    this.#ends.push(this.#units.length);
    return this.#remember(text);
  }

  #remember(text: string): number {
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }

  #readAgain(): void {
    this.#texts.length = 0;
    this.#numbers.clear();
    let start = 0;
    for (let number = 0; number < this.#ends.length; number++) {
      const end = this.#ends.data[number]!;
      this.#remember(String.fromCharCode(...this.#units.data.subarray(start, end)));
      start = end;
    }
  }
}
