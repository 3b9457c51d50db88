// Exact figures for comparison: every value kept, levels integrated in whole numbers of any length, counts by name.

import { assert } from "../../base/assert.ts";

/** Every value of a measurement. */
export class Samples {
  #values: number[] = [];
  /** How many were forgotten. */
  forgotten = 0;

  /** Forgets what there was. */
  forget(): void {
    this.forgotten += this.#values.length;
    this.#values = [];
  }

  /** Keeps a whole number. */
  add(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, `${value} is no whole number.`);
    this.#values.push(value);
  }

  /** The values in ascending order. */
  sorted(): readonly number[] {
    return this.#values.toSorted((a, b) => a - b);
  }

  /** The sum, however large. */
  sum(): bigint {
    return this.#values.reduce((sum, value) => sum + BigInt(value), 0n);
  }

  /** All values of several measurements. */
  static join(all: readonly Samples[]): Samples {
    const joined = new Samples();
    for (const samples of all) joined.#values.push(...samples.#values);
    return joined;
  }
}

/** A level that holds from one change to the next; 0 at the start. */
export class ExactLevel {
  level = 0;
  #sinceNs = 0;
  #integral = 0n;
  #before = 0n;

  /** Leaves out what was until now. */
  forget(timeNs: number): void {
    this.#before = this.integral(timeNs);
  }

  /** Level times time since what was left out [ns]. */
  measured(timeNs: number): bigint {
    return this.integral(timeNs) - this.#before;
  }

  /** Changes the level at a time [ns]. */
  set(timeNs: number, level: number): void {
    assert(timeNs >= this.#sinceNs && level >= 0, `a level of ${level} at ${timeNs} ns.`);
    this.#integral = this.integral(timeNs);
    this.#sinceNs = timeNs;
    this.level = level;
  }

  /** Changes the level by a difference. */
  add(timeNs: number, difference: number): void {
    this.set(timeNs, this.level + difference);
  }

  /** Level times time from 0 on [ns]. */
  integral(timeNs: number): bigint {
    return this.#integral + BigInt(this.level) * BigInt(timeNs - this.#sinceNs);
  }
}

/** Counts by what is counted, where, and for which reason. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #before = new Map<string, number>();

  /** Leaves out of `measured` what was counted until now. */
  forget(): void {
    for (const [place, reasons] of this.#counts)
      this.#before.set(
        place,
        [...reasons.values()].reduce((sum, count) => sum + count, 0),
      );
  }

  /** The count at a place since what was left out. */
  measured(what: string, where: string): number {
    return this.of(what, where) - (this.#before.get(`${what} ${where}`) ?? 0);
  }

  /** Counts something (or takes it back, by −1). */
  add(what: string, where: string, reason = "", by = 1): void {
    const place = `${what} ${where}`;
    const reasons = this.#counts.get(place) ?? new Map<string, number>();
    this.#counts.set(place, reasons);
    reasons.set(reason, (reasons.get(reason) ?? 0) + by);
  }

  /** The count at a place, all reasons together. */
  of(what: string, where: string): number {
    let sum = 0;
    for (const count of this.#counts.get(`${what} ${where}`)?.values() ?? []) sum += count;
    return sum;
  }

  /** The sum over several places. */
  over(what: string, places: readonly { readonly id: string }[]): number {
    return places.reduce((sum, { id }) => sum + this.of(what, id), 0);
  }

  /** The counts at several places together by reason. */
  byReason(what: string, places: readonly string[]): Readonly<Record<string, number>> {
    const merged: Record<string, number> = {};
    for (const place of places)
      for (const [reason, count] of this.#counts.get(`${what} ${place}`) ?? [])
        merged[reason] = (merged[reason] ?? 0) + count;
    return merged;
  }
}
