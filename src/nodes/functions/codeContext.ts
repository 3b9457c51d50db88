// What the code of a function may do: all that a service may, but for what its platform does for it (coming and going,
// settling, counting workers). The code knows messages by the numbers of their items.

import type { OutboxTry } from "../patterns/outbox.ts";
import type { Verdict } from "../../brokers/technology.ts";
import type { Arena, Int32Column } from "../../kernel/arena.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { FunctionContext, ServiceContext, Spreads } from "../context.ts";
import { type Items, REQUEST } from "./items.ts";

/** What is told of the code. */
export interface Platform {
  /** The end of an item is booked; failure "" is success. It is settled next. */
  itemHandled(failure: string): void;
  itemEnded(item: number, verdict: Verdict): void;
}

/** The context of a function's code. */
export class CodeContext implements ServiceContext {
  readonly arena: Arena;
  readonly deliveryNext: Int32Column;
  readonly spreads: Spreads;
  readonly #context: FunctionContext;
  readonly #items: Items;
  readonly #platform: Platform;

  constructor(context: FunctionContext, items: Items, platform: Platform) {
    this.arena = context.arena;
    this.deliveryNext = items.codeNext;
    this.spreads = context.spreads;
    this.#context = context;
    this.#items = items;
    this.#platform = platform;
  }

  now(): number {
    return this.#context.now();
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#context.schedule(delayNs, code, a, b);
  }

  random(purpose: string): RandomStream {
    return this.#context.random(purpose);
  }

  join(): void {
    // The platform has its own consumers.
  }

  leave(): void {
    // As above.
  }

  staffed(): void {
    // The platform counts.
  }

  occupied(): void {
    // As above.
  }

  respond(): void {
    // Requests come as items too; the platform answers.
  }

  handledRequest(): void {
    // As above.
  }

  settle(item: number, verdict: Verdict): void {
    this.#platform.itemEnded(item, verdict);
  }

  backlog(subscription: number): number {
    return this.#context.backlog(subscription);
  }

  messageOfDelivery(item: number): number {
    return this.#items.message(item);
  }

  messageOfRequest(item: number): number {
    return this.#items.message(item);
  }

  deliveredNs(item: number): number {
    return this.#items.sinceNs(item);
  }

  arrivedNs(item: number): number {
    return this.#items.sinceNs(item);
  }

  unreadableDelivery(item: number, attempt: number): string {
    const [source, handle] = [this.#items.source(item), this.#items.handle(item)];
    if (source === REQUEST) return this.#context.unreadableRequest(handle, attempt);
    return this.#context.unreadableMessage(source, this.#items.message(item), attempt);
  }

  unreadableRequest(item: number, attempt: number): string {
    return this.unreadableDelivery(item, attempt);
  }

  contractOf(message: number): number {
    return this.#context.contractOf(message);
  }

  keyOf(message: number): number {
    return this.#context.keyOf(message);
  }

  note(sentence: string): void {
    this.#context.note(sentence);
  }

  subjectOf(message: number): number {
    return this.#context.subjectOf(message);
  }

  concluded(message: number, failure: string): void {
    this.#context.concluded(message, failure);
  }

  handledTick(failure: string): void {
    this.#context.handledTick(failure);
  }

  missedTick(): void {
    this.#context.missedTick();
  }

  idOf(message: number): number {
    return this.#context.idOf(message);
  }

  fingerprint(message: number, by: "message" | "key"): string {
    return this.#context.fingerprint(message, by);
  }

  calleesAnswer(): boolean {
    return this.#context.calleesAnswer();
  }

  priorityOf(message: number): number {
    return this.#context.priorityOf(message);
  }

  publish(connection: number, cause: number, worker: number, generation: number): void {
    this.#context.publish(connection, cause, worker, generation);
  }

  derive(connection: number, cause: number, worker: number, copy: number): number {
    return this.#context.derive(connection, cause, worker, copy);
  }

  release(message: number): void {
    this.#context.release(message);
  }

  send(connection: number, message: number, worker: number, life: number): void {
    this.#context.send(connection, message, worker, life);
  }

  publishFromOutbox(connection: number, message: number, place: OutboxTry): void {
    this.#context.publishFromOutbox(connection, message, place);
  }

  call(connection: number, cause: number, worker: number, generation: number): number {
    return this.#context.call(connection, cause, worker, generation);
  }

  abandonCall(call: number): void {
    this.#context.abandonCall(call);
  }

  write(connection: number, message: number, worker: number): number {
    return this.#context.write(connection, message, worker);
  }

  read(connection: number, message: number, worker: number, life: number): number {
    return this.#context.read(connection, message, worker, life);
  }

  lock(connection: number, message: number, worker: number, life: number): number {
    return this.#context.lock(connection, message, worker, life);
  }

  unlock(worker: number): void {
    this.#context.unlock(worker);
  }

  storeStage(worker: number): number {
    return this.#context.storeStage(worker);
  }

  storeWaitNs(connection: number, message: number, worker: number): number {
    return this.#context.storeWaitNs(connection, message, worker);
  }

  declined(message: number, reason: string, worker: number): void {
    this.#context.declined(message, reason, worker);
  }

  started(message: number, attempt: number, worker: number): void {
    this.#context.started(message, attempt, worker);
  }

  handledDelivery(item: number, failure: string): void {
    const items = this.#items;
    const worker = items.worker(item);
    if (items.source(item) === REQUEST)
      this.#context.handledRequest(items.handle(item), failure, worker);
    else this.#context.handledMessage(items.message(item), items.sinceNs(item), failure, worker);
    this.#platform.itemHandled(failure);
  }

  retried(message: number, reason: string, worker: number): void {
    this.#context.retried(message, reason, worker);
  }

  storeNs(connection: number, message: number, worker: number): number {
    return this.#context.storeNs(connection, message, worker);
  }

  publishes(connection: number): boolean {
    return this.#context.publishes(connection);
  }
}
