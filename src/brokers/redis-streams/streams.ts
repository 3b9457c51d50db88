// The streams of one Redis as data: entries under rising ids, and what XADD's MAXLEN and MINID take off the front. Knows
// neither groups nor books; whoever removes an entry tells both before.

import type { Arena } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { EntryLogs, entryDoubles, entryIntegers } from "../mechanisms/entryLog.ts";
import { autoId, type StreamId } from "./ids.ts";

const I = entryIntegers;
const D = entryDoubles;
const NONE = -1;

// Doubles of a stream.
const LAST_MS = 0;
const LAST_NUMBER = 1;
const ADDED = 2;
/** Highest number in the log of an entry that XDEL has taken out. */
const DELETED = 3;
/** Bytes in the newest node. */
const NODE_BYTES = 4;
const DOUBLES = 5;

/** How the XADDs to a stream trim it. */
export interface TrimRule {
  readonly by: "none" | "MAXLEN" | "MINID";
  /** `~` takes only whole nodes off, `=` the exact number. */
  readonly approximate: boolean;
  /** KEEPREF, DELREF, ACKED: the last leaves what some group has not acknowledged. */
  readonly references: "KEEPREF" | "DELREF" | "ACKED";
  /** Of MINID: entries older than this go [ms]. */
  readonly ageMs: number;
}

/** When a node is closed: by number of entries or by size [bytes], 0 for no limit. */
export interface NodeLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** Streams 0, 1, … of one Redis. */
export class Streams {
  readonly logs: EntryLogs;
  readonly #nodeLimits: NodeLimits;
  /** Entries per node, oldest node first; only of streams that are trimmed by whole nodes. */
  readonly #nodes: readonly (Ring | undefined)[];
  readonly #doubles: Float64Array;

  constructor(
    arena: Arena,
    name: string,
    about: { readonly rules: readonly TrimRule[]; readonly nodeLimits: NodeLimits },
  ) {
    this.logs = new EntryLogs(arena, `${name}.entries`, about.rules.length);
    this.#nodeLimits = about.nodeLimits;
    this.#nodes = about.rules.map((rule, at) =>
      rule.approximate ? new Ring(arena, `${name}.nodes${at}`) : undefined,
    );
    this.#doubles = arena.float64(`${name}.streams`, about.rules.length * DOUBLES).data;
  }

  /** The id of the newest entry that was ever added. */
  lastId(stream: number): StreamId {
    const at = stream * DOUBLES;
    return { ms: this.#doubles[at + LAST_MS]!, number: this.#doubles[at + LAST_NUMBER]! };
  }

  /** Entries ever added (XINFO's entries-added). */
  added(stream: number): number {
    return this.#doubles[stream * DOUBLES + ADDED]!;
  }

  /** Number in the log of the newest entry that XDEL has taken out; 0: none. */
  lastDeleted(stream: number): number {
    return this.#doubles[stream * DOUBLES + DELETED]!;
  }

  idOf(entry: number): StreamId {
    const { integers, doubles } = this.logs.rows;
    return { ms: doubles[entry * D.count + D.own]!, number: integers[entry * I.count + I.tag]! };
  }

  /** XADD: under this id, which must be higher than the last one, or under the next one. */
  add(
    stream: number,
    message: number,
    about: { readonly nowNs: number; readonly bytes: number; readonly id?: StreamId },
  ): number {
    const at = stream * DOUBLES;
    const id = about.id ?? autoId(this.lastId(stream), Math.floor(about.nowNs / 1e6));
    const entry = this.logs.append(stream, message, about);
    this.logs.rows.integers[entry * I.count + I.tag] = id.number;
    this.logs.rows.doubles[entry * D.count + D.own] = id.ms;
    this.#doubles[at + LAST_MS] = id.ms;
    this.#doubles[at + LAST_NUMBER] = id.number;
    this.#doubles[at + ADDED]!++;
    this.#fillNode(stream, about.bytes);
    return entry;
  }

  /** Takes an entry out, by XDEL or because it is lost. */
  delete(entry: number, why: "XDEL" | "lost"): void {
    const stream = this.logs.log(entry);
    const at = stream * DOUBLES;
    const sequence = this.logs.sequence(entry);
    if (why === "XDEL") this.#doubles[at + DELETED] = Math.max(this.lastDeleted(stream), sequence);
    this.#emptyNode(stream, "back");
    this.logs.remove(entry);
    if (why === "XDEL") return;
    this.#doubles[at + ADDED]!--;
    this.logs.continueAt(stream, sequence);
  }

  /** Takes the first entry off. */
  trimFirst(stream: number): void {
    this.#emptyNode(stream, "front");
    this.logs.remove(this.logs.first(stream));
  }

  /** Number of entries that trimming to a length (MAXLEN) or to an age (MINID) takes off the front now. */
  surplus(stream: number, rule: TrimRule, about: { maxLength: number; nowMs: number }): number {
    if (rule.by === "none") return 0;
    const ring = this.#nodes[stream];
    const isTooMuch = (count: number): boolean =>
      rule.by === "MAXLEN" ? this.logs.length(stream) - count >= about.maxLength : false;
    if (rule.by === "MAXLEN" && ring === undefined)
      return Math.max(0, this.logs.length(stream) - about.maxLength);
    const oldest = about.nowMs - rule.ageMs;
    if (ring === undefined) return this.#olderThan(stream, oldest, Infinity);
    let count = 0;
    const old = rule.by === "MINID" ? this.#olderThan(stream, oldest, Infinity) : 0;
    // The newest node stays: it is the one that is written to.
    for (let node = 0; node < ring.size() - 1; node++) {
      const next = count + ring.at(node);
      if (!(rule.by === "MAXLEN" ? isTooMuch(next) : next <= old)) break;
      count = next;
    }
    return count;
  }

  #olderThan(stream: number, ms: number, atMost: number): number {
    let count = 0;
    let entry = this.logs.first(stream);
    while (entry !== NONE && count < atMost && this.idOf(entry).ms < ms) {
      count++;
      entry = this.logs.next(entry);
    }
    return count;
  }

  #fillNode(stream: number, bytes: number): void {
    const ring = this.#nodes[stream];
    if (ring === undefined) return;
    const at = stream * DOUBLES + NODE_BYTES;
    const { entries, bytes: limit } = this.#nodeLimits;
    const last = ring.size() - 1;
    const isFull =
      last < 0 ||
      (entries > 0 && ring.at(last) >= entries) ||
      (limit > 0 && this.#doubles[at]! + bytes >= limit);
    if (isFull) {
      ring.pushBack(1);
      this.#doubles[at] = bytes;
    } else {
      ring.set(last, ring.at(last) + 1);
      this.#doubles[at]! += bytes;
    }
  }

  #emptyNode(stream: number, end: "front" | "back"): void {
    const ring = this.#nodes[stream];
    if (ring === undefined || ring.size() === 0) return;
    const node = end === "front" ? 0 : ring.size() - 1;
    ring.set(node, ring.at(node) - 1);
    if (ring.at(node) > 0) return;
    if (end === "front") ring.popFront();
    else ring.popBack();
  }
}
