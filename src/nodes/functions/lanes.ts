// The lanes of a function's triggers: each has room for one batch at a time, gathers what comes for it, and remembers which
// part of it an invocation works on. State only; what becomes of a batch is decided in batches.ts.

import type { Arena, Float64Column, Int32Column } from "../../kernel/arena.ts";
import { HandleLists } from "../../kernel/lists.ts";
import type { Items } from "./items.ts";

// Fields of a lane.
/** Items of the batch that is at work, 0 for none; those of them that are over; the item at work. */
const BATCH = 0;
const OVER = 1;
const CURSOR = 2;
/** Environment of the invocation, −1 for none. */
const WORKER = 3;
/** Attempts at the first batch that have failed. */
const FAILURES = 4;
/** Largest next batch after it was halved, 0 for no limit. */
const LIMIT = 5;
/** 1 while it waits for its next attempt. */
const WAITING = 6;
const LIFE = 7;
/** 1 while its consumers have joined. */
const JOINED = 8;
/** 1 while some item of the batch has failed. */
const SPOILT = 9;
const FIELDS = 10;

/** Lanes by number. */
export class Lanes {
  readonly #cells: Int32Column;
  /** Since when something waits in a lane [ns]. */
  readonly #firstNs: Float64Column;
  readonly #lists: HandleLists;
  readonly #items: Items;

  constructor(arena: Arena, id: string, items: Items) {
    this.#cells = arena.int32(`${id}/lanes/cells`);
    this.#firstNs = arena.float64(`${id}/lanes/first-ns`);
    this.#lists = new HandleLists(arena, `${id}/lanes`, items.laneNext);
    this.#items = items;
  }

  /** Makes sure that lanes 0 to `count` − 1 exist. */
  ensure(count: number): void {
    const before = this.count();
    if (count <= before) return;
    this.#lists.ensure(count);
    this.#cells.resize(count * FIELDS);
    this.#firstNs.resize(count);
    for (let lane = before; lane < count; lane++) {
      this.#cells.data[lane * FIELDS + WORKER] = -1;
      this.#cells.data[lane * FIELDS + CURSOR] = -1;
    }
  }

  /** Lanes that there have been. */
  count(): number {
    return this.#cells.length / FIELDS;
  }

  /** Items in a lane, at work or not. */
  size(lane: number): number {
    return this.#lists.size(lane);
  }

  first(lane: number): number {
    return this.#lists.first(lane);
  }

  /** Appends an item that has come at a time [ns]. */
  add(lane: number, item: number, nowNs: number): void {
    if (this.#lists.size(lane) === 0) this.#firstNs.data[lane] = nowNs;
    this.#lists.pushBack(lane, item);
  }

  /** Takes the first item away. */
  take(lane: number): number {
    return this.#lists.popFront(lane);
  }

  /** Since when something waits [ns]. */
  firstNs(lane: number): number {
    return this.#firstNs.data[lane]!;
  }

  /** What is left waits from now on [ns]. */
  waitAnew(lane: number, nowNs: number): void {
    this.#firstNs.data[lane] = nowNs;
  }

  /** An invocation begins with the first so many items; returns the first. */
  begin(lane: number, count: number, worker: number): number {
    const first = this.#lists.first(lane);
    this.#set(lane, BATCH, count);
    this.#set(lane, OVER, 0);
    this.#set(lane, CURSOR, first);
    this.#set(lane, WORKER, worker);
    this.#set(lane, SPOILT, 0);
    return first;
  }

  /** The item at work is over: the next one of the batch, −1 when there is none. */
  next(lane: number): number {
    const over = this.#get(lane, OVER) + 1;
    this.#set(lane, OVER, over);
    if (over >= this.#get(lane, BATCH)) return -1;
    const next = this.#items.laneNext.data[this.#get(lane, CURSOR)]!;
    this.#set(lane, CURSOR, next);
    return next;
  }

  /** The invocation is over. */
  end(lane: number): void {
    this.#set(lane, BATCH, 0);
    this.#set(lane, WORKER, -1);
    this.#set(lane, CURSOR, -1);
  }

  /** Items of the batch at work, 0 for none. */
  batch(lane: number): number {
    return this.#get(lane, BATCH);
  }

  cursor(lane: number): number {
    return this.#get(lane, CURSOR);
  }

  worker(lane: number): number {
    return this.#get(lane, WORKER);
  }

  isSpoilt(lane: number): boolean {
    return this.#get(lane, SPOILT) === 1;
  }

  spoil(lane: number): void {
    this.#set(lane, SPOILT, 1);
  }

  failures(lane: number): number {
    return this.#get(lane, FAILURES);
  }

  setFailures(lane: number, failures: number): void {
    this.#set(lane, FAILURES, failures);
  }

  /** Largest next batch, 0 for no limit. */
  limit(lane: number): number {
    return this.#get(lane, LIMIT);
  }

  setLimit(lane: number, limit: number): void {
    this.#set(lane, LIMIT, limit);
  }

  isWaiting(lane: number): boolean {
    return this.#get(lane, WAITING) === 1;
  }

  /** It waits for its next attempt (or no longer), in a new life that it returns. */
  setWaiting(lane: number, isWaiting: boolean): number {
    const life = (this.#get(lane, LIFE) + 1) & 0x3fffffff;
    this.#set(lane, WAITING, isWaiting ? 1 : 0);
    this.#set(lane, LIFE, life);
    return life;
  }

  isStill(lane: number, life: number): boolean {
    return this.#get(lane, LIFE) === life;
  }

  hasJoined(lane: number): boolean {
    return this.#get(lane, JOINED) === 1;
  }

  setJoined(lane: number, hasJoined: boolean): void {
    this.#set(lane, JOINED, hasJoined ? 1 : 0);
  }

  #get(lane: number, field: number): number {
    return this.#cells.data[lane * FIELDS + field]!;
  }

  #set(lane: number, field: number, value: number): void {
    this.#cells.data[lane * FIELDS + field] = value;
  }
}
