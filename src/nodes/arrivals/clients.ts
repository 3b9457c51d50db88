// A closed population: each client thinks, sends, waits until everything it sent has come to an end (a call is
// answered or given up, a publication confirmed or refused), and thinks again.

import { msToNs } from "../../base/units.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { Source, SourcePlan } from "./source.ts";

const THOUGHT = 0;

/** A client is absent, thinking, or waits for so many ends plus one while it sends. */
const ABSENT = -1;
const THINKING = 0;

/** The population of one producer. */
export class Clients implements Source {
  readonly #plan: SourcePlan;
  /** Number of connections over which each event goes. */
  readonly #links: number;
  readonly #population: Int32Column;
  /** What each client is at. */
  readonly #at: Int32Column;
  readonly #thoughts: Sampler;

  constructor(plan: SourcePlan, links: number) {
    const { arena } = plan.context;
    this.#plan = plan;
    this.#links = links;
    this.#population = arena.int32(`${plan.id}/population`, 1);
    this.#at = arena.int32(`${plan.id}/clients`);
    this.#thoughts = createSampler(plan.values.think, plan.context.random("think"));
  }

  start(): void {
    const { clients, rampUp } = this.#plan.values;
    this.#population.data[0] = clients;
    this.#makeRoom(clients);
    for (let client = 0; client < clients; client++)
      this.#think(client, msToNs((client * rampUp) / clients));
  }

  wake(_code: number, client: number): void {
    if (client >= this.#population.data[0]!) {
      this.#at.data[client] = ABSENT;
      return;
    }
    // One more than it waits for, so that an end while it still sends does not let it think already.
    this.#at.data[client] = this.#links + 1;
    this.#plan.outlet.send(client);
    this.ended(client);
  }

  ended(client: number): void {
    if (--this.#at.data[client]! === 0) this.#think(client, 0);
  }

  /** More clients begin to think now; of fewer the last ones leave when they have thought or got their answers. */
  set(parameter: string, value: number): void {
    if (parameter !== "clients") return;
    this.#population.data[0] = value;
    this.#makeRoom(value);
    for (let client = 0; client < value; client++)
      if (this.#at.data[client] === ABSENT) this.#think(client, 0);
  }

  #think(client: number, afterNs: number): void {
    const { context, stopNs } = this.#plan;
    const delayNs = afterNs + msToNs(this.#thoughts.sample());
    const stays = context.now() + delayNs < stopNs && client < this.#population.data[0]!;
    this.#at.data[client] = stays ? THINKING : ABSENT;
    if (stays) context.schedule(delayNs, THOUGHT, client, 0);
  }

  #makeRoom(clients: number): void {
    const from = this.#at.length;
    if (clients <= from) return;
    this.#at.resize(clients);
    this.#at.data.fill(ABSENT, from, clients);
  }
}
