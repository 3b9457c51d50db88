// What bridges may do in a run: the verbs of nodes/context.ts on the world's books. To the broker of its source a bridge is
// a subscription, to that of its target a publisher for each contract.

import type { Departure, Verdict } from "../brokers/technology.ts";
import type { Arena, Int32Column } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { BridgeContext, Slot } from "../nodes/context.ts";
import type { NodeHistory } from "./recorder.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** The context of a bridge. */
export class BridgeVerbs implements BridgeContext {
  readonly arena: Arena;
  readonly deliveryNext: Int32Column;
  readonly #world: World;
  readonly #component: number;
  readonly #firstCode: number;
  readonly #id: string;
  /** Row of its connection, which is its subscription. */
  readonly #row: number;
  readonly #history: NodeHistory;

  constructor(world: World, component: number, id: string) {
    this.arena = world.arena;
    this.deliveryNext = world.deliveries.next;
    this.#world = world;
    this.#component = component;
    this.#firstCode = component << codeBits;
    this.#id = id;
    this.#row = world.plan.rowOf.connection.get(id) ?? -1;
    this.#history = world.recorder.nodes[component]!;
  }

  now(): number {
    return this.#world.clock[0]!;
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#world.events.after(delayNs, this.#firstCode + code, a, b);
  }

  random(purpose: string): RandomStream {
    return this.#world.streams.stream(`${this.#id}/${purpose}`);
  }

  join(task: number): void {
    if (this.#world.network.joins(this.#row, task)) return;
    this.#world.brokerOf(this.#row).join(this.#row, task);
  }

  leave(task: number, how: Departure): void {
    if (this.#world.network.leaves(this.#row, task, how)) return;
    this.#world.brokerOf(this.#row).leave(this.#row, task, how);
  }

  settle(delivery: number, verdict: Verdict): void {
    const { network } = this.#world;
    network.absences.settle(delivery);
    if (network.isBusy && network.settles(this.#row, delivery, verdict)) return;
    this.#world.brokerOf(this.#row).settle(delivery, verdict);
  }

  waiting(): number {
    return this.#world.brokerOf(this.#row).waiting(this.#row);
  }

  contractOf(delivery: number): number {
    const { messages, plan } = this.#world;
    return plan.connections[messages.connection(this.#messageOf(delivery))]!.contract;
  }

  pass(connection: number, delivery: number, { slot, turn, isKeyKept }: Slot): void {
    const world = this.#world;
    const cause = this.#messageOf(delivery);
    const key = isKeyKept ? world.messages.key(cause) : -1;
    const message = world.createMessage(connection, key, cause);
    world.messages.setSize(message, world.messages.size(cause));
    world.messages.await(message, slot, turn);
    world.publish(connection, message);
  }

  started(delivery: number): void {
    this.#log("started", delivery, "");
  }

  handled(delivery: number, failure: string): void {
    const { recorder, deliveries } = this.#world;
    this.#history.latency.record(this.now() - deliveries.deliveredNs(delivery));
    if (failure === "") recorder.countHandled(this.#component);
    else recorder.countFailed(this.#component, failure);
    this.#log(failure === "" ? "handled" : "failed", delivery, failure);
  }

  retried(delivery: number, reason: string): void {
    this.#log("retried", delivery, reason);
  }

  staffed(tasks: number, busy: number): void {
    const history = this.#history;
    if (tasks !== history.workers.level()) history.workers.set(this.now(), tasks);
    if (busy !== history.busy.level()) history.busy.set(this.now(), busy);
  }

  occupied(inside: number): void {
    this.#history.inside.set(this.now(), inside);
  }

  note(sentence: string): void {
    this.#world.note(this.#id, sentence);
  }

  #messageOf(delivery: number): number {
    return this.#world.deliveries.message(delivery);
  }

  #log(
    event: "started" | "handled" | "failed" | "retried",
    delivery: number,
    reason: string,
  ): void {
    const message = this.#messageOf(delivery);
    if (!this.#world.hears(message)) return;
    const about = { consumer: this.#id, ...(reason === "" ? {} : { reason }) };
    this.#world.log(event, message, about);
  }
}
