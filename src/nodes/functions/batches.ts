// What the platform does between a source and the code: it polls with consumers of its own, gathers batches, has them
// worked on, and decides what is settled, tried again or given up. Each trigger has lanes, a batch in each.
// Source: ../shared/brokers/lambda.md, sections 1 to 6; azure-functions.md.

import type { Departure, Verdict } from "../../brokers/technology.ts";
import type { FunctionContext } from "../context.ts";
import type { FunctionPlan, TriggerPlan } from "../functionPlan.ts";
import { type Items, itemStatus } from "./items.ts";
import { Lanes } from "./lanes.ts";

/** What of the function the batches need. */
export interface BatchOwner {
  /** Begins an invocation for a lane: its environment, −1 when it is throttled. */
  invoke(lane: number): number;
  /** The invocation of an environment works on this item next. */
  work(worker: number, item: number): void;
  /** The invocation is over. */
  release(worker: number, state: "whole" | "broken"): void;
  /** Whether invocations can begin at all now. */
  canRun(): boolean;
  throttled(trigger: number): void;
  /** So many messages were given up; one that stands for them is told to the destination. Whether there is one. */
  giveUpBatch(item: number, count: number): boolean;
  finished(how: "done" | "failed"): void;
}

/** Timer codes of lanes. */
export interface BatchCodes {
  readonly look: number;
  readonly retry: number;
}

/** Wait of a stream's batch that was throttled [ns]. */
const THROTTLE_WAIT_NS = 1e9;

/** The batches of one function. */
export class Batches {
  readonly lanes: Lanes;
  readonly #plan: FunctionPlan;
  readonly #context: FunctionContext;
  readonly #items: Items;
  readonly #owner: BatchOwner;
  readonly #codes: BatchCodes;
  /** By trigger: lanes that may be at work, and lanes at work. */
  readonly #active: Int32Array;
  readonly #busy: Int32Array;

  constructor(
    plan: FunctionPlan,
    context: FunctionContext,
    parts: { readonly items: Items; readonly owner: BatchOwner; readonly codes: BatchCodes },
  ) {
    const { arena } = context;
    const { id, triggers } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#items = parts.items;
    this.#owner = parts.owner;
    this.#codes = parts.codes;
    this.lanes = new Lanes(arena, id, parts.items);
    this.#active = arena.int32(`${id}/triggers/active`, triggers.length).data;
    this.#busy = arena.int32(`${id}/triggers/busy`, triggers.length).data;
  }

  /** Lanes of a trigger that may be at work. */
  active(trigger: number): number {
    return this.#active[trigger]!;
  }

  /** Lanes of a trigger that are at work. */
  busy(trigger: number): number {
    return this.#busy[trigger]!;
  }

  /** From now on so many lanes of a trigger may be at work. One too many goes after its batch. */
  setActive(trigger: number, count: number): void {
    const before = this.active(trigger);
    this.#active[trigger] = count;
    if (count > 0) this.lanes.ensure(this.#laneOf(trigger, count - 1) + 1);
    for (let at = before; at < count; at++) this.#join(this.#laneOf(trigger, at));
    for (let at = count; at < before; at++) this.#perhapsLeave(this.#laneOf(trigger, at));
  }

  /** A consumer of a trigger has got an item. */
  add(trigger: number, consumer: number, item: number): void {
    const lane = this.#laneOf(trigger, this.#position(trigger, consumer, item));
    const { windowNs, batchMax } = this.#triggerOf(lane);
    this.lanes.ensure(lane + 1);
    this.lanes.add(lane, item, this.#context.now());
    if (this.lanes.batch(lane) > 0 || this.lanes.isWaiting(lane)) return;
    // Looked at when this instant is over: a poll brings many.
    if (this.lanes.size(lane) === 1) this.#lookIn(lane, windowNs);
    else if (windowNs > 0 && this.lanes.size(lane) === batchMax) this.#lookIn(lane, 0);
  }

  /** Begins with a batch if it is time. */
  look(lane: number): void {
    const { lanes } = this;
    const size = lanes.size(lane);
    if (size === 0 || lanes.batch(lane) > 0 || lanes.isWaiting(lane)) return;
    if (!this.#owner.canRun()) return;
    const { batchMax, windowNs } = this.#triggerOf(lane);
    const dueNs = lanes.firstNs(lane) + windowNs;
    if (size < batchMax && this.#context.now() < dueNs) return;
    const limit = lanes.limit(lane);
    this.#begin(lane, Math.min(size, limit > 0 ? limit : batchMax));
  }

  /** Looks at all lanes: invocations can begin again. */
  lookAtAll(): void {
    for (let lane = 0; lane < this.lanes.count(); lane++) this.look(lane);
  }

  /** A lane's wait is over. */
  retry(lane: number, life: number): void {
    if (!this.lanes.isStill(lane, life)) return;
    this.lanes.setWaiting(lane, false);
    const { ageNsMax } = this.#triggerOf(lane);
    const count = Math.min(this.#batchAgain(lane), this.lanes.size(lane));
    if (this.#ageNs(lane) >= ageNsMax) this.#giveUp(lane, count);
    else if (this.#owner.canRun()) this.#begin(lane, count);
  }

  /** The code is through with an item of a lane. */
  itemEnded(lane: number, item: number, verdict: Verdict): void {
    const { reportsItems, isOrdered } = this.#triggerOf(lane);
    const hasFailed = verdict === "failed";
    this.#items.setStatus(item, statusOf(verdict));
    if (hasFailed) this.lanes.spoil(lane);
    const next = hasFailed && (!reportsItems || isOrdered) ? -1 : this.lanes.next(lane);
    if (next >= 0) this.#owner.work(this.lanes.worker(lane), next);
    else this.#end(lane, "in-time");
  }

  /** The invocation of a lane has taken too long. */
  timedOut(lane: number): void {
    this.lanes.spoil(lane);
    this.#end(lane, "too-late");
  }

  /** Everything stops; what was held is left to the sources. */
  crash(how: Departure): void {
    for (let lane = 0; lane < this.lanes.count(); lane++) {
      if (this.lanes.batch(lane) > 0) this.#busy[lane % this.#count()]!--;
      this.lanes.end(lane);
      this.lanes.setWaiting(lane, false);
      this.lanes.setFailures(lane, 0);
      this.lanes.setLimit(lane, 0);
      for (let item = this.lanes.take(lane); item >= 0; item = this.lanes.take(lane))
        this.#items.give(item);
      this.#leave(lane, how);
    }
    this.#active.fill(0);
  }

  // An invocation.

  #begin(lane: number, count: number): void {
    const worker = this.#owner.invoke(lane);
    if (worker < 0) return this.#throttled(lane, count);
    this.#busy[lane % this.#count()]!++;
    const first = this.lanes.begin(lane, count, worker);
    let item = first;
    for (let at = 0; at < count; at++) {
      this.#items.setStatus(item, itemStatus.pending);
      item = this.#items.laneNext.data[item]!;
    }
    this.#owner.work(worker, first);
  }

  /** No environment: a queue gets its messages back, and their receives count; a stream's batch waits. */
  #throttled(lane: number, count: number): void {
    const trigger = lane % this.#count();
    this.#owner.throttled(trigger);
    if (this.#triggerOf(lane).kind === "stream") return this.#waitFor(lane, THROTTLE_WAIT_NS);
    this.#settle(lane, count, "failed");
    this.#goOn(lane);
  }

  #end(lane: number, how: "in-time" | "too-late"): void {
    const { kind } = this.#triggerOf(lane);
    const count = this.lanes.batch(lane);
    const isSpoilt = this.lanes.isSpoilt(lane);
    this.#busy[lane % this.#count()]!--;
    const worker = this.lanes.worker(lane);
    this.lanes.end(lane);
    this.#owner.finished(isSpoilt ? "failed" : "done");
    this.#owner.release(worker, how === "too-late" ? "broken" : "whole");
    if (!isSpoilt) {
      this.lanes.setFailures(lane, 0);
      this.lanes.setLimit(lane, 0);
      this.#settle(lane, count, "by-item");
    } else if (kind === "stream") return this.#streamFailed(lane, count, how);
    else this.#settle(lane, count, this.#keepsDone(lane, how) ? "by-item" : "failed");
    this.#goOn(lane);
  }

  /** A batch of a stream has failed: it is tried again, in part where it can be, or given up. */
  #streamFailed(lane: number, whole: number, how: "in-time" | "too-late"): void {
    const { bisects, retries, ageNsMax } = this.#triggerOf(lane);
    let count = whole;
    while (this.#keepsDone(lane, how) && this.#isDone(this.lanes.first(lane))) {
      this.#settle(lane, 1, "by-item");
      count--;
      // What is left is another batch.
      this.lanes.setFailures(lane, 0);
    }
    if (bisects && count > 1) {
      this.lanes.setLimit(lane, count >> 1);
      return this.#waitFor(lane, 0);
    }
    this.lanes.setLimit(lane, count);
    const failures = this.lanes.failures(lane) + 1;
    this.lanes.setFailures(lane, failures);
    if (failures > retries || this.#ageNs(lane) >= ageNsMax) return this.#giveUp(lane, count);
    this.#waitFor(lane, this.#retryNs(lane, failures));
  }

  /** A batch is not tried again. What the code was through with in the last attempt counts as done. */
  #giveUp(lane: number, count: number): void {
    const hasDestination = this.#owner.giveUpBatch(this.lanes.first(lane), count);
    this.lanes.setFailures(lane, 0);
    this.lanes.setLimit(lane, 0);
    this.#settle(lane, count, hasDestination ? "by-item-else-set-aside" : "by-item");
    this.#goOn(lane);
  }

  #waitFor(lane: number, delayNs: number): void {
    const life = this.lanes.setWaiting(lane, true);
    const leftNs = this.#triggerOf(lane).ageNsMax - this.#ageNs(lane);
    const untilNs = Math.max(0, Math.min(delayNs, leftNs));
    this.#context.schedule(untilNs, this.#codes.retry, lane, life);
  }

  #retryNs(lane: number, failures: number): number {
    const { waitNs, waitNsMax } = this.#triggerOf(lane);
    return Math.min(waitNsMax, waitNs * 2 ** Math.min(failures - 1, 40));
  }

  /** Takes the first items out of a lane and tells their source what became of them. */
  #settle(lane: number, count: number, how: "by-item" | "by-item-else-set-aside" | "failed"): void {
    for (let at = 0; at < count; at++) {
      const item = this.lanes.take(lane);
      const delivery = this.#items.handle(item);
      let verdict = how === "failed" ? how : verdictOf(this.#items.status(item));
      if (verdict === "failed" && how === "by-item-else-set-aside") verdict = "set-aside";
      this.#items.give(item);
      this.#context.settle(delivery, verdict);
    }
  }

  /** A lane is free for its next batch. */
  #goOn(lane: number): void {
    if (this.lanes.batch(lane) > 0 || this.lanes.isWaiting(lane)) return;
    if (this.#perhapsLeave(lane) || this.lanes.size(lane) === 0) return;
    const { windowNs, batchMax } = this.#triggerOf(lane);
    this.lanes.waitAnew(lane, this.#context.now());
    this.#lookIn(lane, this.lanes.size(lane) >= batchMax ? 0 : windowNs);
  }

  #lookIn(lane: number, delayNs: number): void {
    this.#context.schedule(delayNs, this.#codes.look, lane, 0);
  }

  /** Items of the batch that is tried again. */
  #batchAgain(lane: number): number {
    const limit = this.lanes.limit(lane);
    return limit > 0 ? limit : this.#triggerOf(lane).batchMax;
  }

  #isDone(item: number): boolean {
    return item >= 0 && verdictOf(this.#items.status(item)) !== "failed";
  }

  /** Whether a failure brings back only what the code did not get through with. */
  #keepsDone(lane: number, how: "in-time" | "too-late"): boolean {
    return this.#triggerOf(lane).reportsItems && how === "in-time";
  }

  /** Age of the oldest message of a lane [ns]. */
  #ageNs(lane: number): number {
    const message = this.#items.message(this.lanes.first(lane));
    return this.#context.now() - this.#context.publishedNs(message);
  }

  // Consumers.

  #join(lane: number): void {
    if (this.lanes.hasJoined(lane)) return;
    this.lanes.setJoined(lane, true);
    const { subscription } = this.#triggerOf(lane);
    for (const consumer of this.#consumersOf(lane)) this.#context.join(subscription, consumer);
  }

  #leave(lane: number, how: Departure): void {
    if (!this.lanes.hasJoined(lane)) return;
    this.lanes.setJoined(lane, false);
    const { subscription } = this.#triggerOf(lane);
    for (const consumer of this.#consumersOf(lane))
      this.#context.leave(subscription, consumer, how);
  }

  /** Lets the consumers of a lane go that is one too many and empty; whether it did. */
  #perhapsLeave(lane: number): boolean {
    const trigger = lane % this.#count();
    const position = (lane - trigger) / this.#count();
    if (position < this.active(trigger) || this.lanes.size(lane) > 0) return false;
    this.#leave(lane, "close");
    return true;
  }

  /** Consumers that join with a lane: several, or one for several lanes, which joins with the first of them. */
  #consumersOf(lane: number): readonly number[] {
    const { consumersPerLane, lanesPerConsumer } = this.#triggerOf(lane);
    const position = (lane - (lane % this.#count())) / this.#count();
    if (lanesPerConsumer > 1)
      return position % lanesPerConsumer === 0 ? [position / lanesPerConsumer] : [];
    return Array.from({ length: consumersPerLane }, (_, at) => position * consumersPerLane + at);
  }

  /** Position of the lane to which an item of a consumer belongs. */
  #position(trigger: number, consumer: number, item: number): number {
    const { consumersPerLane, lanesPerConsumer } = this.#plan.triggers[trigger]!;
    if (lanesPerConsumer === 1) return Math.floor(consumer / consumersPerLane);
    const key = this.#context.keyOf(this.#items.message(item));
    return consumer * lanesPerConsumer + (key < 0 ? 0 : key % lanesPerConsumer);
  }

  /** Lanes of all triggers are numbered in turns, so that each may have more and more. */
  #laneOf(trigger: number, position: number): number {
    return position * this.#count() + trigger;
  }

  #triggerOf(lane: number): TriggerPlan {
    return this.#plan.triggers[lane % this.#count()]!;
  }

  #count(): number {
    return this.#plan.triggers.length;
  }
}

function statusOf(verdict: Verdict): number {
  if (verdict === "failed") return itemStatus.failed;
  return verdict === "done" ? itemStatus.done : itemStatus.setAside;
}

/** What the code did not come to counts as failed. */
function verdictOf(status: number): Verdict {
  if (status === itemStatus.done) return "done";
  return status === itemStatus.setAside ? "set-aside" : "failed";
}
