// A second look at a run: goes through stretches of its past again and hears what happened there. Several jobs share one
// second run; each remembers its place as an instant and a number of lines, so that it can go on after others.

import type { MessageEvent } from "../model/events.ts";
import type { LogPlace } from "../model/lookback.ts";
import type { Messages } from "./messages.ts";
import type { Run } from "./run.ts";

/** Events between two looks at whether a job has enough. */
const chunk = 1024;

/** Something that goes through the past. */
export interface ReplayJob {
  /** Whether it wants to hear of a message. */
  wants(message: number, messages: Messages): boolean;
  /** A message was made that it wants to hear of; it may be sent later, or never. */
  made?(message: number, messages: Messages): void;
  /** Whether a line counts. */
  counts(record: MessageEvent): boolean;
  /** Takes a line that counts. */
  take(record: MessageEvent, message: number, place: LogPlace): void;
  hasEnough(): boolean;
}

/** A stretch of the past [ns], and how many events it may take. */
export interface Stretch {
  readonly from: LogPlace;
  readonly untilNs: number;
  readonly maxEvents: number;
}

/** The second look at one run. */
export class Replay {
  readonly #first: Run;
  #second: Run | undefined;
  /** Acts that the second run knows. */
  #acts = 0;
  #job: ReplayJob | undefined;
  /** Where the second run stands for its job: all lines before it have been heard. */
  #at: LogPlace = { timeNs: 0, line: 0 };
  /** Lines at the first instant that are known already. */
  #known = 0;
  #message = -1;

  constructor(first: Run) {
    this.#first = first;
  }

  /** The second run, made anew where something was done since. */
  run(): Run {
    const acts = this.#first.acts().length;
    if (this.#second !== undefined && this.#acts === acts) return this.#second;
    this.#acts = acts;
    this.#job = undefined;
    this.#second = this.#first.secondLook({
      wants: (message) => {
        this.#message = message;
        return this.#job?.wants(message, this.#messages()) === true;
      },
      made: (message) => {
        const messages = this.#messages();
        if (this.#job?.wants(message, messages) === true) this.#job.made?.(message, messages);
      },
      hear: (record) => this.#hear(record),
    });
    return this.#second;
  }

  /** Goes through a stretch for a job, or on where it stopped; returns the place up to which all was heard. */
  go(job: ReplayJob, { from, untilNs, maxEvents }: Stretch): LogPlace {
    const run = this.run();
    const isThere =
      this.#job === job && this.#at.timeNs === from.timeNs && this.#at.line === from.line;
    if (!isThere) {
      this.#job = undefined;
      run.rewindBefore({ timeNs: from.timeNs });
      this.#at = { timeNs: from.timeNs, line: 0 };
      this.#known = from.line;
      this.#job = job;
    }
    this.#advance(job, untilNs, maxEvents);
    return this.#at;
  }

  /** Goes from before a message is published until a job has enough. */
  find(job: ReplayJob, message: number, maxEvents: number): void {
    const run = this.run();
    if (this.#job !== job) {
      this.#job = undefined;
      run.rewindBefore({ message });
      this.#known = 0;
      this.#at = { timeNs: run.world().now(), line: 0 };
      this.#job = job;
    }
    this.#advance(job, this.#first.seenNs(), maxEvents);
  }

  #advance(job: ReplayJob, untilNs: number, maxEvents: number): void {
    const run = this.run();
    const lastEvent = run.events() + maxEvents;
    while (!job.hasEnough() && run.events() < lastEvent && run.ended() === null) {
      const before = run.events();
      const most = Math.min(chunk, lastEvent - before);
      run.advance({ untilNs, maxEvents: most });
      if (run.events() - before < most) break;
    }
    const timeNs = run.world().now();
    if (timeNs > this.#at.timeNs) this.#at = { timeNs, line: 0 };
  }

  #hear(record: MessageEvent): void {
    const job = this.#job;
    if (job === undefined || !job.counts(record)) return;
    const timeNs = this.#second!.world().now();
    const line = timeNs === this.#at.timeNs ? this.#at.line : 0;
    if (timeNs !== this.#at.timeNs) this.#known = 0;
    this.#at = { timeNs, line: line + 1 };
    if (line >= this.#known) job.take(record, this.#message, { timeNs, line });
  }

  #messages(): Messages {
    return this.#second!.world().messages;
  }
}
