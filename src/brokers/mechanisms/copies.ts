// Copies of messages as small integers. Nearly all copies that wait are as their publisher made them, never expire and
// were never sent: they are nothing but a message, and cost nothing here. All others have a row.

import type { Arena } from "../../kernel/arena.ts";
import { Rows } from "../../kernel/rows.ts";
import { type DeathLists, NO_DEATHS } from "./deaths.ts";

// Integers of a row.
const MESSAGE = 0;
const TEMPLATE = 1;
const PERSISTENT = 2;
const DEATHS = 3;
const ATTEMPTS = 4;
const POSITION = 5;
const FAILURES = 6;
const INTEGERS = 7;

// The double of a row: when it expires [ns]; before a queue has taken it, its own lifetime [ns].
const DOUBLES = 1;

/** What a copy is made of, besides its message. */
export interface CopyTraits {
  /** Which routing key it carries: a position in the broker's list of templates. */
  readonly template: number;
  /** Survives the restart of a node. */
  readonly persistent: boolean;
  /** Own time to live, from the moment a queue takes it [ns]; Infinity without one. */
  readonly lifetimeNs: number;
  /** Handle of its list of deaths; the copy owns it. */
  readonly deaths: number;
  /** Whether these are the traits that the publisher gives all its messages, and there is no time to live. */
  readonly plain: boolean;
}

/** What a copy takes along that comes back to its queue. */
export interface ComeBack {
  /** Place in its queue; larger is later. */
  readonly position: number;
  /** Times that it was sent to a consumer from the queue it is in. */
  readonly attempts: number;
  /** How many of them count as failed. */
  readonly failures: number;
}

/** Whether a copy is nothing but a message: as published, without end, and never sent. */
export function isPlain(copy: number): boolean {
  return (copy & 1) === 0;
}

/** The copies of one broker. An even number is twice the handle of a message, an odd one is twice a row and one.
 *  A copy that becomes a special one gets another number: who holds the old one takes the new one instead. */
export class Copies {
  readonly #rows: Rows;
  readonly #deathLists: DeathLists;
  readonly #traitsOf: (message: number) => CopyTraits;

  /** `traitsOf` tells what the publisher of a message gives all its messages. */
  constructor(
    arena: Arena,
    name: string,
    about: { deathLists: DeathLists; traitsOf: (message: number) => CopyTraits },
  ) {
    this.#rows = new Rows(arena, name, { integers: INTEGERS, doubles: DOUBLES });
    this.#deathLists = about.deathLists;
    this.#traitsOf = about.traitsOf;
  }

  /** Makes a copy that is in no queue yet. */
  make(message: number, traits: CopyTraits): number {
    return traits.plain ? message * 2 : this.#addRow(message, traits);
  }

  /** Frees a copy and its list of deaths. */
  free(copy: number): void {
    if (isPlain(copy)) return;
    this.#deathLists.free(this.deaths(copy));
    this.#rows.give(copy >> 1);
  }

  /** Handle of its message. */
  message(copy: number): number {
    return isPlain(copy) ? copy >> 1 : this.#cell(copy, MESSAGE);
  }

  /** Which routing key it carries: a position in the broker's list of templates. */
  template(copy: number): number {
    return isPlain(copy) ? this.#traitsOf(copy >> 1).template : this.#cell(copy, TEMPLATE);
  }

  /** Whether it survives the restart of a node. */
  isPersistent(copy: number): boolean {
    return isPlain(copy)
      ? this.#traitsOf(copy >> 1).persistent
      : this.#cell(copy, PERSISTENT) === 1;
  }

  /** Handle of its list of deaths. */
  deaths(copy: number): number {
    return isPlain(copy) ? NO_DEATHS : this.#cell(copy, DEATHS);
  }

  /** Times that it came back to the queue it is in. */
  attempts(copy: number): number {
    return isPlain(copy) ? 0 : this.#cell(copy, ATTEMPTS);
  }

  /** How many of these times count as failed. */
  failures(copy: number): number {
    return isPlain(copy) ? 0 : this.#cell(copy, FAILURES);
  }

  /** Place in its queue of a copy that has come back; larger is later. */
  position(copy: number): number {
    return this.#cell(copy, POSITION);
  }

  /** When it expires [ns], Infinity for never; before a queue has taken it, its own lifetime [ns]. */
  expiresNs(copy: number): number {
    return isPlain(copy) ? Infinity : this.#rows.doubles[(copy >> 1) * DOUBLES]!;
  }

  /** Lets a copy end at a time [ns], or never (Infinity). Returns its number from now on. */
  expireAt(copy: number, timeNs: number): number {
    if (isPlain(copy) && timeNs === Infinity) return copy;
    const special = this.#special(copy);
    this.#rows.doubles[(special >> 1) * DOUBLES] = timeNs;
    return special;
  }

  /** Remembers of a copy that it was sent and has come back. Returns its number from now on. */
  comeBack(copy: number, about: ComeBack): number {
    const special = this.#special(copy);
    const first = (special >> 1) * INTEGERS;
    this.#rows.integers[first + POSITION] = about.position;
    this.#rows.integers[first + ATTEMPTS] = about.attempts;
    this.#rows.integers[first + FAILURES] = about.failures;
    return special;
  }

  #cell(copy: number, field: number): number {
    return this.#rows.integers[(copy >> 1) * INTEGERS + field]!;
  }

  #special(copy: number): number {
    return isPlain(copy) ? this.#addRow(copy >> 1, this.#traitsOf(copy >> 1)) : copy;
  }

  #addRow(message: number, traits: CopyTraits): number {
    const row = this.#rows.take();
    const first = row * INTEGERS;
    const cells = this.#rows.integers;
    cells[first + MESSAGE] = message;
    cells[first + TEMPLATE] = traits.template;
    cells[first + PERSISTENT] = traits.persistent ? 1 : 0;
    cells[first + DEATHS] = traits.deaths;
    cells[first + ATTEMPTS] = 0;
    cells[first + POSITION] = 0;
    cells[first + FAILURES] = 0;
    this.#rows.doubles[row * DOUBLES] = traits.lifetimeNs;
    return row * 2 + 1;
  }
}
