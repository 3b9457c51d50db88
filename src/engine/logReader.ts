// Pages of the event log of a run, of any part of its past. Nothing is kept while a run goes on: a page is simulated again
// from the nearest moment before it, so that a log of any length takes no memory and is read anywhere at once.

import type { MessageEvent } from "../model/events.ts";
import { type LogFilter, matchesLog } from "../model/logFilter.ts";
import type { LogPage, LogPlace, LogRequest } from "../model/lookback.ts";
import type { Messages } from "./messages.ts";
import type { Replay, ReplayJob } from "./replay.ts";
import type { Run } from "./run.ts";

/** Most lines of one page. */
const countMax = 5000;

interface Line {
  readonly record: MessageEvent;
  readonly place: LogPlace;
}

/** Reads the log of one run. */
export class LogReader {
  readonly #first: Run;
  readonly #replay: Replay;
  /** The last page towards later, which the next one often continues. */
  #reading: Reading | undefined;

  constructor(first: Run, replay: Replay) {
    this.#first = first;
    this.#replay = replay;
  }

  /** A page; what a bounded effort has not found is left for the next one. */
  page(request: LogRequest): LogPage {
    const count = Math.max(1, Math.min(countMax, request.count));
    return request.towards === "later"
      ? this.#later({ ...request, count })
      : this.#earlier({ ...request, count });
  }

  #later({ filter, at, count, maxEvents }: LogRequest): LogPage {
    const untilNs = this.#first.seenNs();
    // A second run that is out of date has forgotten where it stood, and is made anew before that is asked.
    this.#replay.run();
    const isNext = this.#reading?.continues(filter, at) === true;
    const reading = (this.#reading = isNext ? this.#reading! : new Reading(filter, at));
    reading.wanted = count;
    if (!reading.hasEnough())
      reading.heardTo = this.#replay.go(reading, { from: reading.heardTo, untilNs, maxEvents });
    const lines = reading.hand(count);
    const run = this.#replay.run();
    const isThrough = run.timeNs() >= untilNs || run.ended() !== null;
    const isEnd = isThrough && reading.isEmpty();
    return { records: lines.map(({ record }) => record), from: at, to: reading.next, isEnd };
  }

  #earlier({ filter, at, count, maxEvents }: LogRequest): LogPage {
    const run = this.#replay.run();
    this.#reading = undefined;
    const found: Line[][] = [];
    let end: LogPlace = at.timeNs > this.#first.seenNs() ? after(this.#first.seenNs()) : at;
    let start = end;
    let lines = 0;
    let spent = 0;
    while (lines < count && spent < maxEvents && start.timeNs >= 0) {
      const fromNs = run.momentBefore(start.timeNs);
      const window = new Window(filter, end, count - lines);
      const before = run.events();
      const from: LogPlace = { timeNs: fromNs + 1, line: 0 };
      this.#replay.go(window, { from, untilNs: end.timeNs, maxEvents: Infinity });
      spent += Math.max(0, run.events() - before);
      found.unshift(window.lines());
      lines += found[0]!.length;
      start = fromNs < 0 ? { timeNs: -1, line: 0 } : after(fromNs);
      end = start;
    }
    const all = found.flat();
    const isFull = lines >= count;
    const from = isFull ? all[0]!.place : start;
    return {
      records: all.map(({ record }) => record),
      from,
      to: at,
      isEnd: !isFull && start.timeNs < 0,
    };
  }
}

/** After everything that happens at an instant [ns]. */
function after(timeNs: number): LogPlace {
  return { timeNs, line: Infinity };
}

/** Reading on and on towards later. */
class Reading implements ReplayJob {
  readonly #filter: LogFilter;
  readonly #key: string;
  /** Heard and not handed out yet. */
  #lines: Line[] = [];
  next: LogPlace;
  heardTo: LogPlace;
  wanted = 0;

  constructor(filter: LogFilter, at: LogPlace) {
    this.#filter = filter;
    this.#key = JSON.stringify(filter);
    const start = at.timeNs < 0 ? { timeNs: 0, line: 0 } : at;
    this.next = start;
    this.heardTo = start;
  }

  continues(filter: LogFilter, at: LogPlace): boolean {
    const isThere = at.timeNs === this.next.timeNs && at.line === this.next.line;
    return isThere && JSON.stringify(filter) === this.#key;
  }

  wants(message: number, messages: Messages): boolean {
    return wantsMessage(this.#filter, message, messages);
  }

  counts(record: MessageEvent): boolean {
    return matchesLog(record, this.#filter);
  }

  take(record: MessageEvent, _: number, place: LogPlace): void {
    this.#lines.push({ record, place });
  }

  hasEnough(): boolean {
    return this.#lines.length >= this.wanted;
  }

  isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  hand(count: number): readonly Line[] {
    const handed = this.#lines.slice(0, count);
    this.#lines = this.#lines.slice(count);
    const last = handed.at(-1)?.place;
    const isAll = this.#lines.length === 0;
    if (isAll) this.next = this.heardTo;
    else if (last !== undefined) this.next = { timeNs: last.timeNs, line: last.line + 1 };
    return handed;
  }
}

/** The last lines of a stretch before its end. */
class Window implements ReplayJob {
  readonly #filter: LogFilter;
  readonly #end: LogPlace;
  readonly #count: number;
  #lines: Line[] = [];

  constructor(filter: LogFilter, end: LogPlace, count: number) {
    this.#filter = filter;
    this.#end = end;
    this.#count = count;
  }

  wants(message: number, messages: Messages): boolean {
    return wantsMessage(this.#filter, message, messages);
  }

  counts(record: MessageEvent): boolean {
    return matchesLog(record, this.#filter);
  }

  take(record: MessageEvent, _: number, place: LogPlace): void {
    if (place.timeNs > this.#end.timeNs) return;
    if (place.timeNs === this.#end.timeNs && place.line >= this.#end.line) return;
    this.#lines.push({ record, place });
    // Thinned now and then, not with every line.
    if (this.#lines.length > 2 * this.#count + 100) this.#lines = this.lines();
  }

  hasEnough(): boolean {
    return false;
  }

  lines(): Line[] {
    return this.#lines.slice(-this.#count);
  }
}

function wantsMessage({ message }: LogFilter, handle: number, messages: Messages): boolean {
  return message === undefined || messages.id(handle) === message;
}
