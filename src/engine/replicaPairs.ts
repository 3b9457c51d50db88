// Which store is a replica of which other: the steps of all handlers are walked, from where messages enter, with every
// store of which a message that they handle may tell, until nothing new is found.

import type { Handler } from "../nodes/servicePlan.ts";
import type { Step } from "../nodes/steps/kind.ts";
import { writeFields } from "../nodes/connections.ts";
import { valuesOf } from "../base/fields.ts";
import type { Plan } from "./compile.ts";

/** A store, and another of which it is a replica: numbers of components. */
export interface ReplicaPair {
  readonly store: number;
  readonly source: number;
}

/** The plan as far as it matters here: what handlers do, and what is connected with what. */
export type Drawing = Pick<Plan, "scenario" | "components" | "connections" | "rowOf">;

/** Stores of which a message may tell; −1 for a message that tells of none. */
type Told = Set<number>;

/** All pairs of stores with versions, in the order of the stores. */
export function replicaPairs(
  plan: Drawing,
  isVersioned: (component: number) => boolean,
): readonly ReplicaPair[] {
  const walk = new Walk(plan, isVersioned);
  plan.scenario.connections.forEach((_, row) => {
    const { from } = plan.connections[row]!;
    const { kind } = plan.components[from] ?? { kind: "none" };
    if (kind === "producer") walk.send(row, new Set([-1]));
    // A store that keeps events hands them over to those who subscribe.
    else if (kind === "store") walk.send(row, new Set([from]));
  });
  for (const component of plan.components)
    if (component.kind === "service")
      for (const { handler } of component.plan.timers) walk.begin(handler);
  return walk.pairs();
}

/** A growing set of what is known, and a list of what is to be looked at again. */
class Walk {
  readonly #plan: Drawing;
  readonly #isVersioned: (component: number) => boolean;
  /** By service and contract: of what its messages may tell, and of what its answers may. */
  readonly #incoming = new Map<string, Told>();
  readonly #answers = new Map<string, Told>();
  /** By store: of which stores it is a replica. */
  readonly #sources = new Map<number, Told>();
  /** Stores that commit versions of their own. */
  readonly #committing = new Set<number>();
  #hasGrown = false;

  constructor(plan: Drawing, isVersioned: (component: number) => boolean) {
    this.#plan = plan;
    this.#isVersioned = isVersioned;
  }

  /** The pairs, once nothing new is found. */
  pairs(): readonly ReplicaPair[] {
    // Sets only grow, and there are finitely many of them: this ends.
    do {
      this.#hasGrown = false;
      for (const place of this.#incoming.keys()) this.#handle(place);
    } while (this.#hasGrown);
    return [...this.#sources]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([store, sources]) =>
        [...sources]
          .filter((source) => this.#committing.has(source))
          .toSorted((a, b) => a - b)
          .map((source) => ({ store, source })),
      );
  }

  /** A service does something by itself. */
  begin(handler: Handler): void {
    this.#run(handler, new Set([-1]));
  }

  /** Something that tells of these stores goes over a connection. */
  send(row: number, told: Told): void {
    const { contract, to } = this.#plan.connections[row]!;
    const link = this.#plan.scenario.connections[row]!;
    const ends = link.kind === "publish" ? this.#consumersOf(link.to) : [to];
    for (const end of ends)
      if (this.#plan.components[end]?.kind === "bridge") this.#passOn(end, contract, told);
      else this.#add(this.#incoming, placeOf(end, contract), told);
  }

  #passOn(bridge: number, contract: number, told: Told): void {
    this.#plan.scenario.connections.forEach((link, row) => {
      const plan = this.#plan.connections[row]!;
      if (link.kind === "publish" && plan.from === bridge && plan.contract === contract)
        this.send(row, told);
    });
  }

  /** Services and bridges that may get what is published into a channel. */
  #consumersOf(channel: string): readonly number[] {
    const channels = new Set([channel]);
    const consumers = new Set<number>();
    for (const from of channels)
      this.#plan.scenario.connections.forEach((link, row) => {
        if (link.from !== from) return;
        if (link.kind === "bind") channels.add(link.to);
        else consumers.add(this.#plan.connections[row]!.to);
      });
    return [...consumers];
  }

  #handle(place: string): void {
    const [service = -1, contract = -1] = place.split("/").map(Number);
    const component = this.#plan.components[service];
    if (component?.kind !== "service") return this.#relay(service, contract);
    const handler: Handler | undefined = component.plan.handlers[contract];
    if (handler === undefined) return;
    const incoming = this.#incoming.get(place)!;
    this.#add(this.#answers, place, this.#run(handler, incoming));
  }

  /** What is told at the end of a handler when all goes well. */
  #run(handler: Handler, incoming: Told): Told {
    const onTheWay: Told = new Set(incoming);
    const atEnd = this.#follow(handler.steps, incoming, onTheWay);
    this.#follow(handler.whenRefused, new Set(onTheWay), onTheWay);
    this.#follow(handler.whenFailed, new Set(onTheWay), onTheWay);
    for (const { undo } of handler.steps)
      if (undo !== undefined) this.#follow([undo], new Set(onTheWay), onTheWay);
    return atEnd;
  }

  /** What passes requests on, such as a gateway, asks others with what it was told. */
  #relay(component: number, contract: number): void {
    const told = this.#incoming.get(placeOf(component, contract))!;
    this.#plan.connections.forEach(({ from, contract: asked }, row) => {
      const { kind } = this.#plan.scenario.connections[row]!;
      if (from === component && kind === "call" && asked === contract) this.send(row, told);
    });
  }

  /** What is told after some steps; everything that was told on the way is added to `onTheWay`. */
  #follow(steps: readonly Step[], told: Told, onTheWay: Told): Told {
    let now = told;
    for (const step of steps) {
      now = this.#after(step, now);
      for (const one of now) onTheWay.add(one);
    }
    return now;
  }

  #after({ kind, connection }: Step, told: Told): Told {
    const { to, contract } = this.#plan.connections[connection] ?? { to: -1, contract: -1 };
    switch (kind.does) {
      case "publish":
        this.send(connection, told);
        return told;
      case "call": {
        this.send(connection, told);
        const answer = this.#answers.get(placeOf(to, contract)) ?? new Set([-1]);
        return new Set([...answer].flatMap((one) => (one < 0 ? [...told] : [one])));
      }
      case "write":
        return this.#isVersioned(to) ? this.#written(connection, to, told) : told;
      case "read":
        return this.#isVersioned(to) ? this.#read(to) : told;
      case "work":
        return told;
    }
  }

  #written(connection: number, store: number, told: Told): Told {
    const { parameters } = this.#plan.scenario.connections[connection]!;
    const { change } = valuesOf(writeFields, parameters ?? {});
    const takesOver = change === "note" || change === "add change";
    const after: Told = new Set();
    for (const source of told)
      if (takesOver && source >= 0 && source !== store) {
        this.#add(this.#sources, store, new Set([source]));
        after.add(source);
      } else {
        if (!this.#committing.has(store)) this.#hasGrown = true;
        this.#committing.add(store);
        after.add(store);
      }
    return after;
  }

  #read(store: number): Told {
    const known: Told = new Set(this.#sources.get(store));
    if (this.#committing.has(store) || known.size === 0) known.add(store);
    return known;
  }

  #add<Key>(sets: Map<Key, Told>, key: Key, more: Told): void {
    const known = sets.get(key) ?? new Set();
    const before = known.size;
    for (const one of more) known.add(one);
    sets.set(key, known);
    if (known.size > before) this.#hasGrown = true;
  }
}

function placeOf(service: number, contract: number): string {
  return `${service}/${contract}`;
}
