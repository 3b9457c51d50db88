// How a service or function reads and writes stores: it gets the lock that it needs, waits for a place, takes the time of the
// operation, and then that takes effect. Part of the verbs of a service (nodeContext.ts).

import { assert } from "../base/assert.ts";
import { valuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Int32Column, Float64Column } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { Connection } from "../model/scenario.ts";
import { readFields, writeFields } from "../nodes/connections.ts";
import { atStore } from "../nodes/steps/atStore.ts";
import { outcome } from "../nodes/steps/kind.ts";
import type { Entities } from "../nodes/stores/entities.ts";
import type { WaitPlan } from "../nodes/stores/waitingReads.ts";
import type { ServiceData } from "../nodes/stores/serviceData.ts";
import { type Plan, storeTimeOf } from "./compile.ts";
import { capacityOf, readerOf, wakeReader } from "./storeWaits.ts";
import type { World } from "./world.ts";

/** What one connection into a store says about it. */
interface StoreLink {
  readonly time: Sampler;
  readonly lockTimeoutNs: number;
  /** Absent where its reads do not wait. */
  readonly wait: WaitPlan | undefined;
}

/** The access of one component to stores. */
export class StoreAccess {
  readonly #world: World;
  readonly #component: number;
  /** By connection row, where it is one of this component's. */
  readonly #links: readonly (StoreLink | undefined)[];
  /** Absent where no store keeps versions. */
  readonly #data: ServiceData | undefined;
  /** By worker, what it waits for before an operation (`atStore`), and how long that will take [ns]; absent where there
   *  are neither locks nor capacities. */
  readonly #stages: Int32Column | undefined;
  readonly #durations: Float64Column | undefined;

  /** `name` tells the state of an instance from that of others. */
  constructor(world: World, component: number, name: string) {
    const { plan, arena } = world;
    this.#world = world;
    this.#component = component;
    this.#data = world.consistency?.services[component];
    const own = plan.scenario.connections.map((link, row) =>
      plan.connections[row]!.from === component ? link : undefined,
    );
    this.#links = own.map((link, connection): StoreLink | undefined => {
      const duration = link && storeTimeOf(link);
      if (link === undefined || duration === undefined) return undefined;
      const values = valuesOf(readFields, link.kind === "read" ? (link.parameters ?? {}) : {});
      const isVersioned = world.consistency?.entities[plan.connections[connection]!.to];
      return {
        time: createSampler(duration, world.streams.stream(`${link.id}/${link.kind}`)),
        lockTimeoutNs: lockTimeoutNs(own, link.to),
        wait:
          link.kind === "read" && values.waits && isVersioned !== undefined
            ? { connection, values }
            : undefined,
      };
    });
    const hasStages = own.some((link, row) => {
      if (link === undefined || this.#links[row] === undefined) return false;
      const { to } = plan.connections[row]!;
      return hasCapacity(plan.components[to]) || world.consistency?.locks !== undefined;
    });
    if (!hasStages) return;
    this.#stages = arena.int32(`${name}/store-stages`);
    this.#durations = arena.float64(`${name}/store-durations`);
  }

  /** What a worker waits for before its operation begins; one of `atStore`. */
  stage(worker: number): number {
    return this.#stages?.data[worker] ?? atStore.operating;
  }

  /** Asks for the lock of a message's entity in the store of a connection. */
  lock(connection: number, message: number, worker: number, life: number): number {
    const world = this.#world;
    const locks = world.consistency?.locks;
    const entities = this.#entities(connection);
    const key = message < 0 ? -1 : world.messages.key(message);
    if (locks === undefined || entities === undefined || key < 0) return outcome.done;
    const timeoutNs = this.#links[connection]!.lockTimeoutNs;
    const entity = entities.row(key);
    const claimant = this.#reader(worker);
    const isNew = this.stage(worker) !== atStore.inLine;
    const what = locks.ask({ store: entities.number, entity, claimant, life, timeoutNs });
    this.#setStage(worker, what === outcome.underWay ? atStore.inLine : atStore.operating);
    if (what === outcome.underWay && isNew) wakeReader(world, claimant, life, timeoutNs);
    return what;
  }

  /** Lets go of all locks of a worker, and of what it waits for. */
  unlock(worker: number): void {
    this.#world.consistency?.waits?.forget(this.#reader(worker));
    if (this.#stages === undefined) return;
    this.#setStage(worker, atStore.operating);
    this.#world.consistency?.locks?.release(this.#reader(worker));
  }

  /** How long an operation waits for a place [ns]. */
  waitNs(connection: number, message: number, worker: number): number {
    const capacity = capacityOf(this.#world, this.#world.plan.connections[connection]!.to);
    if (capacity === undefined) return 0;
    const durationNs = this.#durationNs(connection, message, worker);
    if (worker >= this.#durations!.length) this.#durations!.resize(worker + 1);
    this.#durations!.data[worker] = durationNs;
    this.#setStage(worker, atStore.waiting);
    return capacity.takeOn(this.#world.clock[0]!, durationNs);
  }

  /** Begins an operation; how long it takes [ns]. */
  beginNs(connection: number, message: number, worker: number): number {
    if (this.#world.isLogging) this.#world.logStore("begins", connection, message, worker);
    const isDrawn = this.stage(worker) === atStore.waiting;
    const durationNs = isDrawn
      ? this.#durations!.data[worker]!
      : this.#durationNs(connection, message, worker);
    if (this.#stages !== undefined) this.#setStage(worker, atStore.operating);
    const write = this.#world.consistency?.writes[connection];
    if (write !== undefined) this.#data!.beginWrite(write, worker, message);
    // On the way it takes no place in the store.
    const { network } = this.#world;
    return network.isBusy ? durationNs + network.storeNs(connection, message) : durationNs;
  }

  /** A read has come to its end; an outcome of a step. */
  read(connection: number, message: number, worker: number, life: number): number {
    const world = this.#world;
    if (world.network.isBusy && world.network.isSilent(connection)) return outcome.failed;
    const { to } = world.plan.connections[connection]!;
    const entities = world.consistency?.entities[to];
    if (entities !== undefined) {
      const { wait } = this.#links[connection]!;
      if (wait !== undefined) {
        const awaited = this.#data!.awaited(entities, worker, message);
        const what = world.consistency!.waits!.ask(wait, this.#reader(worker), life, awaited);
        if (what !== outcome.done) return what;
      }
      this.#data!.read(entities, worker, message);
    }
    world.ledger.read.data[connection]!++;
    if (message < 0) return outcome.done;
    world.move(connection, message, "response");
    if (world.isLogging) world.logStore("over", connection, message, worker);
    return outcome.done;
  }

  /** A write has come to its end; an outcome of a step. */
  write(connection: number, message: number, worker: number): number {
    const { network } = this.#world;
    if (!network.isBusy || !network.isSilent(connection))
      return this.#write(connection, message, worker);
    if (network.isCutTo(connection)) return outcome.failed;
    // Done, but the answer is lost: the client does not know.
    const what = this.#write(connection, message, worker);
    return what === outcome.done ? outcome.failed : what;
  }

  #write(connection: number, message: number, worker: number): number {
    const world = this.#world;
    const write = world.consistency?.writes[connection];
    const what = write === undefined ? outcome.done : this.#data!.write(write, worker, message);
    if (write !== undefined && this.#stages !== undefined)
      this.#letGo(write.entities, message, worker);
    if (what !== outcome.done) return what;
    const { to } = world.plan.connections[connection]!;
    const store = world.components[to]!;
    assert(store.kind === "store", "only stores are written.");
    store.run.write(message < 0 ? -1 : world.messages.key(message));
    world.ledger.written.data[connection]!++;
    world.recorder.countHandled(to);
    if (message < 0) return outcome.done;
    world.move(connection, message, "write");
    if (world.isLogging) world.logStore("over", connection, message, worker);
    return outcome.done;
  }

  /** The write is part of the store: its lock goes with it. */
  #letGo(entities: Entities, message: number, worker: number): void {
    const key = message < 0 ? -1 : this.#world.messages.key(message);
    if (key < 0) return;
    const locks = this.#world.consistency?.locks;
    locks?.releaseOne(this.#reader(worker), entities.number, entities.row(key));
  }

  #durationNs(connection: number, message: number, worker: number): number {
    const ownNs = msToNs(this.#links[connection]!.time.sample());
    const entities = this.#entities(connection);
    if (entities === undefined) return ownNs;
    const write = this.#world.consistency!.writes[connection];
    if (write === undefined) return ownNs + this.#data!.loadNs(entities, message);
    return ownNs + this.#data!.loadBeforeNs(write, worker, message);
  }

  #entities(connection: number): Entities | undefined {
    const world = this.#world;
    return world.consistency?.entities[world.plan.connections[connection]!.to];
  }

  /** Number of a worker among those of the run. */
  #reader(worker: number): number {
    return readerOf(this.#world, this.#component, worker);
  }

  #setStage(worker: number, stage: number): void {
    const stages = this.#stages!;
    if (worker >= stages.length) stages.resize(worker + 1);
    stages.data[worker] = stage;
  }
}

/** How long the writes with a lock wait that a component makes into a store [ns]. */
function lockTimeoutNs(own: readonly (Connection | undefined)[], store: string): number {
  for (const link of own) {
    if (link?.kind !== "write" || link.to !== store) continue;
    const { check, lockTimeout } = valuesOf(writeFields, link.parameters ?? {});
    if (check === "lock") return msToNs(lockTimeout);
  }
  return 0;
}

function hasCapacity(component: Plan["components"][number] | undefined): boolean {
  return component?.kind === "store" && component.plan.capacity !== null;
}
