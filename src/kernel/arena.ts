// All mutable state of a run, as growable typed-array columns known by name. Because nothing lives
// elsewhere, a checkpoint is a copy, a state hash is a fold over bytes, and a restored run continues
// exactly like the original. Columns are made while a run is set up, never while it runs. What needs a few
// cells and never more gets them in a column that many share: a typed array of its own would cost two
// further lines of the processor's cache at every touch.

import { Fingerprint } from "./fingerprint.ts";

/** Growable column of doubles. `data` is replaced when the column grows: never keep it across a call
 *  that can grow. Cells at `length` and beyond are scratch and belong to nobody. */
export class Float64Column {
  data: Float64Array;
  length: number;

  constructor(length: number) {
    this.data = new Float64Array(Math.max(length, 4));
    this.length = length;
  }

  /** Appends a value and returns its index. */
  push(value: number): number {
    const index = this.length;
    if (index === this.data.length) this.reserve(index + 1);
    this.data[index] = value;
    this.length = index + 1;
    return index;
  }

  /** Sets the length; new cells are 0, cut-off cells are zeroed. */
  resize(length: number): void {
    this.reserve(length);
    // Both directions, because owners may lower `length` in a hot path without clearing.
    this.data.fill(0, Math.min(length, this.length), Math.max(length, this.length));
    this.length = length;
  }

  /** Makes room for `length` cells, at least doubling; contents and length stay. */
  reserve(length: number): void {
    if (length <= this.data.length) return;
    const grown = new Float64Array(Math.max(length, 2 * this.data.length));
    grown.set(this.data);
    this.data = grown;
  }
}

/** Growable column of 32-bit integers; the twin of `Float64Column`. Two classes rather than one
 *  generic one, because V8 compiles an access well only when it sees a single kind of array there. */
export class Int32Column {
  data: Int32Array;
  length: number;

  constructor(length: number) {
    this.data = new Int32Array(Math.max(length, 4));
    this.length = length;
  }

  /** Appends a value and returns its index. */
  push(value: number): number {
    const index = this.length;
    if (index === this.data.length) this.reserve(index + 1);
    this.data[index] = value;
    this.length = index + 1;
    return index;
  }

  /** Sets the length; new cells are 0, cut-off cells are zeroed. */
  resize(length: number): void {
    this.reserve(length);
    this.data.fill(0, Math.min(length, this.length), Math.max(length, this.length));
    this.length = length;
  }

  /** Makes room for `length` cells, at least doubling; contents and length stay. */
  reserve(length: number): void {
    if (length <= this.data.length) return;
    const grown = new Int32Array(Math.max(length, 2 * this.data.length));
    grown.set(this.data);
    this.data = grown;
  }
}

/** Some doubles of a column that many share: the first is `cells[at]`. The array may be kept. */
export interface FloatCells {
  readonly cells: Float64Array;
  readonly at: number;
}

/** Some 32-bit integers of a column that many share: the first is `cells[at]`. The array may be kept. */
export interface IntCells {
  readonly cells: Int32Array;
  readonly at: number;
}

/** Copy of the used parts of all columns of an arena. Plain data: it can be transferred to another
 *  thread, kept in a ring and handed back to `checkpoint` to be overwritten. */
export interface Checkpoint {
  /** Names of the columns, those of doubles first, each kind in order of creation; then of what lies in shared ones. */
  names: readonly string[];
  /** Used length of each column, in the order of their `names` [cells]. */
  lengths: Float64Array;
  /** The double columns one after the other; may be longer than what is used. */
  floats: Float64Array;
  /** The integer columns one after the other; may be longer than what is used. */
  ints: Int32Array;
}

/** Cells of the first shared column of a kind; each further one has at least twice as many. */
const sharedCellsMin = 64;

/** The named columns of one run. */
export class Arena {
  #names = new Set<string>();
  #floatNames: string[] = [];
  #intNames: string[] = [];
  #floats: Float64Column[] = [];
  #ints: Int32Column[] = [];
  /** Columns that many share; the last of each kind may have room. */
  readonly #sharedFloats: Float64Column[] = [];
  readonly #sharedInts: Int32Column[] = [];
  readonly #sharedNames: string[] = [];
  readonly #quiet = new Set<Float64Column>();
  /** Columns that are never part of the hash. */
  readonly #figures = new Set<Float64Column>();
  readonly #derived = new Set<Int32Column>();
  /** Room for what waits to become state. */
  readonly #scratch: Float64Column[] = [];
  readonly #commonFloats = new Map<string, Float64Column>();
  #restoreListeners: (() => void)[] = [];
  #readListeners: (() => void)[] = [];
  /** Names in checkpoint order; rebuilt after a column was added. */
  #order: readonly string[] | undefined;

  /** Makes a column of doubles, all 0. A name that is taken is a bug and throws. */
  float64(name: string, length = 0): Float64Column {
    this.#claim(name);
    const column = new Float64Column(length);
    this.#floatNames.push(name);
    this.#floats.push(column);
    return column;
  }

  /** Makes a column of 32-bit integers, all 0. A name that is taken is a bug and throws. */
  int32(name: string, length = 0): Int32Column {
    this.#claim(name);
    const column = new Int32Column(length);
    this.#intNames.push(name);
    this.#ints.push(column);
    return column;
  }

  /** The column of doubles of that name, the same one for all who ask, made for the first. Each lets it grow by what it
   *  needs, while the run goes on, and remembers where its own part begins. */
  commonFloat64(name: string): Float64Column {
    const known = this.#commonFloats.get(name);
    if (known !== undefined) return known;
    const column = this.float64(name);
    this.#commonFloats.set(name, column);
    return column;
  }

  /** Gives out `length` doubles, all 0, that lie beside those of others. A name that is taken is a bug and throws. */
  floatCells(name: string, length: number): FloatCells {
    this.#claim(name);
    this.#sharedNames.push(name);
    const open = (): Float64Column => this.float64(`shared doubles ${this.#sharedFloats.length}`);
    return cut(this.#sharedFloats, length, open);
  }

  /** Gives out `length` integers, all 0, that lie beside those of others. A name that is taken is a bug and throws. */
  intCells(name: string, length: number): IntCells {
    this.#claim(name);
    this.#sharedNames.push(name);
    const open = (): Int32Column => this.int32(`shared integers ${this.#sharedInts.length}`);
    return cut(this.#sharedInts, length, open);
  }

  /** Gives out `length` doubles that are not state: for what its owner has taken down and makes state of before
   *  anybody reads the arena (`beforeReading`). */
  scratchCells(length: number): FloatCells {
    return cut(this.#scratch, length, () => new Float64Column(0));
  }

  /** Calls `listener` before the state is read as a whole, for owners that keep something back. What they keep when
   *  another state is restored, they forget. */
  beforeReading(listener: () => void): void {
    this.#readListeners.push(listener);
  }

  /** Calls `listener` after every restore, for owners that mirror a cell in a field. */
  onRestore(listener: () => void): void {
    this.#restoreListeners.push(listener);
  }

  /** Copies all used parts. Hand in an old checkpoint to overwrite it: copying into kept buffers is
   *  several times faster than into fresh ones. */
  checkpoint(into?: Checkpoint): Checkpoint {
    this.#tellRead();
    const floatCells = countCells(this.#floats);
    const intCells = countCells(this.#ints);
    const floats =
      into !== undefined && into.floats.length >= floatCells
        ? into.floats
        : new Float64Array(withSlack(floatCells));
    const ints =
      into !== undefined && into.ints.length >= intCells
        ? into.ints
        : new Int32Array(withSlack(intCells));
    const names = this.#orderedNames();
    const lengths = new Float64Array(names.length);
    let cell = 0;
    let index = 0;
    for (const column of this.#floats) {
      floats.set(column.data.subarray(0, column.length), cell);
      cell += column.length;
      lengths[index++] = column.length;
    }
    cell = 0;
    for (const column of this.#ints) {
      ints.set(column.data.subarray(0, column.length), cell);
      cell += column.length;
      lengths[index++] = column.length;
    }
    return { names, lengths, floats, ints };
  }

  /** Puts every column back to what it was. Throws when the checkpoint is of an arena with other
   *  columns: state without a home, or a home without state, could only give a wrong run. */
  restore(checkpoint: Checkpoint): void {
    requireSameNames(this.#orderedNames(), checkpoint.names);
    let cell = 0;
    let index = 0;
    for (const column of this.#floats) {
      const length = checkpoint.lengths[index++]!;
      if (length !== column.length) column.resize(length);
      column.data.set(checkpoint.floats.subarray(cell, cell + length));
      cell += length;
    }
    cell = 0;
    for (const column of this.#ints) {
      const length = checkpoint.lengths[index++]!;
      if (length !== column.length) column.resize(length);
      column.data.set(checkpoint.ints.subarray(cell, cell + length));
      cell += length;
    }
    this.tellRestored();
  }

  /** Tells everybody who mirrors cells that the columns have been filled anew. */
  tellRestored(): void {
    for (const listener of this.#restoreListeners) listener();
  }

  /** All columns, those of doubles first, each kind in order of creation. */
  columns(): readonly (Float64Column | Int32Column)[] {
    this.#tellRead();
    return [...this.#floats, ...this.#ints];
  }

  /** Throws when another arena has other columns: their contents would mean something else here. */
  requireColumnsOf(other: Arena): void {
    requireSameNames(this.#orderedNames(), other.#orderedNames());
  }

  /** A column of doubles that is left out of the hash while all of it is 0: what a document does not use leaves no trace
   *  in the fingerprint of its run. */
  quietFloats(name: string, length = 0): Float64Column {
    const column = this.float64(name, length);
    this.#quiet.add(column);
    return column;
  }

  /** A column of doubles that is in every checkpoint but not in the hash: figures of a run that nothing in it depends on. */
  figures(name: string, length = 0): Float64Column {
    const column = this.float64(name, length);
    this.#figures.add(column);
    return column;
  }

  /** A column of integers that the hash never reads: what is kept there follows from the rest of the state, and only
   *  saves the work of finding it out. */
  derivedInts(name: string, length = 0): Int32Column {
    const column = this.int32(name, length);
    this.#derived.add(column);
    return column;
  }

  /** Fingerprint of names, lengths and contents: 16 hexadecimal digits. Independent of capacities;
   *  depends on the order in which columns were made. Not for security. */
  hash(): string {
    this.#tellRead();
    const fingerprint = new Fingerprint();
    for (const name of this.#sharedNames) fingerprint.addText(name);
    this.#floats.forEach((column, index) => {
      if (this.#figures.has(column)) return;
      if (this.#quiet.has(column) && isSilent(column)) return;
      fingerprint.addText(this.#floatNames[index]!);
      fingerprint.addFloats(column.data, column.length);
    });
    this.#ints.forEach((column, index) => {
      if (this.#derived.has(column)) return;
      fingerprint.addText(this.#intNames[index]!);
      fingerprint.addInts(column.data, column.length);
    });
    return fingerprint.digits();
  }

  /** Memory behind all columns, unused capacity included [bytes]. */
  byteLength(): number {
    let bytes = 0;
    for (const column of this.#floats) bytes += column.data.byteLength;
    for (const column of this.#ints) bytes += column.data.byteLength;
    return bytes;
  }

  /** Memory that the contents of all columns need [bytes]. Follows from the state alone, unlike `byteLength`. */
  usedBytes(): number {
    this.#tellRead();
    let bytes = 0;
    for (const { length } of this.#floats) bytes += 8 * length;
    for (const { length } of this.#ints) bytes += 4 * length;
    return bytes;
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new Error(`The arena already has a column "${name}".`);
    this.#names.add(name);
    this.#order = undefined;
  }

  #orderedNames(): readonly string[] {
    this.#order ??= [...this.#floatNames, ...this.#intNames, ...this.#sharedNames];
    return this.#order;
  }

  #tellRead(): void {
    for (const listener of this.#readListeners) listener();
  }
}

/** Cuts cells off the last of some shared columns, or off a new one when it has no room for them. */
function cut<Column extends Float64Column | Int32Column>(
  shared: Column[],
  length: number,
  open: () => Column,
): { cells: Column["data"]; at: number } {
  let column = shared.at(-1);
  if (column === undefined || column.length + length > column.data.length) {
    const twice = column === undefined ? sharedCellsMin : 2 * column.data.length;
    column = open();
    column.reserve(Math.max(length, twice));
    shared.push(column);
  }
  // Never beyond what was reserved: the array stays the same.
  const at = column.length;
  column.length += length;
  return { cells: column.data, at };
}

function isSilent({ data, length }: Float64Column): boolean {
  for (let i = 0; i < length; i++) if (data[i] !== 0) return false;
  return true;
}

function countCells(columns: readonly { length: number }[]): number {
  let cells = 0;
  for (const column of columns) cells += column.length;
  return cells;
}

/** A quarter more than needed, so that a slowly growing run can overwrite its old checkpoints. */
function withSlack(cells: number): number {
  return cells + (cells >> 2) + 16;
}

function requireSameNames(own: readonly string[], theirs: readonly string[]): void {
  // A checkpoint of this very arena shares the array of names.
  if (own === theirs) return;
  const same = own.length === theirs.length && own.every((name, index) => name === theirs[index]);
  if (!same) throw new Error("The checkpoint was taken of an arena with other columns.");
}
