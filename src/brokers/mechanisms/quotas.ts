// What a service allows per second, and what becomes of requests beyond it: buckets of units that fill up again, and the
// client that tries again after a pause until its patience is at an end. Knows no service.

import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext } from "../technology.ts";

/** What one bucket allows. */
export interface Quota {
  /** Units that come back per second; Infinity: no limit. */
  readonly perS: number;
  /** Units that fit in: what may be taken at once after a pause. */
  readonly burst: number;
  /** How units come back: all the time, or all at the beginning of each second (what was left is lost). */
  readonly refill: "steadily" | "each second";
}

const NS_PER_S = 1e9;

// Doubles of a bucket.
const UNITS = 0;
const SINCE = 1;
const PER_S = 2;
const BURST = 3;
const DOUBLES = 4;

/** Buckets of units (requests, events, bytes), full at the start. Units are whole numbers; what was drawn too much is
 *  owed, so that a request larger than the bucket passes once and is paid for afterwards. */
export class Quotas {
  readonly #clock: Pick<BrokerContext, "now">;
  readonly #cells: Float64Array;
  readonly #isSteady: readonly boolean[];

  constructor(context: Pick<BrokerContext, "arena" | "now">, name: string, list: readonly Quota[]) {
    this.#clock = context;
    this.#cells = context.arena.float64(name, list.length * DOUBLES).data;
    this.#isSteady = list.map(({ refill }) => refill === "steadily");
    list.forEach(({ perS, burst }, bucket) => {
      const first = bucket * DOUBLES;
      this.#cells[first + UNITS] = burst;
      this.#cells[first + PER_S] = perS;
      this.#cells[first + BURST] = burst;
    });
  }

  /** Whether so many units are there now, or the bucket is full and they would never fit. */
  has(bucket: number, units: number): boolean {
    const first = bucket * DOUBLES;
    const cells = this.#cells;
    if (cells[first + PER_S] === Infinity) return true;
    this.#refill(bucket);
    const there = cells[first + UNITS]!;
    return there >= units || there >= cells[first + BURST]!;
  }

  /** Draws units; ask `has` before, or let them be owed. */
  draw(bucket: number, units: number): void {
    if (this.#cells[bucket * DOUBLES + PER_S] === Infinity) return;
    this.#refill(bucket);
    this.#cells[bucket * DOUBLES + UNITS]! -= units;
  }

  /** Draws units if they are there; whether they were. */
  take(bucket: number, units: number): boolean {
    const isThere = this.has(bucket, units);
    if (isThere) this.draw(bucket, units);
    return isThere;
  }

  /** How long to wait until `has` says yes if nobody else draws [ns], rounded up; 0 when it does now, Infinity
   *  when nothing ever comes back. */
  waitNs(bucket: number, units: number): number {
    if (this.has(bucket, units)) return 0;
    const first = bucket * DOUBLES;
    const cells = this.#cells;
    const missing = Math.min(units, cells[first + BURST]!) - cells[first + UNITS]!;
    if (this.#isSteady[bucket]) return Math.ceil((missing / cells[first + PER_S]!) * NS_PER_S);
    if (cells[first + PER_S]! <= 0) return Infinity;
    const seconds = Math.ceil(missing / cells[first + PER_S]!);
    return cells[first + SINCE]! + seconds * NS_PER_S - this.#clock.now();
  }

  /** Allows another number of units per second from now on; what is in the bucket stays, as far as it fits. */
  change(bucket: number, perS: number, burst: number): void {
    this.#refill(bucket);
    const first = bucket * DOUBLES;
    const cells = this.#cells;
    const added = Math.max(0, burst - cells[first + BURST]!);
    cells[first + PER_S] = perS;
    cells[first + BURST] = burst;
    // In a second that has begun, the surplus is there at once.
    if (!this.#isSteady[bucket]) cells[first + UNITS]! += added;
    cells[first + UNITS] = Math.min(burst, cells[first + UNITS]!);
  }

  #refill(bucket: number): void {
    const first = bucket * DOUBLES;
    const cells = this.#cells;
    const now = this.#clock.now();
    const passedNs = now - cells[first + SINCE]!;
    if (passedNs <= 0) return;
    const perS = cells[first + PER_S]!;
    if (this.#isSteady[bucket]) {
      cells[first + SINCE] = now;
      const units = cells[first + UNITS]! + (passedNs * perS) / NS_PER_S;
      cells[first + UNITS] = Math.min(cells[first + BURST]!, units);
      return;
    }
    const seconds = Math.floor(passedNs / NS_PER_S);
    if (seconds === 0) return;
    cells[first + SINCE]! += seconds * NS_PER_S;
    // What was owed is paid off; what was left over does not add up.
    const units = Math.min(0, cells[first + UNITS]!) + seconds * perS;
    cells[first + UNITS] = Math.min(cells[first + BURST]!, units);
  }
}

/** How a client tries again. */
export interface RetryPolicy {
  /** Attempts after the first one; 0: gives up at once. */
  readonly retries: number;
  /** Pause before the first retry, which doubles with each further one, and the longest pause [ns]. */
  readonly firstNs: number;
  readonly mostNs: number;
}

/** Pause before a retry, counted from 1 [ns]: exponential, without jitter. */
export function retryPauseNs(policy: RetryPolicy, retry: number): number {
  return Math.min(policy.mostNs, policy.firstNs * 2 ** Math.min(retry - 1, 50));
}

// Integers of a row.
const MESSAGE = 0;
const PUBLISHER = 1;
const ATTEMPT = 2;
const INTEGERS = 3;

/** Requests that were refused for the moment and wait at their clients for the next attempt. */
export class RetriedRequests {
  readonly #rows: Rows;
  readonly #context: Pick<BrokerContext, "schedule">;
  readonly #code: number;

  /** `code`: of the timer; the owner hands its first number to `attempt`, `publisher`, `message`, `free`. */
  constructor(context: Pick<BrokerContext, "arena" | "schedule">, name: string, code: number) {
    this.#rows = new Rows(context.arena, name, { integers: INTEGERS, doubles: 0 });
    this.#context = context;
    this.#code = code;
  }

  /** Number of requests that wait. */
  size(): number {
    return this.#rows.size();
  }

  /** Plans the next attempt after one (counted from 1) that was refused; false when the client gives up. */
  again(policy: RetryPolicy, publisher: number, message: number, attempt: number): boolean {
    if (attempt > policy.retries) return false;
    const row = this.#rows.take();
    const cells = this.#rows.integers;
    cells[row * INTEGERS + MESSAGE] = message;
    cells[row * INTEGERS + PUBLISHER] = publisher;
    cells[row * INTEGERS + ATTEMPT] = attempt + 1;
    this.#context.schedule(retryPauseNs(policy, attempt), this.#code, row, 0);
    return true;
  }

  message(row: number): number {
    return this.#rows.integers[row * INTEGERS + MESSAGE]!;
  }

  publisher(row: number): number {
    return this.#rows.integers[row * INTEGERS + PUBLISHER]!;
  }

  /** Number of the attempt that is due, counted from 1. */
  attempt(row: number): number {
    return this.#rows.integers[row * INTEGERS + ATTEMPT]!;
  }

  /** The attempt is being made: forgets the row. */
  free(row: number): void {
    this.#rows.give(row);
  }
}
