// A transactional outbox: what a service publishes is first written into a table of its store, in the transaction of its
// writes, and a relay publishes it from there: by polling, or from the log of the database (change data capture).

import {
  choice,
  count,
  duration,
  durations,
  type Fields,
  type ValuesOf,
} from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { Float64Column, Int32Column, IntCells } from "../../kernel/arena.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import type { ServiceContext } from "../context.ts";
import { timers } from "../serviceTimers.ts";

const polling = { field: "outbox", is: ["polling"] } as const;

/** Fields of an outbox. */
export const outboxFields = {
  outbox: choice({
    label: "Outbox",
    options: [
      { value: "none", label: "None: publish at once" },
      { value: "polling", label: "Polling relay" },
      { value: "log", label: "Change data capture" },
    ],
    default: "none",
    help: "Events are written together with its data and published from there, so that none is lost and none is told too early; some may come twice.",
  }),
  outboxInterval: duration({
    label: "Outbox poll interval",
    min: 1,
    default: 1000,
    help: "How often the relay looks for what is not published.",
    onlyIf: polling,
  }),
  outboxBatch: count({
    label: "Outbox batch",
    min: 1,
    max: 1e6,
    default: 100,
    help: "Most events that it publishes each time.",
    onlyIf: polling,
  }),
  outboxMemory: choice({
    label: "Outbox memory",
    options: [
      { value: "flag", label: "A flag on each row" },
      { value: "last id", label: "The last id" },
    ],
    default: "flag",
    help: "How the relay knows what it has published. Numbers are given when a transaction begins: whoever commits later than a higher number is passed over by the last id.",
    onlyIf: polling,
  }),
  outboxLag: durations({
    label: "Capture lag",
    default: { distribution: "constant", value: 50 },
    help: "How long after its commit an event is read from the log of the database.",
    onlyIf: { field: "outbox", is: ["log"] },
  }),
} as const satisfies Fields;

/** Row 0 of an outbox as the number of who waits for a confirmation: above the numbers of all workers. */
export const outboxWaiter = 1 << 20;

/** Pause before what was refused is read from the log again [ns]. */
const againNs = msToNs(100);

// Integers of a row of the table.
const CONNECTION = 0;
const MESSAGE = 1;
const ID = 2;
/** 1 once it was handed to the broker. */
const TRIED = 3;
const INTEGERS = 4;

// Cells.
const NEXT_ID = 0;
const LAST_ID = 1;
/** Crashes of the relay so far: what was under way before one is not marked. */
const ERA = 2;
/** 1 while a poll is scheduled. */
const POLLS = 3;
/** 1 while the service is down. */
const DOWN = 4;
const CELLS = 5;

// Counters.
const INSERTED = 0;
const REPEATED = 1;
const SKIPPED = 2;

/** What an outbox has done. */
export interface OutboxCounts {
  readonly inserted: number;
  /** Published once more, because a crash or a refusal came in between. */
  readonly repeated: number;
  /** Passed over for ever by the last id. */
  readonly skipped: number;
  /** Not marked as published yet. */
  readonly waiting: number;
}

/** The outbox of one service, with its relay. */
export class Outbox {
  readonly #context: ServiceContext;
  readonly #values: ValuesOf<typeof outboxFields>;
  readonly #rows: Rows;
  /** Rows that wait to be published, by id. */
  readonly #waiting: Ring;
  readonly #cells: IntCells;
  readonly #counts: Float64Column;
  /** Id of the transaction of each worker's attempt, 0 before it has one. */
  readonly #transactions: Int32Column;
  readonly #lag: Sampler;

  constructor(name: string, values: ValuesOf<typeof outboxFields>, context: ServiceContext) {
    const { arena } = context;
    this.#context = context;
    this.#values = values;
    this.#rows = new Rows(arena, `${name}/outbox`, { integers: INTEGERS, doubles: 0 });
    this.#waiting = new Ring(arena, `${name}/outbox/waiting`);
    this.#cells = arena.intCells(`${name}/outbox/cells`, CELLS);
    this.#counts = arena.float64(`${name}/outbox/counts`, 3);
    this.#transactions = arena.int32(`${name}/outbox/transactions`);
    this.#lag = createSampler(values.outboxLag, context.random("outbox"));
  }

  /** A worker begins an attempt: it has no transaction. */
  begin(worker: number): void {
    if (worker >= this.#transactions.length) this.#transactions.resize(worker + 1);
    this.#transactions.data[worker] = 0;
  }

  /** A worker writes: its transaction begins, and has a number from then on. */
  write(worker: number): void {
    const { cells, at } = this.#cells;
    if (this.#transactions.data[worker] === 0)
      this.#transactions.data[worker] = ++cells[at + NEXT_ID]!;
  }

  /** An event is committed with the rest of a worker's transaction, which has begun; the relay sees it after a delay
   *  [ns], which a crash does not end. */
  insert(connection: number, message: number, worker: number, delayNs: number): void {
    const id = this.#transactions.data[worker]!;
    this.#counts.data[INSERTED]!++;
    if (delayNs === 0 && this.#isPassedOver(id)) return this.#skip(message);
    const row = this.#rows.take();
    const first = row * INTEGERS;
    this.#rows.integers[first + CONNECTION] = connection;
    this.#rows.integers[first + MESSAGE] = message;
    this.#rows.integers[first + ID] = id;
    this.#rows.integers[first + TRIED] = 0;
    const lagNs = this.#polls() ? 0 : msToNs(this.#lag.sample());
    if (this.#polls() && delayNs > 0) this.#context.schedule(delayNs, timers.outbox, row, 0);
    else this.#wait(row, Math.max(lagNs, delayNs));
  }

  /** Whether a relay that remembers the last id only is already past a number. */
  #isPassedOver(id: number): boolean {
    const { cells, at } = this.#cells;
    return this.#values.outboxMemory === "last id" && this.#polls() && id <= cells[at + LAST_ID]!;
  }

  #skip(message: number): void {
    this.#counts.data[SKIPPED]!++;
    this.#context.release(message);
  }

  /** The delay of a row is over: the next poll finds it, unless it is already past its number. */
  #becomesDue(row: number): void {
    const first = row * INTEGERS;
    if (!this.#isPassedOver(this.#rows.integers[first + ID]!)) return this.#wait(row, 0);
    this.#skip(this.#rows.integers[first + MESSAGE]!);
    this.#rows.give(row);
  }

  /** A timer of it has fired: a poll, or a row that is read from the log or whose delay is over. */
  wake(row: number): void {
    if (row >= 0) return this.#polls() ? this.#becomesDue(row) : this.#publish(row);
    const { cells, at } = this.#cells;
    cells[at + POLLS] = 0;
    if (cells[at + DOWN] === 1) return;
    const batch = Math.min(this.#values.outboxBatch, this.#waiting.size());
    const rows = Array.from({ length: batch }, () => this.#waiting.popFront());
    for (const one of rows) {
      cells[at + LAST_ID] = Math.max(
        cells[at + LAST_ID]!,
        this.#rows.integers[one * INTEGERS + ID]!,
      );
      this.#publish(one);
    }
    this.#schedulePoll();
  }

  /** The outcome of a publication in an era. What was confirmed is marked, unless the relay has crashed since. */
  published(row: number, era: number, failure: string): void {
    const { cells, at } = this.#cells;
    const isMarked = failure === "" && (!this.#polls() || era === cells[at + ERA]);
    if (!isMarked) return this.#wait(row, againNs);
    this.#context.release(this.#rows.integers[row * INTEGERS + MESSAGE]!);
    this.#rows.give(row);
  }

  /** The service has crashed, and a polling relay with it. */
  crash(): void {
    const { cells, at } = this.#cells;
    cells[at + ERA]!++;
    cells[at + DOWN] = 1;
  }

  /** The service is back. */
  restart(): void {
    this.#cells.cells[this.#cells.at + DOWN] = 0;
    if (this.#polls()) this.#schedulePoll();
  }

  counts(): OutboxCounts {
    const { data } = this.#counts;
    return {
      inserted: data[INSERTED]!,
      repeated: data[REPEATED]!,
      skipped: data[SKIPPED]!,
      waiting: this.#rows.size(),
    };
  }

  #polls(): boolean {
    return this.#values.outbox === "polling";
  }

  /** A row waits: for the next poll, or until it is read from the log. */
  #wait(row: number, delayNs: number): void {
    if (!this.#polls()) return this.#context.schedule(delayNs, timers.outbox, row, 0);
    const id = this.#rows.integers[row * INTEGERS + ID]!;
    let place = this.#waiting.size();
    while (place > 0 && this.#idAt(place - 1) > id) place--;
    this.#waiting.insertAt(place, row);
    this.#schedulePoll();
  }

  #idAt(place: number): number {
    return this.#rows.integers[this.#waiting.at(place) * INTEGERS + ID]!;
  }

  /** The relay looks at whole multiples of its interval, when there is anything. */
  #schedulePoll(): void {
    const { cells, at } = this.#cells;
    const isIdle = this.#waiting.size() === 0 || cells[at + DOWN] === 1;
    if (isIdle || cells[at + POLLS] === 1) return;
    cells[at + POLLS] = 1;
    const everyNs = msToNs(this.#values.outboxInterval);
    this.#context.schedule(everyNs - (this.#context.now() % everyNs), timers.outbox, -1, 0);
  }

  /** Hands an event to its broker: the first time itself, then again as a message of its own. */
  #publish(row: number): void {
    const first = row * INTEGERS;
    const { integers } = this.#rows;
    const isAgain = integers[first + TRIED] === 1;
    integers[first + TRIED] = 1;
    if (isAgain) this.#counts.data[REPEATED]!++;
    const era = this.#cells.cells[this.#cells.at + ERA]!;
    const place = { isAgain, row, era };
    this.#context.publishFromOutbox(
      integers[first + CONNECTION]!,
      integers[first + MESSAGE]!,
      place,
    );
  }
}

/** What a publication of an outbox belongs to. */
export interface OutboxTry {
  readonly isAgain: boolean;
  readonly row: number;
  readonly era: number;
}
