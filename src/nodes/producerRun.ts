// A producer in a run: its source says when events come; each gets a key and is sent over every outgoing connection.

import { Clients } from "./arrivals/clients.ts";
import { OpenArrivals } from "./arrivals/openArrivals.ts";
import type { Outlet, ProducerValues, Source, SourcePlan } from "./arrivals/source.ts";
import type { ProducerContext, RunningNode } from "./context.ts";
import { KeySource } from "./keys.ts";

/** A producer as the run needs it. */
export interface ProducerPlan {
  readonly id: string;
  readonly values: ProducerValues;
  /** Rows of the connections over which it publishes and calls. */
  readonly publishes: readonly number[];
  readonly calls: readonly number[];
  /** First of its keys; keys of different producers never coincide. */
  readonly firstKey: number;
  /** When it stops [ns]. */
  readonly stopNs: number;
}

/** The running producer. */
export class ProducerRun implements RunningNode, Outlet {
  readonly #plan: ProducerPlan;
  readonly #context: ProducerContext;
  readonly #source: Source;
  readonly #keys: KeySource;

  constructor(plan: ProducerPlan, context: ProducerContext) {
    this.#plan = plan;
    this.#context = context;
    this.#keys = new KeySource(plan.id, plan.values, context);
    const { id, values, stopNs } = plan;
    const links = plan.publishes.length + plan.calls.length;
    this.#source = createSource({ id, values, stopNs, outlet: this, context }, links);
  }

  /** Sets out at time 0. */
  start(): void {
    this.#source.start();
  }

  wake(code: number, a: number, b: number): void {
    this.#source.wake(code, a, b);
  }

  /** Changes a live parameter. */
  set(parameter: string, value: number): void {
    this.#source.set(parameter, value);
  }

  /** What a client sent over one connection has come to its end, well or not. */
  ended(client: number): void {
    this.#source.ended(client);
  }

  send(client: number): void {
    const drawn = this.#keys.next();
    const key = drawn < 0 ? -1 : this.#plan.firstKey + drawn;
    this.#context.arrived();
    for (const connection of this.#plan.publishes)
      this.#context.publishFirst(connection, key, client);
    for (const connection of this.#plan.calls) this.#context.callFirst(connection, key, client);
  }
}

function createSource(plan: SourcePlan, links: number): Source {
  const { arrivals } = plan.values;
  return arrivals === "closed" ? new Clients(plan, links) : new OpenArrivals(plan, arrivals);
}
