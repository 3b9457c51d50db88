// What services may do in a run: the verbs of nodes/context.ts on the world's books. Methods of
// classes, not closures per node, for the reason that brokerContext.ts gives.

import type { Departure, Verdict } from "../brokers/technology.ts";
import type { Arena, Int32Column } from "../kernel/arena.ts";
import type { EventList } from "../kernel/eventList.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { MessageHappening } from "../model/events.ts";
import type { FunctionContext, Spreads } from "../nodes/context.ts";
import { outboxWaiter, type OutboxTry } from "../nodes/patterns/outbox.ts";
import type { ServiceData } from "../nodes/stores/serviceData.ts";
import type { Deliveries } from "./deliveries.ts";
import type { InstanceStates } from "../nodes/instanceStates.ts";
import type { Seat } from "./seat.ts";
import type { Messages } from "./messages.ts";
import type { NodeHistory } from "./recorder.ts";
import { StoreAccess } from "./storeAccess.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** What is said of one attempt of a worker. */
interface Attempt {
  readonly worker: number;
  readonly attempt?: number;
  readonly reason?: string;
}

/** The context of a service (or of one of its instances) or station; the platform of a function may do a little more. */
export class ServiceVerbs implements FunctionContext {
  readonly arena: Arena;
  readonly deliveryNext: Int32Column;
  readonly spreads: Spreads;
  readonly #world: World;
  readonly #events: EventList;
  readonly #firstCode: number;
  readonly #clock: Float64Array;
  readonly #messages: Messages;
  readonly #deliveries: Deliveries;
  readonly #component: number;
  readonly #id: string;
  readonly #history: NodeHistory;
  readonly #stores: StoreAccess;
  /** By connection row, where it is one of this service's. */
  readonly #chances: readonly (RandomStream | undefined)[];
  /** Absent where no store keeps versions. */
  readonly #data: ServiceData | undefined;
  /** Of several instances of a service, which one this is, of how many at most; 0 of 1 where there are none. */
  readonly #instance: number;
  readonly #instances: number;
  readonly #states: InstanceStates | undefined;
  readonly #random: string;

  constructor(world: World, component: number, id: string, seat?: Seat) {
    this.arena = world.arena;
    this.#data = world.consistency?.services[component];
    this.deliveryNext = world.deliveries.next;
    this.spreads = world.outgoing;
    this.#world = world;
    this.#events = world.events;
    this.#firstCode = component << codeBits;
    this.#clock = world.clock;
    this.#messages = world.messages;
    this.#deliveries = world.deliveries;
    this.#component = component;
    this.#id = id;
    this.#instance = seat?.instance ?? 0;
    this.#instances = seat?.instances ?? 1;
    this.#states = seat?.states;
    this.#random = seat === undefined ? id : `${id}/${seat.instance}`;
    this.#history = world.recorder.nodes[component]!;
    this.#stores = new StoreAccess(world, component, this.#random);
    this.#chances = world.plan.scenario.connections.map((link, row) =>
      link.kind === "publish" && world.plan.connections[row]!.from === component
        ? world.streams.stream(`${link.id}/probability`)
        : undefined,
    );
  }

  now(): number {
    return this.#clock[0]!;
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#events.after(delayNs, this.#firstCode + code, a * this.#instances + this.#instance, b);
  }

  random(purpose: string): RandomStream {
    return this.#world.streams.stream(`${this.#random}/${purpose}`);
  }

  // Brokers.

  join(subscription: number, worker: number): void {
    const number = this.#number(worker);
    if (this.#world.network.joins(subscription, number)) return;
    this.#world.brokerOf(subscription).join(subscription, number);
  }

  leave(subscription: number, worker: number, how: Departure): void {
    const number = this.#number(worker);
    if (this.#world.network.leaves(subscription, number, how)) return;
    this.#world.brokerOf(subscription).leave(subscription, number, how);
  }

  settle(delivery: number, verdict: Verdict): void {
    const subscription = this.#deliveries.subscription(delivery);
    const { network } = this.#world;
    network.absences.settle(delivery);
    if (network.isBusy && network.settles(subscription, delivery, verdict)) return;
    this.#world.brokerOf(subscription).settle(delivery, verdict);
  }

  backlog(subscription: number): number {
    return this.#world.brokerOf(subscription).waiting(subscription);
  }

  // What it works on.

  unreadableDelivery(delivery: number, attempt: number): string {
    const message = this.#deliveries.message(delivery);
    return this.unreadableMessage(this.#deliveries.subscription(delivery), message, attempt);
  }

  unreadableRequest(request: number, attempt: number): string {
    const { calls, versions } = this.#world;
    return (
      versions?.unreadable(calls.connectionOf(request), calls.messageOf(request), attempt) ?? ""
    );
  }

  keyOf(message: number): number {
    return message < 0 ? -1 : this.#messages.key(message);
  }

  subjectOf(message: number): number {
    if (message < 0) return 0;
    const key = this.#messages.key(message);
    return key >= 0 ? key : -this.#messages.id(message);
  }

  unreadableMessage(subscription: number, message: number, attempt: number): string {
    return this.#world.versions?.unreadable(subscription, message, attempt) ?? "";
  }

  sharedKeyOf(message: number): number {
    return this.#world.plan.sharedKey(this.#messages.key(message));
  }

  sizeOf(message: number): number {
    return this.#messages.size(message);
  }

  rootNs(message: number): number {
    return this.#messages.rootNs(message);
  }

  subscriptionOf(delivery: number): number {
    return this.#deliveries.subscription(delivery);
  }

  keep(message: number): void {
    this.#messages.retain(message);
  }

  letGo(message: number): void {
    this.#messages.release(message);
  }

  publishedNs(message: number): number {
    return this.#messages.publishedNs(message);
  }

  idOf(message: number): number {
    return message < 0 ? 0 : this.#messages.id(message);
  }

  fingerprint(message: number, by: "message" | "key"): string {
    const key = this.#messages.key(message);
    const text = key < 0 ? "" : this.#world.plan.keyText(key);
    return by === "key" ? text : `${this.#messages.rootNs(message)} ${text}`;
  }

  contractOf(message: number): number {
    return this.#world.plan.connections[this.#messages.connection(message)]!.contract;
  }

  priorityOf(message: number): number {
    const { messages, plan } = this.#world;
    return plan.connections[messages.connection(message)]!.priority;
  }

  messageOfDelivery(delivery: number): number {
    return this.#deliveries.message(delivery);
  }

  messageOfRequest(request: number): number {
    return this.#world.calls.messageOf(request);
  }

  deliveredNs(delivery: number): number {
    return this.#deliveries.deliveredNs(delivery);
  }

  arrivedNs(request: number): number {
    return this.#world.calls.arrivedNs(request);
  }

  // What it does.

  respond(request: number, failure: string): void {
    this.#world.calls.respond(request, failure);
  }

  publish(connection: number, cause: number, worker: number, life: number): void {
    this.send(connection, this.derive(connection, cause, worker, 0), worker, life);
  }

  derive(connection: number, cause: number, worker: number, copy: number): number {
    const own = this.#world.outgoing.at(connection);
    const key = own === undefined ? this.keyOf(cause) : own.nextKey(this.keyOf(cause), copy);
    const message = this.#world.createMessage(connection, key, cause);
    this.#data?.stamp(this.#number(worker), message);
    return message;
  }

  send(connection: number, message: number, worker: number, life: number): void {
    if (worker >= 0) this.#messages.await(message, this.#number(worker), life);
    this.#world.publish(connection, message);
  }

  release(message: number): void {
    this.#messages.release(message);
  }

  publishFromOutbox(connection: number, message: number, place: OutboxTry): void {
    const { isAgain, row, era } = place;
    if (!isAgain) this.#messages.retain(message);
    const event = isAgain
      ? this.#world.createMessage(connection, this.#messages.key(message), message)
      : message;
    this.#messages.await(event, this.#number(outboxWaiter + row), era);
    this.#world.publish(connection, event);
  }

  publishes(connection: number): boolean {
    // Drawn even when certain, so that changing one probability disturbs no other draw.
    const { probability } = this.#world.plan.connections[connection]!;
    return this.#chances[connection]!.uniform() < probability;
  }

  call(connection: number, cause: number, worker: number, life: number): number {
    const message = this.#world.createMessage(connection, this.keyOf(cause), cause);
    this.#data?.stamp(this.#number(worker), message);
    return this.#world.call(connection, message, this.#number(worker), life);
  }

  /** Number of a worker among those of all instances. */
  #number(worker: number): number {
    return worker * this.#instances + this.#instance;
  }

  calleesAnswer(): boolean {
    const { plan } = this.#world;
    return plan.calls.every(({ caller, callee }) => {
      if (caller !== this.#component) return true;
      const called = this.#world.calledAt(callee);
      return called.isUp() && !("isPaused" in called && called.isPaused());
    });
  }

  abandonCall(call: number): void {
    this.#world.calls.abandon(call);
  }

  // Stores.

  storeStage(worker: number): number {
    return this.#stores.stage(this.#number(worker));
  }

  lock(connection: number, message: number, worker: number, life: number): number {
    return this.#stores.lock(connection, message, this.#number(worker), life);
  }

  unlock(worker: number): void {
    this.#stores.unlock(this.#number(worker));
  }

  storeWaitNs(connection: number, message: number, worker: number): number {
    return this.#stores.waitNs(connection, message, this.#number(worker));
  }

  storeNs(connection: number, message: number, worker: number): number {
    return this.#stores.beginNs(connection, message, this.#number(worker));
  }

  read(connection: number, message: number, worker: number, life: number): number {
    return this.#stores.read(connection, message, this.#number(worker), life);
  }

  write(connection: number, message: number, worker: number): number {
    return this.#stores.write(connection, message, this.#number(worker));
  }

  // Books.

  started(message: number, attempt: number, worker: number): void {
    this.#data?.begin(this.#number(worker), message);
    if (message >= 0 && this.#world.hears(message))
      this.#logWork("started", message, { attempt, worker });
  }

  handledDelivery(delivery: number, failure: string, worker: number): void {
    this.#history.latency.record(this.#clock[0]! - this.#deliveries.deliveredNs(delivery));
    this.#handled(this.#deliveries.message(delivery), failure, worker);
  }

  handledMessage(message: number, sinceNs: number, failure: string, worker: number): void {
    this.#history.latency.record(this.#clock[0]! - sinceNs);
    this.#handled(message, failure, worker);
  }

  handledRequest(request: number, failure: string, worker: number): void {
    const { calls } = this.#world;
    // The answer tells what the worker knows.
    this.#data?.stamp(this.#number(worker), calls.messageOf(request));
    this.#history.latency.record(this.#clock[0]! - calls.arrivedNs(request));
    this.#handled(calls.messageOf(request), failure, worker);
  }

  handledTick(failure: string): void {
    const { recorder } = this.#world;
    if (failure === "") recorder.countHandled(this.#component);
    else recorder.countFailed(this.#component, failure);
  }

  missedTick(): void {
    this.#world.recorder.countFailed(this.#component, "missed-tick");
  }

  concluded(message: number, failure: string): void {
    this.#handled(message, failure, -1);
  }

  #handled(message: number, failure: string, worker: number): void {
    const world = this.#world;
    if (failure === "") {
      world.recorder.countHandled(this.#component);
      const entry = this.#messages.entry(message);
      world.recorder.completeFlow(entry, this.#component, this.#messages.rootNs(message));
      if (world.hears(message)) this.#logWork("handled", message, { worker });
    } else {
      world.recorder.countFailed(this.#component, failure);
      if (world.hears(message)) this.#logWork("failed", message, { worker, reason: failure });
    }
  }

  declined(message: number, reason: string, worker: number): void {
    this.#world.recorder.countDeclined(this.#component, reason);
    if (message >= 0 && this.#world.hears(message))
      this.#logWork("declined", message, { reason, worker });
  }

  retried(message: number, reason: string, worker: number): void {
    if (message >= 0 && this.#world.hears(message))
      this.#logWork("retried", message, { reason, worker });
  }

  #logWork(event: MessageHappening, message: number, about: Attempt): void {
    const worker = this.#number(about.worker);
    this.#world.logWork(event, message, { ...about, node: this.#id, worker });
  }

  staffed(workers: number, busy: number): void {
    const states = this.#states;
    if (states === undefined) return this.#staffed(workers, busy);
    states.staffed(this.#instance, workers, busy);
    this.#staffed(states.workers(), states.busy());
  }

  #staffed(workers: number, busy: number): void {
    const history = this.#history;
    const now = this.#clock[0]!;
    if (workers !== history.workers.level()) history.workers.set(now, workers);
    if (busy !== history.busy.level()) history.busy.set(now, busy);
  }

  occupied(inside: number): void {
    this.#states?.occupied(this.#instance, inside);
    const all = this.#states?.allInside() ?? inside;
    this.#history.inside.set(this.#clock[0]!, all);
  }

  note(sentence: string): void {
    this.#world.note(this.#id, sentence);
  }
}
