// What a producer may do in a run: the verbs of nodes/context.ts on the world's books.

import type { Arena } from "../kernel/arena.ts";
import type { EventList } from "../kernel/eventList.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { ProducerContext } from "../nodes/context.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** The context of a producer. */
export class ProducerVerbs implements ProducerContext {
  readonly arena: Arena;
  readonly #world: World;
  readonly #events: EventList;
  readonly #component: number;
  readonly #firstCode: number;
  readonly #id: string;

  constructor(world: World, component: number, id: string) {
    this.arena = world.arena;
    this.#world = world;
    this.#events = world.events;
    this.#firstCode = component << codeBits;
    this.#component = component;
    this.#id = id;
  }

  now(): number {
    return this.#world.clock[0]!;
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#events.after(delayNs, this.#firstCode + code, a, b);
  }

  random(purpose: string): RandomStream {
    return this.#world.streams.stream(`${this.#id}/${purpose}`);
  }

  arrived(): void {
    this.#world.recorder.countHandled(this.#component);
  }

  publishFirst(connection: number, key: number, client: number): void {
    const message = this.#world.createMessage(connection, key, -1);
    if (client >= 0) this.#world.messages.await(message, client, 0);
    this.#world.publish(connection, message);
  }

  publishRecorded(connection: number, key: number, size: number): void {
    const message = this.#world.createMessage(connection, key, -1);
    if (size > 0) this.#world.messages.setSize(message, size);
    this.#world.publish(connection, message);
  }

  callFirst(connection: number, key: number, client: number): void {
    const message = this.#world.createMessage(connection, key, -1);
    this.#world.call(connection, message, client, 0);
  }
}
