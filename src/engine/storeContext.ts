// What a store may do in a run that has subscriptions: it asks services with its events, each of which tells of the version
// that it led to.

import type { Arena } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { StoreContext } from "../nodes/stores/logReader.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** The context of a store that keeps events. */
export class StoreVerbs implements StoreContext {
  readonly arena: Arena;
  readonly #world: World;
  readonly #component: number;
  readonly #id: string;

  constructor(world: World, component: number, id: string) {
    this.arena = world.arena;
    this.#world = world;
    this.#component = component;
    this.#id = id;
  }

  now(): number {
    return this.#world.clock[0]!;
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#world.schedule(delayNs, (this.#component << codeBits) + code, a, b);
  }

  random(purpose: string): RandomStream {
    return this.#world.streams.stream(`${this.#id}/${purpose}`);
  }

  handOver(connection: number, event: number, slot: number, subscription: number): void {
    const { stamps, entities: stores } = this.#world.consistency!;
    const entities = stores[this.#component]!;
    const log = entities.log!;
    const key = entities.keyAt(log.entity(event));
    const message = this.#world.createMessage(connection, key, -1);
    stamps.written(message, this.#component, key, log.version(event));
    stamps.setValue(message, log.value(event), log.value(event) - log.valueBefore(event));
    this.#world.call(connection, message, slot, subscription);
  }
}
