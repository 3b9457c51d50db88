// CPU cores that the workers of a naive service share: n at work on c cores each get on at the speed min(1, c / n). A
// clock counts the work that each has had since all were idle; a job is through when it has had its own.

import { cancel, type EventArray, type Timer } from "./eventArray.suite.ts";

interface Share {
  readonly who: object;
  /** Reading of the clock at which it is through [ns]. */
  readonly due: number;
  readonly whenDone: () => void;
}

/** The cores of one service. */
export class NaiveCores {
  readonly #cores: number;
  readonly #events: EventArray;
  #shares: Share[] = [];
  #clock = 0;
  #readNs = 0;
  #timer: Timer | undefined;

  constructor(cores: number, events: EventArray) {
    this.#cores = cores;
    this.#events = events;
  }

  /** Somebody begins work that would take so long alone [ns]. */
  begin(who: object, workNs: number, whenDone: () => void): void {
    this.#read();
    this.#shares.push({ who, due: this.#clock + workNs, whenDone });
    this.#plan();
  }

  /** Somebody stops, if at work. */
  abandon(who: object): void {
    if (!this.#shares.some((share) => share.who === who)) return;
    this.#read();
    this.#shares = this.#shares.filter((share) => share.who !== who);
    this.#plan();
  }

  #speed(): number {
    return Math.min(1, this.#cores / this.#shares.length);
  }

  #read(): void {
    const { nowNs } = this.#events;
    const passed = (nowNs - this.#readNs) * this.#speed();
    this.#clock = this.#shares.length === 0 ? 0 : this.#clock + passed;
    this.#readNs = nowNs;
  }

  /** The one that is through first; of several, the one that began first. */
  #first(): Share | undefined {
    return this.#shares.toSorted((a, b) => a.due - b.due)[0];
  }

  #plan(): void {
    const first = this.#first();
    cancel(this.#timer);
    this.#timer = undefined;
    if (first === undefined) return;
    const restNs = Math.max(0, first.due - this.#clock);
    this.#timer = this.#events.after(restNs / this.#speed(), () => this.#end());
  }

  #end(): void {
    const timer = this.#timer;
    const first = this.#first();
    this.#read();
    this.#shares = this.#shares.filter((share) => share !== first);
    first?.whenDone();
    // Unless what follows has made somebody begin or stop.
    if (this.#timer === timer) this.#plan();
  }
}
