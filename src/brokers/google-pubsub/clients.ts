// The clients of subscriptions: one per worker and life of its process. A client has room for so many messages and bytes;
// those with room take turns. One that is gone stays as a row until the service has given up what it still holds.

import type { Departure } from "../technology.ts";
import type { Arena, Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import type { Settings } from "./settings.ts";

const NONE = -1;

// Integers of a row.
const CONSUMER = 0;
const WORKER = 1;
const STATE = 2;
const HELD = 3;
const IN_TURN = 4;
const INTEGERS = 5;

/** What a client is doing. */
const states = { open: 0, crashed: 1, closed: 2 } as const;

/** The clients of one service. */
export class Clients {
  readonly #settings: Settings;
  /** The double of a row: bytes that it holds. */
  readonly #rows: Rows;
  /** Per subscription: clients with room, in order of their turns. */
  readonly #turns: readonly Ring[];
  /** Per consumer and worker: one more than the client, 0 without. */
  readonly #seats: readonly (Int32Column | undefined)[];
  /** Per consumer: most messages of a client. */
  readonly #messagesMax: Int32Column;
  /** Per subscription: clients that are open. */
  readonly #open: Int32Column;

  constructor(arena: Arena, settings: Settings) {
    const { id, consumers, subscriptions } = settings;
    this.#settings = settings;
    this.#rows = new Rows(arena, `${id}.clients`, { integers: INTEGERS, doubles: 1 });
    this.#turns = subscriptions.map((_, at) => new Ring(arena, `${id}.turns${at}`));
    this.#seats = consumers.map((consumer, at) =>
      consumer === undefined ? undefined : arena.int32(`${id}.seats${at}`),
    );
    this.#messagesMax = arena.int32(`${id}.messagesMax`, consumers.length);
    this.#open = arena.int32(`${id}.open`, subscriptions.length);
    consumers.forEach((consumer, at) => {
      this.#messagesMax.data[at] = consumer?.messagesMax ?? 0;
    });
  }

  /** Number of open clients of a subscription. */
  openCount(subscription: number): number {
    return this.#open.data[subscription]!;
  }

  /** A worker's process opens its client. */
  open(consumer: number, worker: number): void {
    const seats = this.#seats[consumer]!;
    if (worker >= seats.length) seats.resize(worker + 1);
    const client = this.#rows.take();
    const cells = this.#rows.integers;
    cells[client * INTEGERS + CONSUMER] = consumer;
    cells[client * INTEGERS + WORKER] = worker;
    cells[client * INTEGERS + STATE] = states.open;
    cells[client * INTEGERS + HELD] = 0;
    cells[client * INTEGERS + IN_TURN] = 0;
    this.#rows.doubles[client] = 0;
    seats.data[worker] = client + 1;
    this.#open.data[this.subscription(client)]!++;
    this.#refresh(client);
  }

  /** A worker's client is gone; returns it. Its row goes with the last message that it holds. */
  close(consumer: number, worker: number, how: Departure): number {
    const seats = this.#seats[consumer]!;
    const client = seats.data[worker]! - 1;
    seats.data[worker] = 0;
    this.#rows.integers[client * INTEGERS + STATE] =
      how === "crash" ? states.crashed : states.closed;
    this.#open.data[this.subscription(client)]!--;
    this.#refresh(client);
    this.#tidy(client);
    return client;
  }

  /** Gives the row of a client back that is gone and holds nothing. */
  #tidy(client: number): void {
    if (!this.isOpen(client) && this.#cell(client, HELD) === 0) this.#rows.give(client);
  }

  consumer(client: number): number {
    return this.#cell(client, CONSUMER);
  }

  worker(client: number): number {
    return this.#cell(client, WORKER);
  }

  subscription(client: number): number {
    return this.#settings.consumers[this.consumer(client)]!.subscription;
  }

  isOpen(client: number): boolean {
    return this.#cell(client, STATE) === states.open;
  }

  /** Whether it went without a word. */
  hasCrashed(client: number): boolean {
    return this.#cell(client, STATE) === states.crashed;
  }

  hasRoom(client: number): boolean {
    const consumer = this.consumer(client);
    return (
      this.isOpen(client) &&
      this.#cell(client, HELD) < this.#messagesMax.data[consumer]! &&
      this.#rows.doubles[client]! < this.#settings.consumers[consumer]!.bytesMax
    );
  }

  /** The client of a subscription whose turn it is, -1 when none has room. */
  next(subscription: number): number {
    const turns = this.#turns[subscription]!;
    return turns.size() > 0 ? turns.at(0) : NONE;
  }

  /** A client takes a message; its turn is over. */
  take(client: number, bytes: number): void {
    const turns = this.#turns[this.subscription(client)]!;
    if (this.#cell(client, IN_TURN) === 1 && turns.at(0) === client) {
      turns.popFront();
      this.#rows.integers[client * INTEGERS + IN_TURN] = 0;
    }
    this.#rows.integers[client * INTEGERS + HELD]!++;
    this.#rows.doubles[client]! += bytes;
    this.#refresh(client);
  }

  /** A client no longer holds a message. */
  release(client: number, bytes: number): void {
    this.#rows.integers[client * INTEGERS + HELD]!--;
    this.#rows.doubles[client]! -= bytes;
    this.#refresh(client);
    this.#tidy(client);
  }

  /** Passes the turn on without giving a message to anybody, for push: whose turn it was, -1 when nobody is there. */
  pass(subscription: number): number {
    const turns = this.#turns[subscription]!;
    const client = turns.popFront();
    if (client !== NONE) turns.pushBack(client);
    return client;
  }

  /** Changes how many messages the clients of a consumer may hold. */
  setMessagesMax(consumer: number, most: number): void {
    this.#messagesMax.data[consumer] = most;
    const seats = this.#seats[consumer]!;
    for (let worker = 0; worker < seats.length; worker++)
      if (seats.data[worker]! > 0) this.#refresh(seats.data[worker]! - 1);
  }

  /** Messages that the open clients of a consumer hold, and how many they may hold. */
  load(consumer: number): { readonly held: number; readonly most: number } {
    const seats = this.#seats[consumer]!;
    let held = 0;
    let most = 0;
    for (let worker = 0; worker < seats.length; worker++) {
      if (seats.data[worker] === 0) continue;
      held += this.#cell(seats.data[worker]! - 1, HELD);
      most += this.#messagesMax.data[consumer]!;
    }
    return { held, most };
  }

  /** Puts a client in line when it has room, and takes it out when not. */
  #refresh(client: number): void {
    const hasRoom = this.hasRoom(client);
    if (hasRoom === (this.#cell(client, IN_TURN) === 1)) return;
    const turns = this.#turns[this.subscription(client)]!;
    this.#rows.integers[client * INTEGERS + IN_TURN] = hasRoom ? 1 : 0;
    if (hasRoom) turns.pushBack(client);
    else turns.removeValue(client);
  }

  #cell(client: number, field: number): number {
    return this.#rows.integers[client * INTEGERS + field]!;
  }
}
