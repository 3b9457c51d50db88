// The life of one message: found again by its number, followed from the first of its causes to everything it led to, by
// going through the run once more. Complete, not sampled; bounded by a number of lines.

import { fail, type Result, succeed } from "../base/result.ts";
import type { MessageEvent } from "../model/events.ts";
import type { LogPlace, TracePart, TraceRequest } from "../model/lookback.ts";
import type { Messages } from "./messages.ts";
import type { Replay, ReplayJob } from "./replay.ts";
import type { Run } from "./run.ts";

/** Most lines that are kept of one tree. */
const linesMax = 60_000;
/** Most lines of one answer. */
const answerMax = 10_000;

/** Follows one message at a time. */
export class Tracer {
  readonly #first: Run;
  readonly #replay: Replay;
  #search: Search | undefined;
  #life: Life | undefined;
  #acts = 0;

  constructor(first: Run, replay: Replay) {
    this.#first = first;
    this.#replay = replay;
  }

  /** Further lines of the tree of a message; the failure is a sentence. */
  trace({ message, have, maxEvents }: TraceRequest): Result<TracePart, string> {
    if (!Number.isInteger(message) || message < 1) return fail("Messages are numbered from 1.");
    const acts = this.#first.acts().length;
    const isSame = this.#acts === acts && this.#search?.message === message;
    if (!isSame || have === 0) this.#begin(message, acts);
    if (this.#life === undefined) {
      const found = this.#find(this.#search!, maxEvents);
      if (!found.ok) return found;
      if (found.value === undefined) return succeed(nothingYet(this.#replay.run().world().now()));
      this.#life = found.value;
    }
    this.#follow(this.#life, maxEvents);
    return succeed(this.#answer(this.#life, have));
  }

  #begin(message: number, acts: number): void {
    this.#acts = acts;
    this.#search = new Search(message);
    this.#life = undefined;
  }

  #find(search: Search, maxEvents: number): Result<Life | undefined, string> {
    const run = this.#replay.run();
    this.#replay.find(search, search.message, maxEvents);
    if (search.found !== undefined) return succeed(new Life(search.message, search.found));
    const isThrough = run.timeNs() >= this.#first.seenNs() || run.ended() !== null;
    if (!isThrough) return succeed(undefined);
    return fail(
      run.world().messages.count() < search.message
        ? `There is no message ${search.message} yet: the run has made ${run.world().messages.count()} so far.`
        : `Nothing has happened to message ${search.message}: it was made and never sent.`,
    );
  }

  #follow(life: Life, maxEvents: number): void {
    if (life.isOver) return;
    const untilNs = this.#first.seenNs();
    life.at = this.#replay.go(life, { from: life.at, untilNs, maxEvents });
    const run = this.#replay.run();
    life.followedNs = Math.max(life.followedNs, run.timeNs());
    const isThrough = run.timeNs() >= untilNs || run.ended() !== null;
    life.isOver = life.isFull() || life.isGone(run.world().messages);
    life.isThrough = isThrough;
  }

  #answer(life: Life, have: number): TracePart {
    const records = life.isRooted() ? life.records.slice(have, have + answerMax) : [];
    const isAllHanded = have + records.length >= life.records.length;
    return {
      root: life.root,
      records,
      followedNs: life.followedNs,
      isComplete: isAllHanded && (life.isOver || life.isThrough),
      isCut: life.isFull(),
    };
  }
}

function nothingYet(followedNs: number): TracePart {
  return { root: 0, records: [], followedNs, isComplete: false, isCut: false };
}

/** Where the chain of a message entered. */
interface Entry {
  readonly rootNs: number;
  readonly entry: number;
  /** 0 where the message is the root itself. */
  readonly cause: number;
}

/** Looks for a message by its number. */
class Search implements ReplayJob {
  readonly message: number;
  found: Entry | undefined;

  constructor(message: number) {
    this.message = message;
  }

  wants(message: number, messages: Messages): boolean {
    if (this.found !== undefined || messages.id(message) !== this.message) return false;
    const cause = messages.cause(message);
    this.found = { rootNs: messages.rootNs(message), entry: messages.entry(message), cause };
    return false;
  }

  counts(): boolean {
    return false;
  }

  take(): void {
    // It only looks.
  }

  hasEnough(): boolean {
    return this.found !== undefined;
  }
}

/** Hears of all that entered where and when the message's chain did, and keeps what belongs to its tree. */
class Life implements ReplayJob {
  readonly #message: number;
  readonly #entry: Entry;
  /** By number of a message: the root of its chain. */
  readonly #roots = new Map<number, number>();
  /** By number of a message of the tree: the row that holds it. */
  readonly #rows = new Map<number, number>();
  records: MessageEvent[] = [];
  root: number;
  at: LogPlace;
  followedNs: number;
  isOver = false;
  isThrough = false;

  constructor(message: number, entry: Entry) {
    this.#message = message;
    this.#entry = entry;
    this.root = entry.cause === 0 ? message : 0;
    this.at = { timeNs: entry.rootNs, line: 0 };
    this.followedNs = entry.rootNs;
  }

  wants(message: number, messages: Messages): boolean {
    const { rootNs, entry } = this.#entry;
    return messages.rootNs(message) === rootNs && messages.entry(message) === entry;
  }

  /** All that entered together, so that lines keep their numbers when it turns out whose they are. */
  counts(): boolean {
    return true;
  }

  made(message: number, messages: Messages): void {
    this.#keep(messages.id(message), messages.cause(message), message);
  }

  take(record: MessageEvent, row: number): void {
    if (this.isFull() || !this.#keep(record.message, record.cause ?? 0, row)) return;
    this.records.push(record);
    if (this.root === 0 && record.message === this.#message) this.#takeRoot();
  }

  hasEnough(): boolean {
    return this.isFull();
  }

  isRooted(): boolean {
    return this.root !== 0;
  }

  isFull(): boolean {
    return this.records.length >= linesMax;
  }

  /** Whether nobody holds a message of the tree any more, so that nothing can happen to it. */
  isGone(messages: Messages): boolean {
    if (!this.isRooted()) return false;
    for (const [id, row] of this.#rows) {
      if (messages.holds(row, id)) return false;
      this.#rows.delete(id);
    }
    return true;
  }

  /** Whether a message belongs to the tree, as far as is known; remembers its row. */
  #keep(id: number, cause: number, row: number): boolean {
    let root = this.#roots.get(id);
    if (root === undefined) {
      root = cause === 0 ? id : (this.#roots.get(cause) ?? cause);
      this.#roots.set(id, root);
    }
    const isOurs = this.root === 0 || root === this.root;
    if (isOurs) this.#rows.set(id, row);
    return isOurs;
  }

  /** Now it is known which of the chains that entered together is the right one. */
  #takeRoot(): void {
    this.root = this.#roots.get(this.#message)!;
    this.records = this.records.filter(({ message }) => this.#roots.get(message) === this.root);
    for (const id of this.#rows.keys())
      if (this.#roots.get(id) !== this.root) this.#rows.delete(id);
  }
}
