// What a run has to say about itself: notes on what concerns no single message, and what ended it before its time. Both
// are state, so that a run that goes back says what it said then.

import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import { Texts } from "../kernel/texts.ts";
import type { Note } from "../model/report.ts";
import type { RunEnding } from "../model/result.ts";
import { limits } from "./limits.ts";

/** Notes in the order in which they were made, at most `limits.notes`. */
export class Notes {
  readonly #timeNs: Float64Column;
  readonly #element: Int32Column;
  readonly #sentence: Int32Column;
  readonly #texts: Texts;

  constructor(arena: Arena) {
    this.#timeNs = arena.float64("notes/time");
    this.#element = arena.int32("notes/element");
    this.#sentence = arena.int32("notes/sentence");
    this.#texts = new Texts(arena, "notes/texts");
  }

  /** Makes a note; what happens more often than the limit is noise. */
  add(timeNs: number, element: string, sentence: string): void {
    if (this.#timeNs.length >= limits.notes) return;
    this.#timeNs.push(timeNs);
    this.#element.push(this.#texts.number(element));
    this.#sentence.push(this.#texts.number(sentence));
  }

  /** All notes so far. */
  list(): readonly Note[] {
    return Array.from({ length: this.#timeNs.length }, (_, row) => ({
      t: this.#timeNs.data[row]! / 1e9,
      element: this.#texts.text(this.#element.data[row]!),
      sentence: this.#texts.text(this.#sentence.data[row]!),
    }));
  }
}

const reasons = ["finished", "drained", "limit", "impossible"] as const;

/** Why a run has ended before its time, once it has. */
export class Ending {
  /** The sentence, once there is one. */
  readonly #sentences: Texts;
  readonly #reason: Int32Column;
  /** What the columns say, ready for the loop that asks at every event. */
  #ending: RunEnding | null = null;

  constructor(arena: Arena) {
    this.#reason = arena.int32("ending/reason", 1);
    this.#sentences = new Texts(arena, "ending");
    arena.onRestore(() => {
      const [sentence] = this.#sentences.all();
      const reason = reasons[this.#reason.data[0]!]!;
      this.#ending = sentence === undefined ? null : { reason, sentence };
    });
  }

  /** The ending; null while the run goes on. */
  get(): RunEnding | null {
    return this.#ending;
  }

  /** Ends the run; the first ending stays. */
  set(ending: RunEnding): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    this.#reason.data[0] = reasons.indexOf(ending.reason);
    this.#sentences.number(ending.sentence);
  }
}
