// A producer in a run: its source says when events come; each gets a key and is sent over every outgoing connection.

import { Clients } from "./arrivals/clients.ts";
import { OpenArrivals } from "./arrivals/openArrivals.ts";
import { Replay } from "./arrivals/replay.ts";
import type {
  Outlet,
  ProducerValues,
  ReplayPlan,
  Route,
  Source,
  SourcePlan,
} from "./arrivals/source.ts";
import type { ProducerContext, RunningNode } from "./context.ts";
import { KeySource } from "./keys.ts";

/** A producer as the run needs it. */
export interface ProducerPlan extends Route {
  readonly id: string;
  readonly values: ProducerValues;
  /** What it replays; undefined unless its arrivals are recorded. */
  readonly replay?: ReplayPlan | undefined;
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
    this.#source = createSource({ id, values, stopNs, outlet: this, context }, plan);
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

  sendRecorded(row: number): void {
    const { replay, firstKey } = this.#plan;
    const route = replay?.routes[replay.routeOf[row]!];
    // Nothing here carries the contract of that row.
    if (replay === undefined || route === undefined || isEmpty(route)) return;
    const number = replay.keys === undefined ? this.#keys.next() : replay.keys[row]!;
    const key = number < 0 ? -1 : firstKey + number;
    this.#context.arrived();
    for (const connection of route.publishes)
      this.#context.publishRecorded(connection, key, replay.sizes[row]!);
    for (const connection of route.calls) this.#context.callFirst(connection, key, -1);
  }
}

function isEmpty({ publishes, calls }: Route): boolean {
  return publishes.length + calls.length === 0;
}

const nothing: ReplayPlan = {
  timesNs: new Float64Array(0),
  periodNs: Infinity,
  keys: undefined,
  sizes: new Int32Array(0),
  routeOf: new Int32Array(0),
  routes: [],
};

function createSource(plan: SourcePlan, { replay, publishes, calls }: ProducerPlan): Source {
  const { arrivals } = plan.values;
  switch (arrivals) {
    case "closed":
      return new Clients(plan, publishes.length + calls.length);
    case "replay":
      return new Replay(plan, replay ?? nothing);
    default:
      return new OpenArrivals(plan, arrivals);
  }
}
