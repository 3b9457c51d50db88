// What a service may do with the stores that it is connected with: read and write, and how long that takes.

import { assert } from "../base/assert.ts";
import { msToNs } from "../base/units.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import { outcome } from "../nodes/steps/kind.ts";
import type { ServiceData } from "../nodes/stores/serviceData.ts";
import { storeTimeOf } from "./compile.ts";
import type { World } from "./world.ts";

/** The stores of one service, or of one of its instances. */
export class StoreVerbs {
  readonly #world: World;
  /** Absent where no store keeps versions. */
  readonly #data: ServiceData | undefined;
  /** By connection row, where it is one of this service's. */
  readonly #times: readonly (Sampler | undefined)[];

  constructor(world: World, component: number) {
    const { connections, scenario } = world.plan;
    this.#world = world;
    this.#data = world.consistency?.services[component];
    this.#times = scenario.connections.map((link, row) => {
      const duration = connections[row]!.from === component ? storeTimeOf(link) : undefined;
      return duration && createSampler(duration, world.streams.stream(`${link.id}/${link.kind}`));
    });
  }

  /** Begins a write or read and draws how long it takes [ns]. */
  timeNs(connection: number, message: number, worker: number): number {
    const ns = this.#usualNs(connection, message, worker);
    const { network } = this.#world;
    return network.isBusy ? ns + network.storeNs(connection, message) : ns;
  }

  #usualNs(connection: number, message: number, worker: number): number {
    const ownNs = msToNs(this.#times[connection]!.sample());
    const { consistency, plan } = this.#world;
    if (consistency === undefined) return ownNs;
    const entities = consistency.entities[plan.connections[connection]!.to];
    if (entities === undefined) return ownNs;
    const write = consistency.writes[connection];
    if (write !== undefined) return ownNs + this.#data!.beginWrite(write, worker, message);
    return ownNs + this.#data!.loadNs(entities, message);
  }

  /** Reads a message's entity: an outcome of a step. */
  read(connection: number, message: number, worker: number): number {
    const world = this.#world;
    if (world.network.isBusy && world.network.isSilent(connection)) return outcome.failed;
    const { to } = world.plan.connections[connection]!;
    const entities = world.consistency?.entities[to];
    if (entities !== undefined) this.#data!.read(entities, worker, message);
    world.ledger.read.data[connection]!++;
    if (message >= 0) world.move(connection, message, "response");
    return outcome.done;
  }

  /** Writes a message's entity: an outcome of a step. */
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
    if (what !== outcome.done) return what;
    const { to } = world.plan.connections[connection]!;
    const store = world.components[to]!;
    assert(store.kind === "store", "only stores are written.");
    store.run.write(message < 0 ? -1 : world.messages.key(message));
    world.ledger.written.data[connection]!++;
    world.recorder.countHandled(to);
    if (message >= 0) world.move(connection, message, "write");
    return outcome.done;
  }
}
