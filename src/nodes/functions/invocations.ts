// The invocations of a function: each in an environment, which may have to start first, and not longer than its timeout.
// The code is a service without sources whose workers are the environments, so that steps mean the same in both.

import type { Verdict } from "../../brokers/technology.ts";
import { msToNs } from "../../base/units.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import type { FunctionContext } from "../context.ts";
import type { FunctionPlan } from "../functionPlan.ts";
import { ServiceRun } from "../serviceRun.ts";
import { CodeContext } from "./codeContext.ts";
import { Environments } from "./environments.ts";
import type { Items } from "./items.ts";
import type { Tally } from "./tally.ts";

// Fields of an invocation, by environment.
/** Lane of its batch, −1 for a single item. */
const LANE = 0;
/** The item at work, or with which it begins; −1 for none. */
const ITEM = 1;
const LIFE = 2;
const STATE = 3;
const FIELDS = 4;

const AT_REST = 0;
const STARTING = 1;
const AT_WORK = 2;

/** Whom invocations tell. */
export interface InvocationOwner {
  /** The code is through with an item. */
  itemEnded(worker: number, item: number, verdict: Verdict, failure: string): void;
  /** An invocation has taken too long; its item is booked as failed. */
  timedOut(worker: number, lane: number, item: number): void;
}

/** Timer codes. */
export interface InvocationCodes {
  readonly started: number;
  readonly timeout: number;
}

/** The invocations of one function. */
export class Invocations {
  /** The code: a service whose workers are the environments. */
  readonly code: ServiceRun;
  readonly environments: Environments;
  readonly #plan: FunctionPlan;
  readonly #context: FunctionContext;
  readonly #items: Items;
  readonly #tally: Tally;
  readonly #owner: InvocationOwner;
  readonly #codes: InvocationCodes;
  readonly #cells: Int32Column;
  readonly #timeoutNs: number;
  /** Of the item that is being settled; idle between events, hence not in the arena. */
  #failure = "";

  constructor(
    plan: FunctionPlan,
    context: FunctionContext,
    parts: {
      readonly items: Items;
      readonly tally: Tally;
      readonly owner: InvocationOwner;
      readonly codes: InvocationCodes;
    },
  ) {
    const { values } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#items = parts.items;
    this.#tally = parts.tally;
    this.#owner = parts.owner;
    this.#codes = parts.codes;
    this.#cells = context.arena.int32(`${plan.id}/invocations`);
    this.#timeoutNs = msToNs(
      values.platform === "lambda" ? values.Timeout : values.functionTimeout,
    );
    this.environments = new Environments(plan, context);
    this.code = new ServiceRun(plan.code, new CodeContext(context, parts.items, this));
  }

  /** Begins an invocation for a lane (−1: for a single item) in an environment; −1 when there is none. */
  begin(lane: number): number {
    const worker = this.environments.take();
    if (worker < 0) return worker;
    this.#ensure(worker);
    const coldNs = this.#plan.values.platform === "lambda" ? this.environments.coldNs() : 0;
    this.#set(worker, LANE, lane);
    this.#set(worker, ITEM, -1);
    this.#set(worker, STATE, coldNs > 0 ? STARTING : AT_WORK);
    const life = this.#renew(worker);
    this.#tally.count("invocations");
    this.#tally.reach("concurrencyMax", this.environments.running());
    if (coldNs > 0) {
      this.#tally.count("coldStarts");
      this.#context.schedule(coldNs, this.#codes.started, worker, life);
    } else this.#limit(worker, life);
    return worker;
  }

  /** The code of an invocation works on an item, as soon as its environment is there. */
  work(worker: number, item: number): void {
    this.#set(worker, ITEM, item);
    this.#items.setWorker(item, worker);
    if (this.#get(worker, STATE) === AT_WORK) this.code.deliver(worker, item);
  }

  /** Lane of an invocation, −1 for that of a single item. */
  lane(worker: number): number {
    return this.#get(worker, LANE);
  }

  /** The invocation is over. */
  end(worker: number, state: "whole" | "broken"): void {
    this.#set(worker, STATE, AT_REST);
    this.#renew(worker);
    this.environments.give(worker, state);
  }

  /** An environment has started. */
  started(worker: number, life: number): void {
    if (this.#get(worker, LIFE) !== life) return;
    this.#set(worker, STATE, AT_WORK);
    this.#limit(worker, life);
    this.code.deliver(worker, this.#get(worker, ITEM));
  }

  /** The time of an invocation is over: it is stopped. */
  expired(worker: number, life: number): void {
    if (this.#get(worker, LIFE) !== life) return;
    const item = this.#get(worker, ITEM);
    this.#tally.count("timedOut");
    this.code.abandon(worker);
    const [message, sinceNs] = [this.#items.message(item), this.#items.sinceNs(item)];
    this.#context.handledMessage(message, sinceNs, "timeout", worker);
    this.#owner.timedOut(worker, this.#get(worker, LANE), item);
  }

  /** Everything stops at once. */
  crash(onSingle: (item: number) => void): void {
    this.code.crash();
    for (let worker = 0; worker * FIELDS < this.#cells.length; worker++) {
      if (this.#get(worker, STATE) === AT_REST) continue;
      const [lane, item] = [this.#get(worker, LANE), this.#get(worker, ITEM)];
      this.end(worker, "broken");
      if (lane < 0) onSingle(item);
    }
    this.environments.clear();
    this.code.restart();
  }

  /** Why the code failed that is about to settle an item, "" for success. */
  itemHandled(failure: string): void {
    this.#failure = failure;
  }

  /** The code has settled an item. */
  itemEnded(item: number, verdict: Verdict): void {
    this.#owner.itemEnded(this.#items.worker(item), item, verdict, this.#failure);
  }

  #limit(worker: number, life: number): void {
    this.#context.schedule(this.#timeoutNs, this.#codes.timeout, worker, life);
  }

  /** Makes room for an environment, and more than for it: the code looks at all its workers when there are new ones. */
  #ensure(worker: number): void {
    const count = this.#cells.length / FIELDS;
    if (worker < count) return;
    const next = Math.max(worker + 1, 2 * count);
    this.#cells.resize(next * FIELDS);
    this.code.setWorkers(next);
  }

  #renew(worker: number): number {
    const life = (this.#get(worker, LIFE) + 1) & 0x3fffffff;
    this.#set(worker, LIFE, life);
    return life;
  }

  #get(worker: number, field: number): number {
    return this.#cells.data[worker * FIELDS + field]!;
  }

  #set(worker: number, field: number, value: number): void {
    this.#cells.data[worker * FIELDS + field] = value;
  }
}
