// Consumers whose broker hears nothing of them: when it takes them for gone, what becomes of what they hold, and how they
// come back. A worker that is cut off goes on with what it has and cannot acknowledge it: the broker gives it to others.

import { type ConsumeManners, consumeMannersOf } from "../../brokers/networkManners.ts";
import type { Departure } from "../../brokers/technology.ts";
import { nameOf, parametersOf } from "../../model/elements.ts";
import type { World } from "../world.ts";
import { brokerBehind } from "./conditions.ts";
import { Absences, zombieStates } from "./absences.ts";
import { RECONNECT_NS, type Ways } from "./ways.ts";

/** What it needs of the network. */
export interface SilenceOwner {
  notice(row: number, timer: number, delayNs: number): void;
  rejoin(row: number, timer: number, delayNs: number): void;
  /** A worker is gone: nothing of it is under way any more. */
  dropItems(row: number, worker: number, how: Departure): void;
}

/** The consumers of a run, as far as the network concerns them. */
export class SilentConsumers {
  readonly #world: World;
  readonly #ways: Ways;
  readonly #owner: SilenceOwner;
  /** By row of the connection; absent where nobody consumes. */
  readonly #manners: ReadonlyMap<number, ConsumeManners>;
  readonly absences: Absences;

  constructor(world: World, ways: Ways, owner: SilenceOwner) {
    const { scenario } = world.plan;
    this.#world = world;
    this.#ways = ways;
    this.#owner = owner;
    this.#manners = new Map(
      scenario.connections.flatMap((link, row) => {
        if (link.kind !== "consume" && link.kind !== "bridge") return [];
        const technology = brokerBehind(scenario, link.from)?.technology ?? "";
        const connection = parametersOf(scenario, link.id);
        return [[row, consumeMannersOf({ technology, connection })] as const];
      }),
    );
    this.absences = new Absences(world.arena, [...this.#manners.keys()]);
  }

  isQuiet(): boolean {
    return this.absences.isQuiet();
  }

  /** Connections whose broker hears nothing of its consumers. */
  silentRows(): ReadonlySet<number> {
    return new Set([...this.#manners.keys()].filter((row) => this.#ways.isSilent(row)));
  }

  /** Faults have begun or ended since these connections were the silent ones. */
  changed(before: ReadonlySet<number>): void {
    for (const [row, { noticeNs }] of this.#manners) {
      const isSilent = this.#ways.isSilent(row);
      if (isSilent === before.has(row)) continue;
      const timer = this.#ways.renewTimer(2 * row, "silence");
      if (!isSilent) this.#owner.rejoin(row, timer, RECONNECT_NS);
      else if (noticeNs < Infinity) this.#owner.notice(row, timer, noticeNs);
    }
  }

  /** A broker notices that the consumers of a connection are silent. */
  notice(row: number, timer: number): void {
    if (!this.#ways.isTimer(2 * row, "silence", timer)) return;
    const { plan } = this.#world;
    const broker = this.#world.brokerOf(row);
    const workers = this.absences
      .joined(row)
      .filter((worker) => !this.absences.isAway(row, worker));
    for (const worker of workers) {
      this.#owner.dropItems(row, worker, "silent");
      this.#bury(row, worker);
      this.absences.setAway(row, worker);
      this.#ways.count("consumers taken for gone");
      broker.leave(row, worker, this.#manners.get(row)!.as);
    }
    const { id } = plan.scenario.connections[row]!;
    if (workers.length > 0)
      this.#world.note(
        id,
        `${nameOf(plan.document, id)}: the broker takes its silent consumers for gone`,
      );
  }

  /** The network is whole again, and the workers connect anew. */
  rejoin(row: number, timer: number): void {
    if (!this.#ways.isTimer(2 * row, "silence", timer)) return;
    for (const worker of this.absences.takeBack(row)) this.#world.brokerOf(row).join(row, worker);
  }

  /** What a worker holds is its own no more, though it does not know: the row of each delivery stays until it is through. */
  #bury(row: number, worker: number): void {
    const { deliveries } = this.#world;
    const held = this.#heldBy(row, worker);
    for (const delivery of held)
      if (!this.absences.isSettled(delivery) && deliveries.subscription(delivery) === row)
        this.absences.zombies.set(delivery, zombieStates.held);
  }

  /** Deliveries that have reached a worker and are not forgotten. */
  #heldBy(row: number, worker: number): readonly number[] {
    return this.#world.deliveries.heldBy(row, worker);
  }

  /** A worker settles a delivery: whether nobody wants to know. */
  settles(delivery: number): boolean {
    const state = this.absences.zombies.of(delivery);
    if (state === zombieStates.none) return false;
    if (state === zombieStates.forgotten) this.#free(delivery);
    else this.absences.zombies.set(delivery, zombieStates.settled);
    return true;
  }

  /** A broker forgets a delivery: whether its row has to stay, because a worker holds it. */
  forgets(delivery: number): boolean {
    const state = this.absences.zombies.of(delivery);
    if (state === zombieStates.held) {
      this.absences.zombies.set(delivery, zombieStates.forgotten);
      return true;
    }
    if (state === zombieStates.settled) this.absences.zombies.set(delivery, zombieStates.none);
    return false;
  }

  #free(delivery: number): void {
    this.absences.zombies.set(delivery, zombieStates.none);
    this.#world.messages.release(this.#world.deliveries.message(delivery));
    this.#world.deliveries.give(delivery);
  }

  /** A worker wants to be a consumer: whether it has to wait for the network. */
  joins(row: number, worker: number): boolean {
    if (!this.#ways.isSilent(row)) return false;
    this.absences.setAway(row, worker);
    return true;
  }

  /** A worker is a consumer no more: whether its broker knows already. */
  leaves(row: number, worker: number, how: Departure): boolean {
    this.#owner.dropItems(row, worker, how);
    for (const delivery of this.#heldBy(row, worker)) {
      const state = this.absences.zombies.of(delivery);
      if (state === zombieStates.forgotten) this.#free(delivery);
      else if (state === zombieStates.held)
        this.absences.zombies.set(delivery, zombieStates.settled);
    }
    const wasAway = this.absences.isAway(row, worker);
    this.absences.giveUp(row, worker);
    return wasAway;
  }
}
