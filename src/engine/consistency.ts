// Consistency in a run: the entities of its stores with versions, who is a replica of whom, what messages tell of them, and
// the anomalies. Absent where no store keeps versions.

import { type ValuesOf, valuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import { writeFields } from "../nodes/connections.ts";
import { store } from "../nodes/store.ts";
import { Anomalies } from "../nodes/stores/anomalies.ts";
import { Effects } from "../nodes/stores/effects.ts";
import { Entities } from "../nodes/stores/entities.ts";
import { Replica } from "../nodes/stores/replica.ts";
import { ServiceData, type WritePlan } from "../nodes/stores/serviceData.ts";
import { Stamps } from "../nodes/stores/stamps.ts";
import type { Plan } from "./compile.ts";
import { replicaPairs } from "./replicaPairs.ts";
import type { World } from "./world.ts";

/** Everything that a run knows of versions. */
export class Consistency {
  /** By handle of a message. */
  readonly stamps: Stamps;
  readonly anomalies: Anomalies;
  readonly replicas: readonly Replica[];
  /** By number of the component, where it is a store with versions. */
  readonly entities: readonly (Entities | undefined)[];
  /** By row of the connection, where it writes into one. */
  readonly writes: readonly (WritePlan | undefined)[];
  /** By number of the component, where it is a service. */
  readonly services: readonly (ServiceData | undefined)[];

  constructor(world: World) {
    const { arena, clock, plan, messages } = world;
    this.stamps = new Stamps(arena, "message");
    this.anomalies = new Anomalies(arena, clock, plan.components.length);
    this.entities = plan.components.map((_, number) => {
      const values = storeValues(plan, number);
      return values?.versions ? new Entities(arena, plan.ids[number]!, number, values) : undefined;
    });
    this.writes = plan.scenario.connections.map((link, row) => {
      const entities = this.entities[plan.connections[row]!.to];
      if (link.kind !== "write" || entities === undefined) return undefined;
      const values = valuesOf(writeFields, link.parameters ?? {});
      return { entities, values, effects: new Effects(arena, link.id) };
    });
    this.replicas = replicaPairs(plan, (number) => this.entities[number] !== undefined).map(
      ({ store: at, source }) => {
        const name = `${plan.ids[at]!}/of/${plan.ids[source]!}`;
        const limitNs = msToNs(this.entities[at]!.values.stalenessLimit);
        return new Replica(arena, name, { store: at, source, limitNs });
      },
    );
    for (const replica of this.replicas) {
      this.entities[replica.source]!.followers.push(replica);
      this.entities[replica.store]!.replicas.push(replica);
    }
    const context = {
      arena,
      clock,
      anomalies: this.anomalies,
      stamps: this.stamps,
      // What a service does by itself has no message (−1), and so no key.
      keyOf: (message: number) => (message < 0 ? -1 : messages.key(message)),
      idOf: (message: number) => messages.id(message),
      sizeOf: (message: number) => messages.size(message),
      entitiesOf: (number: number) => this.entities[number]!,
    };
    this.services = plan.components.map((component, number) =>
      component.kind === "service" || plan.scenario.nodes[number]?.kind === "function"
        ? new ServiceData(context, plan.ids[number]!)
        : undefined,
    );
  }

  /** A message was made, as the consequence of another (or of none, −1), and tells what that told. */
  created(message: number, cause: number): void {
    if (cause < 0) this.stamps.clear(message);
    else this.stamps.copy(message, this.stamps, cause);
  }
}

/** Whether any store keeps versions. */
export function hasVersionedStores(plan: Plan): boolean {
  return plan.components.some((_, number) => storeValues(plan, number)?.versions === true);
}

function storeValues(plan: Plan, number: number): ValuesOf<(typeof store)["fields"]> | undefined {
  const node = plan.scenario.nodes[number];
  return node?.kind === "store" ? valuesOf(store.fields, node.parameters ?? {}) : undefined;
}
