// Asynchronous invocation on Lambda: events wait in a queue of the platform, which tries those again that failed, and hands
// what it gives up to the on-failure destination. Source: ../shared/brokers/lambda.md, sections 3 and 6.

import { msToNs } from "../../base/units.ts";
import type { FunctionContext } from "../context.ts";
import type { FunctionPlan } from "../functionPlan.ts";
import type { Items } from "./items.ts";

/** Waits before the second and the third attempt [ns]. */
const RETRY_NS = [60e9, 120e9] as const;

/** Waits after a throttle: the first, and the longest [ns]. */
const THROTTLE_NS = 1e9;
const THROTTLE_NS_MAX = 300e9;

/** What of the function its events need. */
export interface EventOwner {
  /** Begins an invocation for an item; false when it is throttled. */
  invokeFor(item: number): boolean;
  /** Whether nothing may run at all, because 0 invocations are reserved. */
  isBarred(): boolean;
  throttled(trigger: number): void;
  /** Given up for a reason; "" when its failed attempts are booked already. */
  giveUpEvent(item: number, reason: string): void;
}

/** The asynchronous events of one function. */
export class Events {
  readonly #context: FunctionContext;
  readonly #items: Items;
  readonly #owner: EventOwner;
  /** Timer code: an event is due. */
  readonly #code: number;
  readonly #ageNsMax: number;
  readonly #retries: number;

  constructor(
    plan: FunctionPlan,
    context: FunctionContext,
    parts: { readonly items: Items; readonly owner: EventOwner; readonly code: number },
  ) {
    this.#context = context;
    this.#items = parts.items;
    this.#owner = parts.owner;
    this.#code = parts.code;
    this.#ageNsMax = msToNs(plan.values.MaximumEventAgeInSeconds);
    this.#retries = plan.values.MaximumRetryAttempts;
  }

  /** An event has come into the queue. */
  add(message: number, subscription: number): void {
    this.#context.keep(message);
    const item = this.#items.add(message, -1, subscription, this.#context.now());
    this.#try(item);
  }

  /** An event is due. */
  due(item: number, life: number): void {
    if (this.#items.isStill(item, life)) this.#try(item);
  }

  /** The code is through with an event. */
  ended(item: number, hasFailed: boolean): void {
    if (!hasFailed) return this.#drop(item);
    const failures = this.#items.countFailure(item);
    if (failures > this.#retries) return this.#giveUp(item, "");
    this.#later(item, RETRY_NS[failures - 1] ?? THROTTLE_NS_MAX);
  }

  #try(item: number): void {
    if (this.#owner.isBarred()) return this.#giveUp(item, "no-concurrency-reserved");
    if (this.#leftNs(item) <= 0) return this.#giveUp(item, "event-too-old");
    if (this.#owner.invokeFor(item)) return;
    this.#owner.throttled(-1);
    const times = this.#items.countThrottle(item);
    this.#later(item, Math.min(THROTTLE_NS_MAX, THROTTLE_NS * 2 ** Math.min(times - 1, 40)));
  }

  #later(item: number, delayNs: number): void {
    const life = this.#items.renew(item);
    this.#context.schedule(Math.min(delayNs, this.#leftNs(item)), this.#code, item, life);
  }

  #leftNs(item: number): number {
    return Math.max(0, this.#items.sinceNs(item) + this.#ageNsMax - this.#context.now());
  }

  #giveUp(item: number, reason: string): void {
    this.#owner.giveUpEvent(item, reason);
    this.#drop(item);
  }

  #drop(item: number): void {
    const message = this.#items.message(item);
    this.#items.give(item);
    this.#context.letGo(message);
  }
}
