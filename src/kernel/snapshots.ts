// Many checkpoints of one arena in little memory: the columns are cut into pages, and a page in which nothing has
// happened since the checkpoint before is shared with it. Of a million waiting messages, few change in a moment.

import type { Arena } from "./arena.ts";

/** Words of 32 bits in a page: 16 KiB. Columns shorter than that are packed into pages together. */
const PAGE = 4096;
/** Pages that are allocated at once: 1 MiB. They are kept and used again, because fresh memory is slow. */
const SLAB = 64;

/** The state of an arena at one moment; belongs to the `Snapshots` that took it. */
export interface Snapshot {
  /** Used length of each column [cells]. */
  readonly lengths: Float64Array;
  /** Numbers of its pages: those of each long column, then those of the packed short ones. */
  readonly pages: Int32Array;
}

/** Takes, restores and drops snapshots of an arena. */
export class Snapshots {
  readonly #arena: Arena;
  readonly #slabs: Int32Array[] = [];
  /** Per page, how many snapshots hold it; and the pages that none does. */
  readonly #holders: number[] = [];
  readonly #free: number[] = [];
  /** The short columns one after the other; kept from one snapshot to the next. */
  #packed = new Int32Array(PAGE);
  /** Memory that the lists of lengths and pages take [bytes]. */
  #listBytes = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Takes a snapshot; what has not changed since `before` is shared with it. */
  take(before?: Snapshot): Snapshot {
    const columns = this.#arena.columns();
    const pages: number[] = [];
    let known = 0;
    let packed = 0;
    columns.forEach(({ data, length }, number) => {
      const words = wordsOf(data, length);
      const theirs = pagesOf((before?.lengths[number] ?? 0) * cellWords(data));
      if (words.length < PAGE) packed = this.#pack(words, packed);
      else this.#cut(words, before?.pages.subarray(known, known + theirs), pages);
      known += theirs;
    });
    this.#cut(this.#packed.subarray(0, packed), before?.pages.subarray(known), pages);
    const lengths = Float64Array.from(columns, ({ length }) => length);
    const snapshot = { lengths, pages: Int32Array.from(pages) };
    this.#listBytes += listBytesOf(snapshot);
    return snapshot;
  }

  /** Puts the arena, or another one with the same columns, to what it was then. */
  restore(snapshot: Snapshot, into: Arena = this.#arena): void {
    into.requireColumnsOf(this.#arena);
    const short: Int32Array[] = [];
    let page = 0;
    into.columns().forEach((column, number) => {
      const length = snapshot.lengths[number]!;
      if (length !== column.length) column.resize(length);
      const words = wordsOf(column.data, length);
      if (words.length < PAGE) short.push(words);
      else page = this.#paste(snapshot.pages, page, words);
    });
    const packed = this.#roomFor(short.reduce((sum, words) => sum + words.length, 0));
    this.#paste(snapshot.pages, page, packed);
    let at = 0;
    for (const words of short) {
      words.set(packed.subarray(at, at + words.length));
      at += words.length;
    }
    into.tellRestored();
  }

  /** Forgets a snapshot: its pages are free unless another one shares them. */
  drop(snapshot: Snapshot): void {
    this.#listBytes -= listBytesOf(snapshot);
    for (const page of snapshot.pages) if (--this.#holders[page]! === 0) this.#free.push(page);
  }

  /** Memory that a snapshot would take that shares nothing [bytes]. */
  bytesOfOne(): number {
    let bytes = 0;
    for (const { data, length } of this.#arena.columns()) bytes += length * data.BYTES_PER_ELEMENT;
    return bytes;
  }

  /** Memory that the snapshots take, each shared page once [bytes]. */
  byteLength(): number {
    return this.#listBytes + (this.#holders.length - this.#free.length) * PAGE * 4;
  }

  #pack(words: Int32Array, at: number): number {
    const end = at + words.length;
    if (end > this.#packed.length) {
      const grown = new Int32Array(2 * end);
      grown.set(this.#packed.subarray(0, at));
      this.#packed = grown;
    }
    this.#packed.set(words, at);
    return end;
  }

  #roomFor(length: number): Int32Array {
    if (length > this.#packed.length) this.#packed = new Int32Array(length);
    return this.#packed.subarray(0, length);
  }

  /** Adds the pages that hold `words`: those of `theirs` that say the same, and new ones. */
  #cut(words: Int32Array, theirs: Int32Array | undefined, pages: number[]): void {
    for (let from = 0, at = 0; from < words.length; from += PAGE, at++) {
      const length = Math.min(PAGE, words.length - from);
      const known = theirs?.[at] ?? -1;
      const page = known >= 0 && this.#holds(known, words, from) ? known : this.#freePage();
      if (page === known) this.#holders[page]!++;
      else this.#slab(page).set(words.subarray(from, from + length), startOf(page));
      pages.push(page);
    }
  }

  /** Fills `words` from the pages that begin at `page`; returns the position of the next one. */
  #paste(pages: Int32Array, page: number, words: Int32Array): number {
    let next = page;
    for (let from = 0; from < words.length; from += PAGE) {
      const number = pages[next++]!;
      const start = startOf(number);
      const length = Math.min(PAGE, words.length - from);
      words.set(this.#slab(number).subarray(start, start + length), from);
    }
    return next;
  }

  /** Whether a page says what stands from a position on, as far as there are words. */
  #holds(page: number, words: Int32Array, from: number): boolean {
    const slab = this.#slab(page);
    const start = startOf(page);
    const length = Math.min(PAGE, words.length - from);
    for (let i = 0; i < length; i++) if (slab[start + i] !== words[from + i]) return false;
    return true;
  }

  /** A page that belongs to nobody, held once from now on. */
  #freePage(): number {
    const page = this.#free.pop() ?? this.#holders.push(0) - 1;
    this.#holders[page] = 1;
    if (page >= this.#slabs.length * SLAB) this.#slabs.push(new Int32Array(SLAB * PAGE));
    return page;
  }

  #slab(page: number): Int32Array {
    return this.#slabs[Math.floor(page / SLAB)]!;
  }
}

function startOf(page: number): number {
  return (page % SLAB) * PAGE;
}

function cellWords(data: Float64Array | Int32Array): number {
  return data.BYTES_PER_ELEMENT / 4;
}

/** The used part of a column as words, whatever its cells are: equal bits are equal state, also of −0 and NaN. */
function wordsOf(data: Float64Array | Int32Array, length: number): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, length * cellWords(data));
}

/** Pages of its own that a column of so many words has. */
function pagesOf(words: number): number {
  return words < PAGE ? 0 : Math.ceil(words / PAGE);
}

function listBytesOf({ lengths, pages }: Snapshot): number {
  return lengths.byteLength + pages.byteLength;
}
