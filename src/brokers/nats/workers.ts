// The workers of JetStream's consumers: who is up, what each holds, and who may be sent how much more, in the order of asking.

import type { Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { NOBODY, type Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Room without end: a push consumer's. */
const ENDLESS = 0x7fffffff;

/** Workers of all subscriptions. A place is where a worker stands in the line of its consumer. */
export class Workers {
  readonly #settings: Settings;
  /** Per consumer: subscriptions and workers in turn. */
  readonly #lines: readonly Ring[];
  readonly #room: readonly Int32Column[];
  readonly #held: readonly Int32Column[];
  readonly #up: readonly Int32Column[];

  constructor(settings: Settings, { arena }: BrokerContext) {
    const { id, consumers, subscriptions } = settings;
    this.#settings = settings;
    this.#lines = consumers.map((_, at) => new Ring(arena, `${id}.ready${at}`));
    this.#room = subscriptions.map((_, at) => arena.int32(`${id}.room${at}`));
    this.#held = subscriptions.map((_, at) => arena.int32(`${id}.held${at}`));
    this.#up = subscriptions.map((_, at) => arena.int32(`${id}.workers${at}`));
  }

  join(subscription: number, worker: number): void {
    for (const columns of [this.#room, this.#held, this.#up]) {
      const column = columns[subscription]!;
      if (worker >= column.length) column.resize(worker + 1);
    }
    this.#held[subscription]!.data[worker] = 0;
    this.#up[subscription]!.data[worker] = 1;
  }

  leave(subscription: number, worker: number): void {
    this.#up[subscription]!.data[worker] = 0;
    this.#room[subscription]!.data[worker] = 0;
    const line = this.#lineOf(subscription);
    for (let at = 0; at < line.size(); at += 2)
      if (line.at(at) === subscription && line.at(at + 1) === worker) {
        this.#takeOut(line, at);
        return;
      }
  }

  isUp(subscription: number, worker: number): boolean {
    return this.#up[subscription]!.data[worker] === 1;
  }

  /** A worker holds one more or one less; returns how many. */
  hold(subscription: number, worker: number, by: 1 | -1): number {
    return (this.#held[subscription]!.data[worker]! += by);
  }

  /** A worker may be sent messages: a batch, or without end. False when it asks twice or is gone. */
  ask(subscription: number, worker: number): boolean {
    const room = this.#room[subscription]!.data;
    if (!this.isUp(subscription, worker) || room[worker]! > 0) return false;
    const { consumer, values } = this.#settings.subscriptions[subscription]!;
    const isPull = this.#settings.consumers[consumer]!.values.delivery === "pull";
    room[worker] = isPull ? values.batch : ENDLESS;
    const line = this.#lineOf(subscription);
    line.pushBack(subscription);
    line.pushBack(worker);
    return true;
  }

  /** Number of workers of a consumer that may be sent messages. */
  ready(consumer: number): number {
    return this.#lines[consumer]!.size() / 2;
  }

  subscriptionAt(consumer: number, place: number): number {
    return this.#lines[consumer]!.at(2 * place);
  }

  workerAt(consumer: number, place: number): number {
    return this.#lines[consumer]!.at(2 * place + 1);
  }

  /** A worker is sent a message; it leaves the line when that was all. */
  use(consumer: number, place: number): void {
    const room = this.#room[this.subscriptionAt(consumer, place)]!.data;
    const worker = this.workerAt(consumer, place);
    if (--room[worker]! === 0) this.#takeOut(this.#lines[consumer]!, 2 * place);
  }

  #takeOut(line: Ring, at: number): void {
    line.removeAt(at + 1);
    line.removeAt(at);
  }

  #lineOf(subscription: number): Ring {
    const consumer = this.#settings.subscriptions[subscription]?.consumer ?? NOBODY;
    return this.#lines[consumer]!;
  }
}
