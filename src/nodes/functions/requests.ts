// Synchronous invocation: who calls a function gets an answer. Lambda refuses what finds no concurrency (429); Azure's
// instances each run some at a time, let some wait, and refuse the rest.

import { Ring } from "../../kernel/ring.ts";
import type { FunctionContext } from "../context.ts";
import type { FunctionPlan } from "../functionPlan.ts";
import { type Items, REQUEST } from "./items.ts";

/** What of the function its requests need. */
export interface RequestOwner {
  /** Begins an invocation for an item; false when it is throttled. */
  invokeFor(item: number): boolean;
  throttled(trigger: number): void;
  /** Instances that are up (Azure). */
  instances(): number;
  /** Somebody waits for an instance (Azure). */
  needInstance(): void;
}

const RUNNING = 0;

/** The requests of one function. */
export class Requests {
  readonly #plan: FunctionPlan;
  readonly #context: FunctionContext;
  readonly #items: Items;
  readonly #owner: RequestOwner;
  /** Those that wait for an instance (Azure). */
  readonly #waiting: Ring;
  readonly #cells: Int32Array;

  constructor(
    plan: FunctionPlan,
    context: FunctionContext,
    parts: { readonly items: Items; readonly owner: RequestOwner },
  ) {
    this.#plan = plan;
    this.#context = context;
    this.#items = parts.items;
    this.#owner = parts.owner;
    this.#waiting = new Ring(context.arena, `${plan.id}/requests/waiting`);
    this.#cells = context.arena.int32(`${plan.id}/requests/cells`, 1).data;
  }

  /** Requests that run or wait. */
  inside(): number {
    return this.#cells[RUNNING]! + this.#waiting.size();
  }

  /** A request has come: "" when it was taken, else why not. */
  accept(request: number): string {
    return this.#plan.values.platform === "lambda"
      ? this.#acceptOnLambda(request)
      : this.#acceptOnAzure(request);
  }

  #acceptOnLambda(request: number): string {
    const item = this.#add(request);
    if (this.#begin(item)) return "";
    this.#items.give(item);
    this.#owner.throttled(-1);
    return "throttled";
  }

  #acceptOnAzure(request: number): string {
    const { maxOutstandingRequests } = this.#plan.values;
    if (this.inside() >= maxOutstandingRequests * Math.max(1, this.#owner.instances())) {
      this.#owner.throttled(-1);
      return "throttled";
    }
    this.#waiting.pushBack(this.#add(request));
    this.#owner.needInstance();
    this.serve();
    return "";
  }

  /** Lets those run that wait, as far as there is room (Azure). */
  serve(): void {
    const room = this.#plan.values.maxConcurrentRequests * this.#owner.instances();
    while (this.#waiting.size() > 0 && this.#cells[RUNNING]! < room)
      this.#begin(this.#waiting.popFront());
  }

  /** The code is through with a request, or its time was over; failure "" is success. */
  ended(item: number, failure: string): void {
    const request = this.#items.handle(item);
    this.#cells[RUNNING]!--;
    this.#items.give(item);
    this.#context.respond(request, failure);
    this.serve();
  }

  /** Nobody is there any more: those that wait are told. Those that run were ended before. */
  crash(): void {
    while (this.#waiting.size() > 0) {
      const item = this.#waiting.popFront();
      const request = this.#items.handle(item);
      this.#items.give(item);
      this.#context.respond(request, "unavailable");
    }
  }

  #begin(item: number): boolean {
    if (!this.#owner.invokeFor(item)) return false;
    this.#cells[RUNNING]!++;
    return true;
  }

  #add(request: number): number {
    const context = this.#context;
    const message = context.messageOfRequest(request);
    return this.#items.add(message, request, REQUEST, context.arrivedNs(request));
  }
}
