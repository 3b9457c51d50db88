// Queues that are deleted when nobody has used them for as long as their x-expires says. Being published to is no use; a
// consumer that comes declares the queue anew.

import type { Int32Column } from "../../kernel/arena.ts";
import type { Cluster } from "./cluster.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Timer code: nobody may have used a queue for as long as it allows (queue, generation). */
export const DISUSED = 3;

/** Which queues of one broker are there. Without a queue that expires it is made of nothing. */
export class Disuse {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #cluster: Cluster;
  /** Per queue: 1 when it is deleted; consumers that it has; how often that became none, or some. */
  readonly #gone: Int32Column | undefined;
  readonly #consumers: Int32Column | undefined;
  readonly #generation: Int32Column | undefined;

  constructor(context: BrokerContext, settings: Settings, cluster: Cluster) {
    const { id, queues } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#cluster = cluster;
    if (queues.every(({ expiresNs }) => expiresNs === Infinity)) return;
    this.#gone = context.arena.int32(`${id}.gone`, queues.length);
    this.#consumers = context.arena.int32(`${id}.queueConsumers`, queues.length);
    this.#generation = context.arena.int32(`${id}.uses`, queues.length);
  }

  /** All queues are declared; the time of those without consumers begins. */
  start(): void {
    this.#settings.queues.forEach((_, queue) => this.#await(queue));
  }

  /** Whether a queue is deleted. */
  isGone(queue: number): boolean {
    return this.#gone !== undefined && this.#gone.data[queue] === 1;
  }

  /** Those of some queues that are not deleted. */
  present(queues: readonly number[]): readonly number[] {
    if (this.#gone === undefined || !queues.some((queue) => this.isGone(queue))) return queues;
    return queues.filter((queue) => !this.isGone(queue));
  }

  /** A consumer has come. */
  consumerCame(queue: number): void {
    if (this.#consumers === undefined || this.#gone === undefined) return;
    if (this.#consumers.data[queue]!++ === 0) this.#generation!.data[queue]!++;
    if (this.#gone.data[queue] === 0) return;
    this.#gone.data[queue] = 0;
    const { id, name } = this.#settings.queues[queue]!;
    this.#context.note(id, `queue ${name} is declared anew`);
  }

  /** A consumer is gone. */
  consumerLeft(queue: number): void {
    if (this.#consumers === undefined) return;
    if (--this.#consumers.data[queue]! > 0) return;
    this.#generation!.data[queue]!++;
    this.#await(queue);
  }

  /** The time of a queue may be over. True when it is deleted now: the caller drops what is in it. */
  isOver(queue: number, generation: number): boolean {
    if (this.#gone === undefined || this.#generation!.data[queue] !== generation) return false;
    if (!this.#cluster.works(queue)) {
      // With its node the queue's clock stands still; it begins anew.
      this.#await(queue);
      return false;
    }
    this.#gone.data[queue] = 1;
    const { id, name } = this.#settings.queues[queue]!;
    this.#context.note(id, `queue ${name} is deleted: nobody has used it for its x-expires`);
    return true;
  }

  #await(queue: number): void {
    const { expiresNs } = this.#settings.queues[queue]!;
    if (this.#consumers === undefined || expiresNs === Infinity) return;
    if (this.#consumers.data[queue]! > 0 || this.isGone(queue)) return;
    this.#context.schedule(expiresNs, DISUSED, queue, this.#generation!.data[queue]!);
  }
}
