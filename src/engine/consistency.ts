// Consistency in a run: the entities of its stores with versions, who is a replica of whom, what messages tell of them, and
// the anomalies. Absent where no store keeps versions.

import { type ValuesOf, valuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import { readFields, writeFields } from "../nodes/connections.ts";
import { store } from "../nodes/store.ts";
import { Anomalies } from "../nodes/stores/anomalies.ts";
import { Effects } from "../nodes/stores/effects.ts";
import { Entities } from "../nodes/stores/entities.ts";
import { Locks } from "../nodes/stores/locks.ts";
import { Replica } from "../nodes/stores/replica.ts";
import { ServiceData, type WritePlan } from "../nodes/stores/serviceData.ts";
import { Stamps } from "../nodes/stores/stamps.ts";
import { WaitingReads } from "../nodes/stores/waitingReads.ts";
import type { Plan } from "./compile.ts";
import { replicaPairs } from "./replicaPairs.ts";
import { wakeReader } from "./storeWaits.ts";
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
  /** Absent where nobody locks. */
  readonly locks: Locks | undefined;
  /** Absent where no read waits. */
  readonly waits: WaitingReads | undefined;
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
    this.locks = this.#openLocks(world);
    this.waits = this.#openWaits(world);
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

  #openLocks(world: World): Locks | undefined {
    const isLocked = this.entities.map((entities) =>
      this.writes.some((one) => one?.entities === entities && one?.values.check === "lock"),
    );
    if (!isLocked.some((one, number) => one && this.entities[number] !== undefined))
      return undefined;
    const { arena, clock } = world;
    const wake = (claimant: number, life: number): void => wakeReader(world, claimant, life, 0);
    return new Locks({ arena, clock, wake }, isLocked);
  }

  #openWaits(world: World): WaitingReads | undefined {
    const { connections } = world.plan.scenario;
    const waits = connections.some(
      (link) => link.kind === "read" && valuesOf(readFields, link.parameters ?? {}).waits,
    );
    if (!waits) return undefined;
    const { arena, clock } = world;
    const { replicas } = this;
    const wake = (reader: number, life: number, delayNs: number): void =>
      wakeReader(world, reader, life, delayNs);
    return new WaitingReads({ arena, clock, replicas, wake }, connections.length);
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
