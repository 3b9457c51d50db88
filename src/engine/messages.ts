// The table of messages: one row per message that somebody still holds, as columns of the arena.

import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import { Pool } from "../kernel/pool.ts";

/** Rows of messages by handle. A row is free again when the last reference is released. */
export class Messages {
  /** Number of the message, from 1, never reused. */
  readonly id: Float64Column;
  /** Number of the message that caused it, 0 for none. */
  readonly cause: Float64Column;
  /** When it was published, and when the first of its chain entered [ns]. */
  readonly publishedNs: Float64Column;
  readonly rootNs: Float64Column;
  readonly contract: Int32Column;
  readonly key: Int32Column;
  /** Row of the connection over which it was published, and of that over which its chain entered. */
  readonly connection: Int32Column;
  readonly entry: Int32Column;
  /** Length of its chain of causes. */
  readonly depth: Int32Column;
  /** Worker and generation of the node that waits for the confirmation; −1 for none. */
  readonly waiter: Int32Column;
  readonly waiterGeneration: Int32Column;
  readonly #references: Int32Column;
  readonly #pool: Pool;
  readonly #count: Float64Column;

  constructor(arena: Arena) {
    this.id = arena.float64("message/id");
    this.cause = arena.float64("message/cause");
    this.publishedNs = arena.float64("message/published");
    this.rootNs = arena.float64("message/root");
    this.contract = arena.int32("message/contract");
    this.key = arena.int32("message/key");
    this.connection = arena.int32("message/connection");
    this.entry = arena.int32("message/entry");
    this.depth = arena.int32("message/depth");
    this.waiter = arena.int32("message/waiter");
    this.waiterGeneration = arena.int32("message/waiter-generation");
    this.#references = arena.int32("message/references");
    this.#pool = new Pool(arena, "message");
    this.#count = arena.float64("message/count", 1);
  }

  /** A new message with one reference and no cause; the caller fills in the rest. */
  create(connection: number, contract: number, key: number, nowNs: number): number {
    const message = this.#pool.take();
    if (message >= this.id.length) this.#grow(message + 1);
    this.id.data[message] = ++this.#count.data[0]!;
    this.cause.data[message] = 0;
    this.publishedNs.data[message] = nowNs;
    this.rootNs.data[message] = nowNs;
    this.contract.data[message] = contract;
    this.key.data[message] = key;
    this.connection.data[message] = connection;
    this.entry.data[message] = connection;
    this.depth.data[message] = 0;
    this.waiter.data[message] = -1;
    this.waiterGeneration.data[message] = 0;
    this.#references.data[message] = 1;
    return message;
  }

  /** Marks one message as the consequence of another. */
  derive(message: number, cause: number): void {
    this.cause.data[message] = this.id.data[cause]!;
    this.rootNs.data[message] = this.rootNs.data[cause]!;
    this.entry.data[message] = this.entry.data[cause]!;
    this.depth.data[message] = this.depth.data[cause]! + 1;
  }

  /** Holds on to a message. */
  retain(message: number): void {
    this.#references.data[message]!++;
  }

  /** Lets go of a message; the last one frees its row. */
  release(message: number): void {
    if (--this.#references.data[message]! === 0) this.#pool.give(message);
  }

  /** Messages alive. */
  size(): number {
    return this.#pool.size();
  }

  #grow(length: number): void {
    for (const column of [this.id, this.cause, this.publishedNs, this.rootNs])
      column.resize(length);
    for (const column of [this.contract, this.key, this.connection, this.entry, this.depth])
      column.resize(length);
    for (const column of [this.waiter, this.waiterGeneration, this.#references])
      column.resize(length);
  }
}
