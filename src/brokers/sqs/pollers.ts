// The workers that poll SQS: one row each, with what it has received, whether it polls and since when. Knows who is next,
// not what is received.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext } from "../technology.ts";
import type { Settings } from "./settings.ts";

// Integers of a row.
const SUBSCRIPTION = 0;
const WORKER = 1;
const STATE = 2;
/** Deliveries that it has not settled. */
const OPEN = 3;
const GENERATION = 4;
/** How many copies are on the wire to it, and which: pairs of a copy and its generation. */
const SENT = 5;
const FIRST_SENT = 6;
const BATCH_MAX = 10;
const INTEGERS = FIRST_SENT + 2 * BATCH_MAX;

// Doubles of a row: since when it polls, and when it received what it has [ns].
const POLLS_NS = 0;
const RECEIVED_NS = 1;
const DOUBLES = 2;

/** States. Polling: a receive waits, or short polls follow each other. Busy: on the wire, at work, or paused. */
export const pollerStates = { gone: 0, busy: 1, polling: 2 } as const;

/** The pollers of one broker. A row stays with its worker for the whole run. */
export class Pollers {
  readonly #rows: Rows;
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  /** Per subscription and worker: one more than its row, 0 without. */
  readonly #rowOf: readonly (Int32Column | undefined)[];
  /** Per queue: long polls that wait, in order of their coming; short pollers between two polls. */
  readonly #long: readonly Ring[];
  readonly #short: readonly Ring[];

  constructor(settings: Settings, context: BrokerContext) {
    const { arena } = context;
    const { id } = settings;
    this.#settings = settings;
    this.#context = context;
    this.#rows = new Rows(arena, `${id}.pollers`, { integers: INTEGERS, doubles: DOUBLES });
    this.#rowOf = settings.subscriptions.map((subscription, index) =>
      subscription === undefined ? undefined : arena.int32(`${id}.workers${index}`),
    );
    this.#long = settings.queues.map((_, at) => new Ring(arena, `${id}.long${at}`));
    this.#short = settings.queues.map((_, at) => new Ring(arena, `${id}.short${at}`));
  }

  /** The poller of a worker; made when it joins for the first time. */
  join(subscription: number, worker: number): number {
    const column = this.#rowOf[subscription]!;
    if (worker >= column.length) column.resize(worker + 1);
    if (column.data[worker] === 0) {
      const made = this.#rows.take();
      column.data[worker] = made + 1;
      this.#rows.integers[made * INTEGERS + SUBSCRIPTION] = subscription;
      this.#rows.integers[made * INTEGERS + WORKER] = worker;
    }
    const poller = column.data[worker]! - 1;
    this.#set(poller, STATE, pollerStates.busy);
    this.#set(poller, OPEN, 0);
    this.#set(poller, SENT, 0);
    return poller;
  }

  /** The poller of a worker that has joined at some time. */
  of(subscription: number, worker: number): number {
    return this.#rowOf[subscription]!.data[worker]! - 1;
  }

  /** The worker is gone: whatever was planned for it is void. */
  leave(poller: number): void {
    this.unpark(poller);
    this.#set(poller, STATE, pollerStates.gone);
    this.#renew(poller);
  }

  subscription(poller: number): number {
    return this.#get(poller, SUBSCRIPTION);
  }

  worker(poller: number): number {
    return this.#get(poller, WORKER);
  }

  /** Rises whenever what was planned for a poller becomes void. */
  generation(poller: number): number {
    return this.#get(poller, GENERATION);
  }

  isPolling(poller: number): boolean {
    return this.#get(poller, STATE) === pollerStates.polling;
  }

  isGone(poller: number): boolean {
    return this.#get(poller, STATE) === pollerStates.gone;
  }

  /** Deliveries that it has not settled. */
  open(poller: number): number {
    return this.#get(poller, OPEN);
  }

  addOpen(poller: number, by: 1 | -1): void {
    this.#rows.integers[poller * INTEGERS + OPEN]! += by;
  }

  /** It polls from now on. */
  park(poller: number): void {
    const { queue, isLongPolling } = this.#settings.subscriptions[this.subscription(poller)]!;
    this.#set(poller, STATE, pollerStates.polling);
    this.#rows.doubles[poller * DOUBLES + POLLS_NS] = this.#context.now();
    (isLongPolling ? this.#long : this.#short)[queue]!.pushBack(poller);
  }

  /** It no longer polls. */
  unpark(poller: number): void {
    if (!this.isPolling(poller)) return;
    const { queue, isLongPolling } = this.#settings.subscriptions[this.subscription(poller)]!;
    const ring = (isLongPolling ? this.#long : this.#short)[queue]!;
    if (ring.at(0) === poller) ring.popFront();
    else ring.removeValue(poller);
    this.#set(poller, STATE, pollerStates.busy);
    this.#renew(poller);
  }

  /** The long poll of a queue that has waited longest, or -1. */
  nextLong(queue: number): number {
    const ring = this.#long[queue]!;
    return ring.size() > 0 ? ring.at(0) : -1;
  }

  /** Whether anybody polls a queue. */
  isPolled(queue: number): boolean {
    return this.#long[queue]!.size() + this.#short[queue]!.size() > 0;
  }

  /** The short poller of a queue whose next poll after now comes first, or -1. */
  nextShort(queue: number): number {
    const ring = this.#short[queue]!;
    let found = -1;
    let foundNs = Infinity;
    for (let at = 0; at < ring.size(); at++) {
      const dueNs = this.nextPollNs(ring.at(at));
      if (dueNs >= foundNs) continue;
      foundNs = dueNs;
      found = ring.at(at);
    }
    return found;
  }

  /** When a short poller asks next, strictly after now [ns]. */
  nextPollNs(poller: number): number {
    const { pollNs } = this.#settings.subscriptions[this.subscription(poller)]!;
    const sinceNs = this.#rows.doubles[poller * DOUBLES + POLLS_NS]!;
    const rounds = Math.floor((this.#context.now() - sinceNs) / pollNs) + 1;
    return sinceNs + rounds * pollNs;
  }

  /** Remembers a copy that is on the wire to it. */
  addSent(poller: number, copy: number, generation: number): void {
    const sent = this.#get(poller, SENT);
    this.#set(poller, FIRST_SENT + 2 * sent, copy);
    this.#set(poller, FIRST_SENT + 2 * sent + 1, generation);
    this.#set(poller, SENT, sent + 1);
    this.#rows.doubles[poller * DOUBLES + RECEIVED_NS] = this.#context.now();
  }

  sentCount(poller: number): number {
    return this.#get(poller, SENT);
  }

  sentCopy(poller: number, at: number): number {
    return this.#get(poller, FIRST_SENT + 2 * at);
  }

  sentGeneration(poller: number, at: number): number {
    return this.#get(poller, FIRST_SENT + 2 * at + 1);
  }

  /** What was on the wire has arrived. Heartbeats look at it until the next receive. */
  receivedNs(poller: number): number {
    return this.#rows.doubles[poller * DOUBLES + RECEIVED_NS]!;
  }

  clearSent(poller: number): void {
    this.#set(poller, SENT, 0);
  }

  #renew(poller: number): void {
    this.#set(poller, GENERATION, (this.generation(poller) + 1) & 0xffff);
  }

  #get(poller: number, field: number): number {
    return this.#rows.integers[poller * INTEGERS + field]!;
  }

  #set(poller: number, field: number, value: number): void {
    this.#rows.integers[poller * INTEGERS + field] = value;
  }
}
