// A bridge in a run. Its tasks take deliveries at the source, convert one after the other, hand each to the target and
// settle it at the source when the target has confirmed: so a crash repeats what was on its way, and loses nothing.

import { assert } from "../base/assert.ts";
import { type FieldValue, isDistribution } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Departure, Verdict } from "../brokers/technology.ts";
import type { Float64Column, Int32Column } from "../kernel/arena.ts";
import { HandleLists } from "../kernel/lists.ts";
import { LiveSampler } from "../kernel/liveSampler.ts";
import type { RandomStream } from "../kernel/random.ts";
import { backoffNs } from "./patterns/backoff.ts";
import type { BridgePlan } from "./bridgePlan.ts";
import { BridgeSlots, stages } from "./bridgeSlots.ts";
import type { BridgeContext, RunningNode } from "./context.ts";

// Timers.
const CONVERTED = 0;
const RETRY = 1;

// Fields of a task, side by side.
const STATE = 0;
/** The slot that is being converted, −1 for none. */
const AT_WORK = 1;
/** Slots that are beyond conversion. */
const IN_FLIGHT = 2;
/** Slots that wait for their next attempt. */
const WAITING = 3;
const FIELDS = 4;

const DOWN = 0;
const UP = 1;
/** Gave up on a message, until somebody restarts the bridge. */
const STOPPED = 2;

const live = ["maxInFlight", "errorRate", "attempts", "backoff"] as const;

/** The running bridge. */
export class BridgeRun implements RunningNode {
  readonly #plan: BridgePlan;
  readonly #context: BridgeContext;
  /** Never grows: the array itself is kept. */
  readonly #tasks: Int32Array;
  readonly #inside: Int32Column;
  readonly #settings: Float64Column;
  readonly #inboxes: HandleLists;
  readonly #slots: BridgeSlots;
  readonly #time: LiveSampler;
  readonly #errors: RandomStream;
  readonly #jitter: RandomStream;
  /** How many messages a redrive may still take; absent where it is none. */
  readonly #left: Float64Column | undefined;

  constructor(plan: BridgePlan, context: BridgeContext) {
    const { arena } = context;
    const { id, values } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#tasks = arena.int32(`${id}/tasks`, values.tasks * FIELDS).data;
    this.#inside = arena.int32(`${id}/inside-count`, 1);
    this.#settings = arena.float64(`${id}/settings`, live.length);
    this.#inboxes = new HandleLists(arena, `${id}/inboxes`, context.deliveryNext);
    this.#inboxes.ensure(values.tasks);
    this.#slots = new BridgeSlots(arena, id);
    this.#time = new LiveSampler(arena, `${id}/time`, values.time, context.random("time"));
    this.#errors = context.random("errors");
    this.#jitter = context.random("jitter");
    if (plan.redrive !== "none") this.#left = arena.float64(`${id}/left`, 1);
    for (const name of live) this.set(name, values[name]);
  }

  /** Joins every task at time 0, unless it waits to be set off. */
  start(): void {
    if (this.#left !== undefined) return this.#subscribeFirst();
    for (let task = 0; task < this.#plan.values.tasks; task++) this.#begin(task);
  }

  /** Takes messages out at a rate [1/s] until so many are passed on, of those that lie there now. */
  redrive(rate: number, countMax: number): void {
    const { name } = this.#plan;
    assert(this.#left !== undefined, "only a redrive can be set off.");
    const count = Math.min(countMax, this.#context.waiting() + this.inside());
    if (count === 0) return this.#context.note(`${name}: there is nothing to redrive.`);
    this.#left.data[0] = count;
    this.set("time", { distribution: "constant", value: 1000 / rate });
    this.#begin(0);
    this.#goOn(0);
  }

  /** Whether any task is up. */
  isUp(): boolean {
    return this.running() > 0;
  }

  /** Tasks that are up. */
  running(): number {
    return this.#count(UP);
  }

  /** Tasks that have given up on a message. */
  stopped(): number {
    return this.#count(STOPPED);
  }

  /** Messages inside, waiting or being dealt with. */
  inside(): number {
    return this.#inside.data[0]!;
  }

  /** Why nothing goes on, as a sentence; "" while some task is up. */
  blocked(): string {
    if (this.isUp() || this.#left !== undefined) return "";
    return this.stopped() > 0
      ? "every task has stopped at a message that it could not pass on; restart the bridge"
      : "the bridge is down";
  }

  /** A broker hands a delivery to a task. */
  deliver(task: number, delivery: number): void {
    this.#inboxes.pushBack(task, delivery);
    this.#countInside(1);
    this.#goOn(task);
  }

  wake(code: number, slot: number, turn: number): void {
    if (!this.#slots.isIn(slot, turn)) return;
    const task = this.#slots.task(slot);
    if (code === CONVERTED) {
      this.#tasks[task * FIELDS + AT_WORK] = -1;
      this.#tasks[task * FIELDS + IN_FLIGHT]!++;
      this.#context.started(this.#slots.delivery(slot));
    } else this.#tasks[task * FIELDS + WAITING]!--;
    this.#tryPass(slot);
    this.#goOn(task);
  }

  /** The outcome of a publication. */
  published(slot: number, turn: number, failure: string): void {
    if (!this.#slots.isIn(slot, turn)) return;
    if (this.#slots.stage(slot) === stages.putAside)
      return failure === ""
        ? this.#finish(slot, "set-aside", "set-aside")
        : this.#finish(slot, "failed", `dead-letter-${failure}`);
    if (failure === "") this.#finish(slot, "done", "");
    else this.#attemptFailed(slot, `publish-${failure}`);
  }

  /** All tasks stop at once; what they held is left to the broker. */
  crash(): void {
    for (let task = 0; task < this.#plan.values.tasks; task++) {
      if (this.#stateOf(task) === UP) this.#end(task, DOWN, "crash");
      this.#tasks[task * FIELDS + STATE] = DOWN;
    }
    this.#countBusy();
  }

  /** Comes back with all its tasks, also with those that had stopped. */
  restart(): void {
    this.start();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    const index = live.findIndex((name) => name === parameter);
    if (index >= 0) this.#settings.data[index] = Number(value);
    if (parameter === "maxInFlight")
      for (let task = 0; task < this.#plan.values.tasks; task++) this.#goOn(task);
    if (parameter !== "time") return;
    assert(isDistribution(value), "the value of a distribution field is a distribution.");
    this.#time.set(value);
  }

  // Work.

  /** Takes the next message of a task, if it is free for one. */
  #goOn(task: number): void {
    const at = task * FIELDS;
    const tasks = this.#tasks;
    if (tasks[at + STATE] !== UP || tasks[at + AT_WORK]! >= 0) return;
    if (tasks[at + IN_FLIGHT]! >= this.#number("maxInFlight")) return;
    if (tasks[at + WAITING]! > 0 && this.#plan.values.order === "kept") return;
    if (this.#left?.data[0] === 0) return;
    const delivery = this.#inboxes.popFront(task);
    if (delivery < 0) return;
    if (this.#left !== undefined) this.#left.data[0]!--;
    const slot = this.#slots.take(task, delivery, this.#context.now());
    tasks[at + AT_WORK] = slot;
    this.#countBusy();
    const timeNs = msToNs(this.#time.sample());
    this.#context.schedule(timeNs, CONVERTED, slot, this.#slots.turn(slot));
  }

  #tryPass(slot: number): void {
    this.#slots.tryAgain(slot);
    const connection = this.#plan.passing[this.#contractOf(slot)]!;
    // What may not pass ends here, as at a filter.
    if (connection < 0) return this.#finish(slot, "done", "");
    if (this.#errors.uniform() < this.#number("errorRate"))
      return this.#attemptFailed(slot, "error");
    this.#pass(slot, connection, stages.passed);
  }

  #pass(slot: number, connection: number, stage: number): void {
    this.#slots.enter(slot, stage);
    const isKeyKept = this.#plan.values.key === "kept";
    const turn = this.#slots.turn(slot);
    this.#context.pass(connection, this.#slots.delivery(slot), { slot, turn, isKeyKept });
  }

  #attemptFailed(slot: number, reason: string): void {
    if (!this.#mayRetry(slot)) return this.#giveUp(slot, reason);
    this.#slots.enter(slot, stages.waiting);
    this.#tasks[this.#slots.task(slot) * FIELDS + WAITING]!++;
    this.#context.retried(this.#slots.delivery(slot), reason);
    const failed = {
      firstMs: this.#number("backoff"),
      attempt: this.#slots.attempt(slot),
      waitedNs: this.#slots.waitedNs(slot),
    };
    const waitNs = backoffNs(this.#plan.values, failed, this.#jitter);
    this.#slots.wait(slot, waitNs);
    this.#context.schedule(waitNs, RETRY, slot, this.#slots.turn(slot));
  }

  #mayRetry(slot: number): boolean {
    if (this.#slots.attempt(slot) >= this.#number("attempts")) return false;
    const { retryFor } = this.#plan.values;
    const ageNs = this.#context.now() - this.#slots.begunNs(slot);
    return retryFor === null || ageNs < msToNs(retryFor);
  }

  #giveUp(slot: number, reason: string): void {
    switch (this.#plan.values.onFailure) {
      case "give-back":
        return this.#finish(slot, "failed", reason);
      case "skip":
        return this.#finish(slot, "done", `skipped: ${reason}`);
      case "dead-letter":
        return this.#pass(slot, this.#plan.deadLetters[this.#contractOf(slot)]!, stages.putAside);
      case "stop":
        return this.#stop(slot, reason);
    }
  }

  /** A message is dealt with. */
  #finish(slot: number, verdict: Verdict, failure: string): void {
    const delivery = this.#slots.delivery(slot);
    const task = this.#slots.task(slot);
    this.#slots.give(slot);
    this.#tasks[task * FIELDS + IN_FLIGHT]!--;
    this.#context.handled(delivery, failure);
    this.#countInside(-1);
    this.#countBusy();
    this.#context.settle(delivery, verdict);
    this.#goOn(task);
    this.#closeRedrive(task);
  }

  /** A redrive ends with the last of its messages; what else it was handed goes back. */
  #closeRedrive(task: number): void {
    const isThrough = this.#left?.data[0] === 0 && this.#slots.ofTask(task).length === 0;
    if (!isThrough || this.#stateOf(task) !== UP) return;
    this.#end(task, DOWN, "close");
    this.#countBusy();
    this.#context.note(`${this.#plan.name} is through.`);
  }

  #stop(slot: number, reason: string): void {
    const task = this.#slots.task(slot);
    const { name } = this.#plan;
    this.#context.note(`Task ${task} of ${name} stops: ${reason}. It waits for a restart.`);
    this.#context.handled(this.#slots.delivery(slot), `stopped: ${reason}`);
    this.#end(task, STOPPED, "close");
    this.#countBusy();
  }

  // Coming and going.

  #begin(task: number): void {
    if (this.#stateOf(task) === UP) return;
    this.#tasks[task * FIELDS + STATE] = UP;
    this.#tasks[task * FIELDS + AT_WORK] = -1;
    this.#countBusy();
    this.#context.join(task);
  }

  #subscribeFirst(): void {
    if (this.#plan.redrive !== "subscribes-first") return;
    this.#begin(0);
    this.#end(0, DOWN, "close");
  }

  /** A task lets go of all it holds and is gone. */
  #end(task: number, state: number, how: Departure): void {
    const at = task * FIELDS;
    const slots = this.#slots.ofTask(task);
    this.#countInside(-slots.length - this.#inboxes.size(task));
    for (const slot of slots) this.#slots.give(slot);
    this.#inboxes.clear(task);
    this.#tasks.fill(0, at, at + FIELDS);
    this.#tasks[at + STATE] = state;
    this.#tasks[at + AT_WORK] = -1;
    this.#context.leave(task, how);
  }

  // Small things.

  #stateOf(task: number): number {
    return this.#tasks[task * FIELDS + STATE]!;
  }

  #contractOf(slot: number): number {
    return this.#context.contractOf(this.#slots.delivery(slot));
  }

  #number(name: (typeof live)[number]): number {
    return this.#settings.data[live.indexOf(name)]!;
  }

  #count(state: number): number {
    let tasks = 0;
    for (let at = STATE; at < this.#tasks.length; at += FIELDS)
      if (this.#tasks[at] === state) tasks++;
    return tasks;
  }

  #countInside(difference: number): void {
    this.#inside.data[0]! += difference;
    this.#context.occupied(this.#inside.data[0]!);
  }

  #countBusy(): void {
    const tasks = this.#tasks;
    let busy = 0;
    for (let at = 0; at < tasks.length; at += FIELDS)
      if (tasks[at + AT_WORK]! >= 0 || tasks[at + IN_FLIGHT]! > 0) busy++;
    this.#context.staffed(this.running(), busy);
  }
}
