// The state of every way (one direction of a connection) and what it does to a packet: TCP's rules for what is lost, what
// waits and what stays in order.

import type { Arena, Float64Column } from "../../kernel/arena.ts";
import { lotOf, RandomStream } from "../../kernel/random.ts";
import { msToNs, wholeOf } from "../../base/units.ts";
import type { NetworkFault } from "../../model/networkFault.ts";
import type { Scenario } from "../../model/scenario.ts";
import { type Condition, conditionsOf, type Ends, endsOf } from "./conditions.ts";

/** First retransmission timeout [ns]: RFC 6298 says a second, Linux goes down to TCP_RTO_MIN, which local networks reach. */
export const RTO_NS = 200e6;
/** Doubled at each retransmission (RFC 6298, 5.5) up to TCP_RTO_MAX of Linux [ns]. */
export const RTO_NS_MAX = 120e9;
/** Retransmissions of one packet (tcp_retries2 of Linux). */
const LOSSES_MAX = 15;
/** A client that has closed its connection tries to connect again so often [ns]: reconnect.backoff.max.ms of Kafka's clients. */
export const RECONNECT_NS = 1e9;

// Cells of a way.
/** When the last packet arrives that is under way [ns]. */
const LAST = 0;
/** Until when the limited line is taken [ns]. */
const BUSY = 1;
/** Packets that are under way because of a fault. */
const PENDING = 2;
/** Since when the connection is stalled [ns], its retransmission timeout [ns], and the number of its timer. */
const SINCE = 3;
const RTO = 4;
const TIMER = 5;
/** Number of the timer for silence; of the first way of a connection only. */
const SILENCE = 6;
const CELLS = 7;

// Counters, kept for the whole run.
const DRAWS = 0;
/** What the network has done, in words of the report. */
export const networkCounts = [
  "retransmissions",
  "sent twice",
  "sent again without an answer",
  "given up without an answer",
  "consumers taken for gone",
] as const;

/** All ways of a run. */
export class Ways {
  readonly ends: readonly Ends[];
  readonly #cells: Float64Column;
  readonly #counters: Float64Column;
  readonly #seed: number;
  /** Not state: filled from the seed and the number of the draw before each use. */
  readonly #words = new Int32Array(4);
  readonly #random = new RandomStream(this.#words);
  #conditions: readonly (Condition | undefined)[] = [];

  constructor(arena: Arena, scenario: Scenario) {
    this.ends = endsOf(scenario);
    this.#seed = Math.imul(scenario.seed | 0, 0x9e3779b1) ^ 0x6e657477;
    this.#cells = arena.quietFloats("network/ways", 2 * this.ends.length * CELLS);
    this.#counters = arena.quietFloats("network/counters", 1 + networkCounts.length);
  }

  /** From now on these faults last. */
  change(faults: readonly NetworkFault[]): void {
    this.#conditions = faults.length === 0 ? [] : conditionsOf(this.ends, faults, this.#random);
  }

  /** Whether what goes this way has to ask. */
  isTouched(way: number): boolean {
    return this.#conditions[way] !== undefined || this.#get(way, PENDING) > 0;
  }

  isCut(way: number): boolean {
    return this.#conditions[way]?.isCut === true;
  }

  /** Whether nobody at either end of a connection hears of the other: what needs answers needs both ways. */
  isSilent(row: number): boolean {
    return this.isCut(2 * row) || this.isCut(2 * row + 1);
  }

  /** Whether what goes this way now is sent twice. */
  drawTwice(way: number): boolean {
    const share = this.#conditions[way]?.duplication ?? 0;
    if (share === 0) return false;
    this.#seedAnew();
    return this.#random.chance(share);
  }

  /** How much longer than usual a packet of a size [bytes] takes that goes this way now [ns]. */
  extraNs(way: number, bytes: number, nowNs: number): number {
    const condition = this.#conditions[way];
    if (condition === undefined) return 0;
    this.#seedAnew();
    let ns = 0;
    for (const latency of condition.latencies) ns += Math.max(0, msToNs(latency.sample()));
    let rtoNs = RTO_NS;
    for (let i = 0; i < LOSSES_MAX && this.#isDrawn(condition.loss); i++) {
      ns += rtoNs;
      rtoNs = Math.min(2 * rtoNs, RTO_NS_MAX);
      this.count("retransmissions");
    }
    for (const { share, ns: laterNs } of condition.delays) if (this.#isDrawn(share)) ns += laterNs;
    if (condition.bytesPerNs < Infinity) {
      const freeNs = Math.max(nowNs, this.#get(way, BUSY)) + bytes / condition.bytesPerNs;
      this.#set(way, BUSY, freeNs);
      ns += freeNs - nowNs;
    }
    return wholeOf(ns);
  }

  /** The same on a connection that keeps order: nothing arrives before what was sent before it. */
  inOrderNs(way: number, bytes: number, nowNs: number): number {
    const atNs = Math.max(nowNs + this.extraNs(way, bytes, nowNs), this.#get(way, LAST));
    if (atNs > nowNs) this.#set(way, LAST, atNs);
    return atNs - nowNs;
  }

  /** Counts packets that are under way. */
  countPending(way: number, by: number): void {
    this.#set(way, PENDING, this.#get(way, PENDING) + by);
  }

  // A stalled connection.

  /** A connection stalls now; returns the time until its first retransmission [ns]. */
  stall(way: number, nowNs: number): number {
    this.#set(way, SINCE, nowNs);
    this.#set(way, RTO, RTO_NS);
    return RTO_NS;
  }

  /** Time until a stalled connection is tried again once more [ns]. A client that has waited too long for an answer has
   *  closed it and tries to connect anew. */
  againNs(way: number, nowNs: number, answerNs: number): number {
    const rtoNs = Math.min(2 * this.#get(way, RTO), RTO_NS_MAX);
    this.#set(way, RTO, rtoNs);
    this.count("retransmissions");
    return nowNs - this.#get(way, SINCE) >= answerNs ? Math.min(rtoNs, RECONNECT_NS) : rtoNs;
  }

  /** A new timer: the ones before do not count any more. */
  renewTimer(way: number, which: "stall" | "silence"): number {
    const cell = which === "stall" ? TIMER : SILENCE;
    const number = (this.#get(way, cell) + 1) % 2 ** 30;
    this.#set(way, cell, number);
    return number;
  }

  isTimer(way: number, which: "stall" | "silence", number: number): boolean {
    return this.#get(way, which === "stall" ? TIMER : SILENCE) === number;
  }

  // What it has done.

  count(what: (typeof networkCounts)[number]): void {
    this.#counters.data[1 + networkCounts.indexOf(what)]!++;
  }

  /** What the network has done so far, by name; empty when nothing. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      networkCounts
        .map((what, at) => [what, this.#counters.data[1 + at]!] as const)
        .filter(([, count]) => count > 0),
    );
  }

  #isDrawn(share: number): boolean {
    return share > 0 && this.#random.chance(share);
  }

  /** Draws follow from the seed and their number alone: a stream of its own would be state of runs without faults. */
  #seedAnew(): void {
    const number = this.#counters.data[DRAWS]!++;
    for (let word = 0; word < 4; word++)
      this.#words[word] = lotOf(this.#seed + word, number) * 2 ** 32;
    this.#words[0]! |= 1;
  }

  #get(way: number, cell: number): number {
    return this.#cells.data[way * CELLS + cell]!;
  }

  #set(way: number, cell: number, value: number): void {
    this.#cells.data[way * CELLS + cell] = value;
  }
}
