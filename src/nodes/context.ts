// What a node may do in a run. The engine hands it in, so that nodes never see the engine and
// can be tested with a fake of thirty lines. Handles and connection rows are small integers.

import type { Departure, Verdict } from "../brokers/technology.ts";
import type { Arena, Int32Column } from "../kernel/arena.ts";
import type { OutboxTry } from "./patterns/outbox.ts";
import type { RandomStream } from "../kernel/random.ts";

/** What every running node has. */
export interface NodeContext {
  readonly arena: Arena;
  /** Simulated time [ns]. */
  now(): number;
  /** Calls the node's `wake(code, a, b)` after a delay [ns]; `code` is below 64. */
  schedule(delayNs: number, code: number, a: number, b: number): void;
  /** The node's random stream for one purpose. */
  random(purpose: string): RandomStream;
}

/** What a producer may do. */
export interface ProducerContext extends NodeContext {
  /** Books one arrival, however many connections it is sent over. */
  arrived(): void;
  /** Makes an event without a cause and publishes it. A client (−1: nobody) waits for its end: `ended` of the
   *  producer follows when it is confirmed or refused. */
  publishFirst(connection: number, key: number, client: number): void;
  /** Makes an event without a cause and publishes it; a size of 0 is that of the connection [bytes]. */
  publishRecorded(connection: number, key: number, size: number): void;
  /** Makes a request without a cause and calls; `ended` follows as for publications, however the call ends. */
  callFirst(connection: number, key: number, client: number): void;
}

/** What becomes of the events of steps that make more of one than the same at once. */
export interface Spreads {
  /** Draws how many events one step publishes. */
  copies(connection: number): number;
  /** Draws how long after its step an event leaves [ns]. */
  delayNs(connection: number): number;
  /** A derived event counts as published after a delay [ns] only. */
  postpone(message: number, delayNs: number): void;
  /** Books that an event that was derived is lost before it left. */
  neverLeft(connection: number, message: number): void;
}

/** What a service may do. */
export interface ServiceContext extends NodeContext {
  readonly spreads: Spreads;
  /** Threads the lists of deliveries inside services (see kernel/lists.ts). */
  readonly deliveryNext: Int32Column;
  join(subscription: number, worker: number): void;
  leave(subscription: number, worker: number, how: Departure): void;
  settle(delivery: number, verdict: Verdict): void;
  /** Messages that wait for a subscription in its broker. */
  backlog(subscription: number): number;
  messageOfDelivery(delivery: number): number;
  messageOfRequest(request: number): number;
  /** When a delivery or a request reached the service [ns]. */
  deliveredNs(delivery: number): number;
  arrivedNs(request: number): number;
  /** Why a delivery or a request cannot be read, "" when it can. The first attempt (1) is booked. */
  unreadableDelivery(delivery: number, attempt: number): string;
  unreadableRequest(request: number, attempt: number): string;
  contractOf(message: number): number;
  /** Key of a message as a small integer, −1 without one. */
  keyOf(message: number): number;
  /** What a message is about: a whole number for its key, or its own where it has none. */
  subjectOf(message: number): number;
  /** Number of a message, never used again. */
  idOf(message: number): number;
  /** What tells a message, or its key, from others, also when it is published once more as a dead letter. */
  fingerprint(message: number, by: "message" | "key"): string;
  /** Priority of a message, 0 to 9. */
  priorityOf(message: number): number;
  /** Answers a request. */
  respond(request: number, failure: string): void;
  /** Publishes an event caused by a message, or by nothing (−1); `published` of the service follows. */
  publish(connection: number, cause: number, worker: number, generation: number): void;
  /** Makes an event caused by a message, the first (0) or a further one of its step, without publishing it; the caller holds it until it releases it. */
  derive(connection: number, cause: number, worker: number, copy: number): number;
  release(message: number): void;
  /** Publishes an event that was derived, for a worker in its present life or for nobody (−1). */
  send(connection: number, message: number, worker: number, life: number): void;
  /** Publishes what an outbox holds: itself, or once more as an event of its own that it causes. `published` follows with
   *  the worker `outboxWaiter` + row and the era as life. */
  publishFromOutbox(connection: number, message: number, place: OutboxTry): void;
  /** Calls another service; `answered` of the service follows unless the call is abandoned. */
  call(connection: number, cause: number, worker: number, generation: number): number;
  abandonCall(call: number): void;
  /** Whether all services that it calls are up and do not stand still. */
  calleesAnswer(): boolean;
  /** Writes a message's entity, or reads it: an outcome of a step (see steps/kind.ts). A read may be under way for longer. */
  write(connection: number, message: number, worker: number): number;
  read(connection: number, message: number, worker: number, life: number): number;
  /** Asks for the lock of a message's entity: done, under way, or one of `lockOutcome`. */
  lock(connection: number, message: number, worker: number, life: number): number;
  /** Lets go of all locks of a worker. */
  unlock(worker: number): void;
  /** What a worker waits for at a store (see steps/atStore.ts). */
  storeStage(worker: number): number;
  /** How long a write or read waits for a place in its store [ns]. */
  storeWaitNs(connection: number, message: number, worker: number): number;
  /** Puts on record that a worker begins the work of an attempt (1, 2, …). */
  started(message: number, attempt: number, worker: number): void;
  /** Book the end of handling; failure "" is success. */
  handledDelivery(delivery: number, failure: string, worker: number): void;
  handledRequest(request: number, failure: string, worker: number): void;
  /** Books the end of what it did by itself. */
  handledTick(failure: string): void;
  /** Books that a timer fired in vain: the service was down, or its last time still waited. */
  missedTick(): void;
  /** Books the end of a message on which nobody worked. */
  concluded(message: number, failure: string): void;
  /** Books that a message was refused, for a reason of the business. It counts as handled. */
  declined(message: number, reason: string, worker: number): void;
  /** Books a failed attempt that will be tried again. */
  retried(message: number, reason: string, worker: number): void;
  /** Books how many workers there are and are at work. */
  staffed(workers: number, busy: number): void;
  /** Books how many messages and requests are inside. */
  occupied(inside: number): void;
  /** Begins a write or read of a message's entity and draws how long it takes [ns]. */
  storeNs(connection: number, message: number, worker: number): number;
  /** Draws whether an event is published over a connection after this message. */
  publishes(connection: number): boolean;
  /** Puts on record what concerns no single message. */
  note(sentence: string): void;
}

/** What a gateway or a stream processor may do beside what a service may. */
export interface StationContext extends ServiceContext {
  /** Key of a message, one number for the same text, whichever producer it is of; −1 without one. */
  sharedKeyOf(message: number): number;
  /** Payload of a message [bytes], and when the first of its chain of causes was published [ns]. */
  sizeOf(message: number): number;
  rootNs(message: number): number;
  /** Row of the consume connection over which a delivery came. */
  subscriptionOf(delivery: number): number;
  /** Keeps a message that may be dealt with, and lets go of it. */
  keep(message: number): void;
  letGo(message: number): void;
}

/** What a function's platform may do beside what its code may. */
export interface FunctionContext extends StationContext {
  /** When a message was published, or a request sent [ns]. */
  publishedNs(message: number): number;
  /** Why a message that came over a consume connection cannot be read, "" when it can. */
  unreadableMessage(subscription: number, message: number, attempt: number): string;
  /** Books the end of handling of a message or request that came at a time [ns] by a worker (−1: it had none yet);
   *  failure "" is success. */
  handledMessage(message: number, sinceNs: number, failure: string, worker: number): void;
}

/** A running node of any kind. */
export interface RunningNode {
  /** A timer set through `context.schedule` has fired. */
  wake(code: number, a: number, b: number): void;
}

/** What a bridge may do. A *slot* is its own number for a message that it deals with; `turn` tells apart what a slot was
 *  used for. */
export interface BridgeContext extends NodeContext {
  /** Threads the lists of deliveries inside bridges (see kernel/lists.ts). */
  readonly deliveryNext: Int32Column;
  join(task: number): void;
  leave(task: number, how: Departure): void;
  settle(delivery: number, verdict: Verdict): void;
  /** Messages that wait at the source and that nobody holds yet. */
  waiting(): number;
  /** Row of the contract of a delivery's message. */
  contractOf(delivery: number): number;
  /** Publishes what a delivery holds as an event caused by it, of the same size; `published` of the bridge follows. */
  pass(connection: number, delivery: number, slot: Slot): void;
  /** Puts on record that a task hands a message to the target for the first time. */
  started(delivery: number): void;
  /** Books the end of dealing with a message; failure "" is success. */
  handled(delivery: number, failure: string): void;
  /** Puts on record a failed attempt that will be tried again. */
  retried(delivery: number, reason: string): void;
  /** Books how many tasks run and have something to do. */
  staffed(tasks: number, busy: number): void;
  /** Books how many messages are inside. */
  occupied(inside: number): void;
  note(sentence: string): void;
}

/** A slot of a bridge, and for what it is used. */
export interface Slot {
  readonly slot: number;
  readonly turn: number;
  readonly isKeyKept: boolean;
}
