// What a stream processor does with an event: into which windows it goes or with what it is joined, when windows are due,
// and what is late. Rules as in Flink: a window is due when the watermark has reached its end, and kept for the allowed
// lateness after it; sessions that touch become one. https://nightlies.apache.org/flink/flink-docs-release-2.0/docs/dev/datastream/operators/windows/

import type { ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Arena } from "../kernel/arena.ts";
import type { Counters } from "./counters.ts";
import { OpenWindows, type WindowContents } from "./openWindows.ts";
import type { processor } from "./processor.ts";

/** What is counted of results and events. */
export const windowCounts = [
  "results",
  "corrections",
  "below the threshold",
  "late, dropped",
  "late, put aside",
  "unmatched",
] as const;

/** What it needs of the processor. */
export interface WindowingContext {
  now(): number;
  hold(message: number): void;
  letGo(message: number): void;
  /** A result, caused by an event. */
  emit(message: number): void;
}

/** An event that is taken in. */
export interface Happening {
  readonly message: number;
  readonly key: number;
  readonly size: number;
  /** When it happened [ns]. */
  readonly timeNs: number;
  /** Position of the subscription over which it came. */
  readonly input: number;
}

/** What it is made of. */
export interface WindowingParts {
  readonly arena: Arena;
  /** Id of the processor. */
  readonly id: string;
  /** Subscriptions. */
  readonly inputs: number;
  readonly values: ValuesOf<(typeof processor)["fields"]>;
  readonly context: WindowingContext;
  readonly counters: Pick<Counters<(typeof windowCounts)[number]>, "add">;
}

// Cells of the state: windows so far, and when the next one is due; then for each input the newest event and when
// the latest came [ns].
const TURNS = 0;
const DUE = 1;
const INPUTS = 2;

/** Windows, joins and the watermark of one processor. */
export class Windowing {
  readonly #values: ValuesOf<(typeof processor)["fields"]>;
  readonly #context: WindowingContext;
  readonly #counters: WindowingParts["counters"];
  readonly #open: OpenWindows;
  readonly #saved: OpenWindows;
  /** Never grow: the arrays themselves are kept. */
  readonly #state: Float64Array;
  readonly #savedState: Float64Array;

  constructor({ arena, id, inputs, values, context, counters }: WindowingParts) {
    this.#values = values;
    this.#context = context;
    this.#counters = counters;
    this.#open = new OpenWindows(arena, `${id}/open`);
    this.#saved = new OpenWindows(arena, `${id}/saved`);
    const cells = INPUTS + 2 * inputs;
    this.#state = arena.float64(`${id}/watermarks`, cells).data.subarray(0, cells);
    this.#savedState = arena.float64(`${id}/saved-watermarks`, cells).data.subarray(0, cells);
    this.#state.fill(-Infinity, INPUTS);
    this.#state[DUE] = Infinity;
    this.#savedState.set(this.#state);
  }

  /** Windows that are open, or events that wait to be joined. */
  size(): number {
    return this.#open.size();
  }

  /** Up to when nothing more is expected [ns]: the least of all inputs that are not idle. */
  watermarkNs(): number {
    const { outOfOrderness, idleAfter } = this.#values;
    const idleNs = idleAfter === null ? Infinity : msToNs(idleAfter);
    const state = this.#state;
    let least = Infinity;
    for (let at = INPUTS; at < state.length; at += 2)
      if (this.#context.now() - state[at + 1]! <= idleNs) least = Math.min(least, state[at]!);
    return least === Infinity ? -Infinity : least - msToNs(outOfOrderness);
  }

  /** Takes an event in; false when it is late for everything. */
  take(event: Happening): boolean {
    const at = INPUTS + 2 * event.input;
    this.#state[at] = Math.max(this.#state[at]!, event.timeNs);
    this.#state[at + 1] = this.#context.now();
    const watermarkNs = this.watermarkNs();
    const isIn =
      this.#values.operation === "join"
        ? this.#join(event, watermarkNs)
        : this.#aggregate(event, watermarkNs);
    if (watermarkNs >= this.#state[DUE]!) this.#fire(watermarkNs);
    return isIn;
  }

  /** Makes a checkpoint of all of it. */
  save(): void {
    this.#copy(this.#open, this.#saved);
    this.#savedState.set(this.#state);
  }

  /** Goes back to the last checkpoint. */
  rollBack(): void {
    this.#copy(this.#saved, this.#open);
    this.#state.set(this.#savedState);
  }

  // Windows.

  #aggregate(event: Happening, watermarkNs: number): boolean {
    if (this.#values.window === "session") return this.#extend(event, watermarkNs);
    const sizeNs = msToNs(this.#values.windowSize);
    const advanceNs = this.#values.window === "hopping" ? msToNs(this.#values.advance) : sizeNs;
    const { timeNs } = event;
    let isIn = false;
    const lastNs = Math.floor(timeNs / advanceNs) * advanceNs;
    // A time between two windows that are further apart than long belongs to none, and is not late.
    if (timeNs - lastNs >= sizeNs) return true;
    for (let startNs = lastNs; startNs > timeNs - sizeNs; startNs -= advanceNs) {
      const endNs = startNs + sizeNs;
      if (this.#isClosed(endNs, watermarkNs)) continue;
      isIn = true;
      this.#addTo(event, startNs, endNs, watermarkNs);
    }
    return isIn;
  }

  #addTo(event: Happening, startNs: number, endNs: number, watermarkNs: number): void {
    const open = this.#open;
    const known = open.of(event.key).find((row) => open.startNs(row) === startNs);
    this.#context.hold(event.message);
    let row = known;
    if (row === undefined) row = this.#begin(event, { startNs, endNs, count: 1, sum: event.size });
    else this.#context.letGo(open.grow(row, event.size, event.message));
    if (endNs <= watermarkNs) this.#emit(row);
  }

  /** The sessions that the event touches become one with it. */
  #extend(event: Happening, watermarkNs: number): boolean {
    const open = this.#open;
    const gapNs = msToNs(this.#values.sessionGap);
    const window = {
      startNs: event.timeNs,
      endNs: event.timeNs + gapNs,
      count: 1,
      sum: event.size,
    };
    const touched = open
      .of(event.key)
      .filter((row) => open.startNs(row) <= window.endNs && open.endNs(row) >= window.startNs);
    for (const row of touched) {
      window.startNs = Math.min(window.startNs, open.startNs(row));
      window.endNs = Math.max(window.endNs, open.endNs(row));
      window.count += open.count(row);
      window.sum += open.sum(row);
    }
    if (this.#isClosed(window.endNs, watermarkNs)) return false;
    for (const row of touched) this.#remove(row);
    this.#context.hold(event.message);
    const row = this.#begin(event, window);
    if (window.endNs <= watermarkNs) this.#emit(row);
    return true;
  }

  #begin(
    { key, message }: Happening,
    window: Pick<WindowContents, "startNs" | "endNs" | "count" | "sum">,
  ): number {
    const turn = this.#state[TURNS]!++;
    this.#state[DUE] = Math.min(this.#state[DUE]!, window.endNs);
    return this.#open.add(key, { ...window, message, isDone: false, side: 0, turn });
  }

  #emit(row: number): void {
    const open = this.#open;
    const result = this.#values.aggregate === "count" ? open.count(row) : open.sum(row);
    if (result < this.#values.atLeast) this.#counters.add("below the threshold");
    else {
      this.#counters.add(open.isDone(row) ? "corrections" : "results");
      open.setDone(row);
      this.#context.emit(open.message(row));
    }
  }

  // Joins.

  #join(event: Happening, watermarkNs: number): boolean {
    const open = this.#open;
    const withinNs = msToNs(this.#values.joinWithin);
    const endNs = event.timeNs + withinNs;
    if (this.#isClosed(endNs, watermarkNs)) return false;
    const side = event.input === 0 ? 0 : 1;
    const isOnce = this.#values.pairing === "once";
    const partners = open
      .of(event.key)
      .filter((row) => open.side(row) !== side && !(isOnce && open.isDone(row)))
      .filter((row) => Math.abs(open.startNs(row) - event.timeNs) <= withinNs)
      .toSorted((a, b) => open.startNs(a) - open.startNs(b) || open.turn(a) - open.turn(b));
    const matched = isOnce ? partners.slice(0, 1) : partners;
    for (const row of matched) {
      open.setDone(row);
      this.#counters.add("results");
      this.#context.emit(event.message);
    }
    const isDone = matched.length > 0;
    if (isOnce && isDone) return true;
    const turn = this.#state[TURNS]!++;
    this.#state[DUE] = Math.min(this.#state[DUE]!, endNs);
    const times = { startNs: event.timeNs, endNs, count: 1, sum: 0 };
    open.add(event.key, { ...times, message: -1, isDone, side, turn });
    return true;
  }

  // Time.

  /** Whether a window is gone, allowed lateness included. */
  #isClosed(endNs: number, watermarkNs: number): boolean {
    return endNs + msToNs(this.#values.lateness) <= watermarkNs;
  }

  /** Gives the results of windows that are due, the earliest first, and forgets those that are closed. */
  #fire(watermarkNs: number): void {
    const open = this.#open;
    const isJoin = this.#values.operation === "join";
    const latenessNs = msToNs(this.#values.lateness);
    const due = open
      .all()
      .filter((row) => open.endNs(row) <= watermarkNs)
      .toSorted((a, b) => open.endNs(a) - open.endNs(b) || open.turn(a) - open.turn(b));
    for (const row of due) {
      if (!isJoin && !open.isDone(row)) this.#emit(row);
      if (!this.#isClosed(open.endNs(row), watermarkNs)) {
        // Also those below the threshold are not looked at again before they are closed.
        open.setDone(row);
        continue;
      }
      if (isJoin && !open.isDone(row)) this.#counters.add("unmatched");
      this.#remove(row);
    }
    let next = Infinity;
    for (const row of open.all()) {
      const endNs = open.endNs(row);
      next = Math.min(next, endNs <= watermarkNs ? endNs + latenessNs : endNs);
    }
    this.#state[DUE] = next;
  }

  #remove(row: number): void {
    const message = this.#open.message(row);
    this.#open.remove(row);
    if (message >= 0) this.#context.letGo(message);
  }

  #copy(from: OpenWindows, to: OpenWindows): void {
    for (const row of from.all()) if (from.message(row) >= 0) this.#context.hold(from.message(row));
    for (const row of to.all()) {
      const message = to.message(row);
      to.remove(row);
      if (message >= 0) this.#context.letGo(message);
    }
    for (const row of from.all()) to.add(from.key(row), from.contents(row));
  }
}
