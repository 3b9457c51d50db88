// A stream processor in a run: tasks take deliveries, work on one after the other and hand them to the windows. With
// checkpoints, a crash goes back to the last one, and a restart reads again what came since.

import { assert } from "../base/assert.ts";
import { type FieldValue, isDistribution, type ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Int32Column } from "../kernel/arena.ts";
import { HandleLists } from "../kernel/lists.ts";
import { LiveSampler } from "../kernel/liveSampler.ts";
import type { StationContext } from "./context.ts";
import { Counters } from "./counters.ts";
import type { processor } from "./processor.ts";
import { SeenEvents } from "./seenEvents.ts";
import type { Station } from "./station.ts";
import { windowCounts, Windowing, type WindowingContext } from "./windowing.ts";

/** A publication of results or of late events. */
export interface Output {
  /** Row of the connection. */
  readonly connection: number;
  /** By row of the contract of what causes it: whether it follows. */
  readonly follows: readonly boolean[];
}

/** A stream processor as the run needs it. */
export interface ProcessorPlan {
  readonly id: string;
  readonly values: ValuesOf<(typeof processor)["fields"]>;
  /** Rows of its consume connections. */
  readonly subscriptions: readonly number[];
  readonly results: readonly Output[];
  readonly late: readonly Output[];
  /** Whether it may get messages that it cannot read, because their contract has several versions. */
  readonly readsVersions: boolean;
}

// Timers.
const WORKED = 0;
const CHECKPOINT = 1;
const UNREADABLE = 2;

// Fields of a task, side by side.
/** The delivery that it works on, counted from 1; 0 for none. */
const AT_WORK = 0;
/** Grows at every crash; older timers no longer match. */
const LIFE = 1;
const FIELDS = 2;

// Cells of the state.
const IS_DOWN = 0;
const INSIDE = 1;
/** Grows at every start; the timers of checkpoints of an earlier life no longer match. */
const EPOCH = 2;

const counted = [
  ...windowCounts,
  "unreadable",
  "results refused",
  "checkpoints",
  "rolled back",
  "already counted",
] as const;

/** The running stream processor. */
export class ProcessorRun implements Station, WindowingContext {
  readonly #plan: ProcessorPlan;
  readonly #context: StationContext;
  readonly #counters: Counters<(typeof counted)[number]>;
  readonly #time: LiveSampler;
  readonly #windows: Windowing;
  readonly #seen: SeenEvents;
  /** For each task what it has not begun. */
  readonly #lists: HandleLists;
  /** Never grow: the arrays themselves are kept. */
  readonly #tasks: Int32Array;
  readonly #state: Int32Array;
  /** Results that wait for the next checkpoint: the events that cause them. */
  readonly #outbox: Int32Column;

  constructor(plan: ProcessorPlan, context: StationContext) {
    const { arena } = context;
    const { id, values } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#counters = new Counters(arena, id, counted);
    this.#time = new LiveSampler(arena, `${id}/time`, values.time, context.random("time"));
    this.#windows = new Windowing({
      arena,
      id,
      values,
      inputs: plan.subscriptions.length,
      context: this,
      counters: this.#counters,
    });
    this.#seen = new SeenEvents(arena, id);
    this.#lists = new HandleLists(arena, `${id}/inboxes`, context.deliveryNext);
    this.#lists.ensure(values.tasks);
    this.#tasks = arena.int32(`${id}/tasks`, values.tasks * FIELDS).data;
    this.#state = arena.int32(`${id}/state`, 3).data;
    this.#outbox = arena.int32(`${id}/outbox`);
  }

  start(): void {
    this.#measure();
    this.#join();
    this.#state[EPOCH]!++;
    if (this.#checkpoints()) this.#planCheckpoint();
  }

  isUp(): boolean {
    return this.#state[IS_DOWN] === 0;
  }

  workers(): number {
    return this.#plan.values.tasks;
  }

  busy(): number {
    let busy = 0;
    for (let at = AT_WORK; at < this.workers() * FIELDS; at += FIELDS)
      if (this.#tasks[at]! > 0) busy++;
    return busy;
  }

  inside(): number {
    return this.#state[INSIDE]!;
  }

  counts(): Readonly<Record<string, number>> {
    const open = this.#windows.size();
    return { ...this.#counters.all(), ...(open > 0 ? { "open windows": open } : {}) };
  }

  deliver(task: number, delivery: number): void {
    this.#lists.pushBack(task, delivery);
    this.#state[INSIDE]!++;
    this.#measure();
    this.#goOn(task);
  }

  wake(code: number, task: number, life: number): void {
    if (code === CHECKPOINT) {
      if (!this.isUp() || life !== this.#state[EPOCH]) return;
      this.#checkpoint();
      return this.#planCheckpoint();
    }
    if (this.#tasks[task * FIELDS + LIFE] !== life) return;
    const delivery = this.#tasks[task * FIELDS + AT_WORK]! - 1;
    this.#tasks[task * FIELDS + AT_WORK] = 0;
    this.#state[INSIDE]!--;
    this.#handle(delivery, task, code === UNREADABLE);
    this.#measure();
    this.#context.settle(delivery, "done");
    this.#goOn(task);
  }

  crash(): void {
    if (!this.isUp()) return;
    this.#state[IS_DOWN] = 1;
    this.#counters.add("rolled back", this.#seen.size());
    this.#state[INSIDE] = 0;
    for (let i = 0; i < this.#outbox.length; i++) this.letGo(this.#outbox.data[i]!);
    this.#outbox.resize(0);
    // Without checkpoints the saved state is that of the beginning.
    this.#windows.rollBack();
    for (let task = 0; task < this.workers(); task++) {
      this.#tasks[task * FIELDS + AT_WORK] = 0;
      this.#tasks[task * FIELDS + LIFE]!++;
      this.#lists.clear(task);
      for (const subscription of this.#plan.subscriptions)
        this.#context.leave(subscription, task, "crash");
    }
    this.#measure();
  }

  restart(): void {
    if (this.isUp()) return;
    this.#state[IS_DOWN] = 0;
    for (let i = 0; i < this.#seen.size(); i++)
      this.#take(this.#seen.message(i), this.#seen.input(i));
    this.start();
  }

  set(parameter: string, value: FieldValue): void {
    if (parameter !== "time") return;
    assert(isDistribution(value), "the value of a distribution field is a distribution.");
    this.#time.set(value);
  }

  accept(): string {
    throw new Error("A stream processor is not called.");
  }

  answered(): void {
    throw new Error("A stream processor calls nobody.");
  }

  published(_slot: number, _life: number, failure: string): void {
    if (failure !== "") this.#counters.add("results refused");
  }

  // What windows ask for.

  now(): number {
    return this.#context.now();
  }

  hold(message: number): void {
    this.#context.keep(message);
  }

  letGo(message: number): void {
    this.#context.letGo(message);
  }

  emit(message: number): void {
    if (this.#plan.values.guarantee !== "exactly-once")
      return this.#publish(this.#plan.results, message);
    this.hold(message);
    this.#outbox.push(message);
  }

  // Work.

  #goOn(task: number): void {
    const at = task * FIELDS;
    if (this.#tasks[at + AT_WORK]! > 0) return;
    const delivery = this.#lists.popFront(task);
    if (delivery < 0) return;
    this.#tasks[at + AT_WORK] = delivery + 1;
    this.#measure();
    this.#context.started(this.#context.messageOfDelivery(delivery), 1, task);
    const life = this.#tasks[at + LIFE]!;
    const isReadable =
      !this.#plan.readsVersions || this.#context.unreadableDelivery(delivery, 1) === "";
    if (isReadable) this.#context.schedule(msToNs(this.#time.sample()), WORKED, task, life);
    else this.#context.schedule(0, UNREADABLE, task, life);
  }

  #handle(delivery: number, task: number, isUnreadable: boolean): void {
    const context = this.#context;
    if (isUnreadable) {
      this.#counters.add("unreadable");
      return context.handledDelivery(delivery, context.unreadableDelivery(delivery, 0), task);
    }
    const message = context.messageOfDelivery(delivery);
    const input = this.#plan.subscriptions.indexOf(context.subscriptionOf(delivery));
    if (this.#checkpoints()) {
      const id = context.idOf(message);
      if (this.#seen.has(message, id)) {
        this.#counters.add("already counted");
        return context.handledDelivery(delivery, "", task);
      }
      this.hold(message);
      this.#seen.add(message, id, input);
    }
    const isIn = this.#take(message, input);
    context.handledDelivery(delivery, "", task);
    if (isIn) return;
    const isPutAside = this.#plan.late.length > 0;
    this.#counters.add(isPutAside ? "late, put aside" : "late, dropped");
    this.#publish(this.#plan.late, message);
  }

  /** Takes an event into the windows; false when it is late for all of them. */
  #take(message: number, input: number): boolean {
    return this.#windows.take({
      message,
      input,
      key: this.#context.sharedKeyOf(message),
      size: this.#context.sizeOf(message),
      timeNs: this.#context.rootNs(message),
    });
  }

  #publish(outputs: readonly Output[], message: number): void {
    const contract = this.#context.contractOf(message);
    for (const { connection, follows } of outputs)
      if (follows[contract] === true && this.#context.publishes(connection))
        this.#context.publish(connection, message, 0, 0);
  }

  // Checkpoints.

  #checkpoints(): boolean {
    return this.#plan.values.guarantee !== "none";
  }

  #planCheckpoint(): void {
    const delayNs = msToNs(this.#plan.values.checkpointInterval);
    this.#context.schedule(delayNs, CHECKPOINT, 0, this.#state[EPOCH]!);
  }

  /** State first, then what came out of it. */
  #checkpoint(): void {
    this.#counters.add("checkpoints");
    this.#windows.save();
    for (let i = 0; i < this.#seen.size(); i++) this.letGo(this.#seen.message(i));
    this.#seen.clear();
    const results = this.#outbox.data.slice(0, this.#outbox.length);
    this.#outbox.resize(0);
    for (const message of results) {
      this.#publish(this.#plan.results, message);
      this.letGo(message);
    }
  }

  // Small things.

  #join(): void {
    for (let task = 0; task < this.workers(); task++)
      for (const subscription of this.#plan.subscriptions) this.#context.join(subscription, task);
  }

  #measure(): void {
    const busy = this.busy();
    this.#context.staffed(this.isUp() ? this.workers() : busy, busy);
    this.#context.occupied(this.inside());
  }
}
