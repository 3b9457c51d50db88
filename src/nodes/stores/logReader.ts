// A subscription to the log of a store: it remembers how far it has come, reads a batch when there is something to read,
// and hands the events over one by one. One that is added later begins with the first event there ever was.

import type { ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { NodeContext } from "../context.ts";
import { declined } from "../steps/kind.ts";
import type { EventLog } from "./eventLog.ts";
import type { subscriptionFields } from "./subscriptionFields.ts";

/** A subscription as the run needs it. */
export interface SubscriptionPlan {
  /** Row and id of the call connection over which events are handed over. */
  readonly connection: number;
  readonly id: string;
  readonly values: ValuesOf<typeof subscriptionFields>;
}

/** What a store may do that has subscriptions. */
export interface StoreContext extends NodeContext {
  /** Asks a service over a connection with the event in a row of the log; `answered` of the store follows, with the slot
   *  and the number of the subscription. */
  handOver(connection: number, event: number, slot: number, subscription: number): void;
}

/** What a subscription has come to. */
export interface SubscriptionState {
  /** When it was added [ns]; −1 before. */
  readonly addedNs: number;
  /** From then to the moment at which nothing was left for the first time [ns]; −1 before. */
  readonly caughtUpNs: number;
  readonly done: number;
  readonly passedOver: number;
  /** Calls that have failed. */
  readonly failed: number;
  /** Events that are not handed over yet, or under way. */
  readonly waiting: number;
}

// Timers; each carries the number of the subscription, the last one a slot too.
const BEGIN = 0;
const READ = 1;
const AGAIN = 2;

// Integers.
/** Row of the next event to be handed over, and the row behind the last that was read. */
const POSITION = 0;
const READ_UP_TO = 1;
const PHASE = 2;
const DONE = 3;
const PASSED_OVER = 4;
const FAILED = 5;
const INTEGERS = 6;

// Phases.
const ABSENT = 0;
const READY = 1;
const READING = 2;

// Times [ns].
const ADDED = 0;
const CAUGHT_UP = 1;

/** One subscription. */
export class LogReader {
  /** Row of the connection over which it hands events over. */
  readonly connection: number;
  readonly #plan: SubscriptionPlan;
  readonly #number: number;
  readonly #log: EventLog;
  readonly #context: StoreContext;
  // None of these grows: the arrays themselves are kept.
  readonly #cells: Int32Array;
  readonly #times: Float64Array;
  /** Row of the event that each slot has under way + 1, 0 for none. */
  readonly #slots: Int32Array;

  /** The subscription with a number among those of its store. */
  constructor(plan: SubscriptionPlan, number: number, log: EventLog, context: StoreContext) {
    this.connection = plan.connection;
    this.#plan = plan;
    this.#number = number;
    this.#log = log;
    this.#context = context;
    const { arena } = context;
    this.#cells = arena.int32(`${plan.id}/subscription`, INTEGERS).data;
    this.#times = arena.float64(`${plan.id}/subscription-times`, 2).data;
    this.#times.fill(-1);
    // A column may have cells in reserve.
    const { parallel } = plan.values;
    this.#slots = arena.int32(`${plan.id}/slots`, parallel).data.subarray(0, parallel);
  }

  /** Sets out at time 0. */
  start(): void {
    this.#schedule(this.#plan.values.startsAt, BEGIN, 0);
  }

  wake(code: number, slot: number): void {
    if (code === BEGIN) this.#begin();
    else if (code === READ) this.#haveRead();
    else this.#handOver(slot);
  }

  /** The log has grown. */
  appended(): void {
    if (this.#cells[PHASE] === READY) this.#goOn();
  }

  /** The event of a slot was handled, or not. */
  answered(slot: number, failure: string): void {
    const cells = this.#cells;
    if (failure === "" || failure === declined) cells[DONE]!++;
    else {
      cells[FAILED]!++;
      if (this.#plan.values.whenFailed === "again")
        return this.#schedule(this.#plan.values.pause, AGAIN, slot);
      cells[PASSED_OVER]!++;
    }
    this.#slots[slot] = 0;
    this.#goOn();
    if (this.#times[CAUGHT_UP]! < 0 && this.waiting() === 0)
      this.#times[CAUGHT_UP] = this.#context.now();
  }

  /** Events that are not dealt with yet; none of those that were there before one that begins with what comes then. */
  waiting(): number {
    const cells = this.#cells;
    if (cells[PHASE] === ABSENT)
      return this.#plan.values.startsWith === "now" ? 0 : this.#log.size();
    return this.toHandOver() + this.#underWay();
  }

  /** Those among them that are not under way. */
  toHandOver(): number {
    const cells = this.#cells;
    if (cells[PHASE] === ABSENT) return this.waiting();
    return this.#log.size() - cells[POSITION]!;
  }

  /** When the oldest event was appended that is not handed over [ns]; −1 where there is none. */
  oldestNs(): number {
    return this.toHandOver() === 0 ? -1 : this.#log.timeNs(this.#cells[POSITION]!);
  }

  state(): SubscriptionState {
    const cells = this.#cells;
    const [addedNs, caughtUpAtNs] = [this.#times[ADDED]!, this.#times[CAUGHT_UP]!];
    return {
      addedNs,
      caughtUpNs: caughtUpAtNs < 0 ? -1 : caughtUpAtNs - addedNs,
      done: cells[DONE]!,
      passedOver: cells[PASSED_OVER]!,
      failed: cells[FAILED]!,
      waiting: this.waiting(),
    };
  }

  #begin(): void {
    const cells = this.#cells;
    const first = this.#plan.values.startsWith === "now" ? this.#log.size() : 0;
    cells[POSITION] = first;
    cells[READ_UP_TO] = first;
    cells[PHASE] = READY;
    this.#times[ADDED] = this.#context.now();
    if (this.waiting() === 0) this.#times[CAUGHT_UP] = this.#context.now();
    this.#goOn();
  }

  #haveRead(): void {
    const cells = this.#cells;
    cells[PHASE] = READY;
    const most = cells[READ_UP_TO]! + this.#plan.values.batch;
    cells[READ_UP_TO] = Math.min(this.#log.size(), most);
    this.#goOn();
  }

  /** Hands over what it can of what was read, then reads on. */
  #goOn(): void {
    const cells = this.#cells;
    while (cells[POSITION]! < cells[READ_UP_TO]!) {
      const slot = this.#slots.indexOf(0);
      if (slot < 0 || this.#isBusyWith(this.#log.entity(cells[POSITION]!))) return;
      this.#slots[slot] = ++cells[POSITION]!;
      this.#handOver(slot);
    }
    if (cells[PHASE] !== READY || this.#log.size() === cells[READ_UP_TO]) return;
    cells[PHASE] = READING;
    this.#schedule(this.#plan.values.batchTime, READ, 0);
  }

  #handOver(slot: number): void {
    const event = this.#slots[slot]! - 1;
    this.#context.handOver(this.#plan.connection, event, slot, this.#number);
  }

  /** Whether an event of an entity is under way. */
  #isBusyWith(entity: number): boolean {
    for (const event of this.#slots)
      if (event > 0 && this.#log.entity(event - 1) === entity) return true;
    return false;
  }

  #underWay(): number {
    let underWay = 0;
    for (const event of this.#slots) if (event > 0) underWay++;
    return underWay;
  }

  #schedule(delayMs: number, code: number, slot: number): void {
    this.#context.schedule(msToNs(delayMs), code, this.#number, slot);
  }
}
