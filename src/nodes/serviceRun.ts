// A service in a run. Workers take deliveries (each its own) and requests (shared), work on them and walk
// through the steps of the handler. Every life of a worker's job has a generation, so that timers and
// answers that belong to an earlier life (before a crash, before a retry) are recognised and ignored.

import type { Distribution } from "../base/distribution.ts";
import type { FieldValue, ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Departure, Verdict } from "../brokers/technology.ts";
import type { Float64Column, Int32Column } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import { HandleLists } from "../kernel/lists.ts";
import { Ring } from "../kernel/ring.ts";
import { type Backoff, backoffNs } from "./backoff.ts";
import type { RunningNode, ServiceContext } from "./context.ts";
import type { service } from "./service.ts";

/** One step of a handler after the work: a row of the document's connections. */
export interface Step {
  readonly does: "call" | "write" | "publish";
  readonly connection: number;
}

/** What a service does with messages of one contract: steps after the work, and after a final failure. */
export interface Handler {
  readonly steps: readonly Step[];
  readonly whenFailed: readonly Step[];
}

/** A service as the run needs it. */
export interface ServicePlan {
  readonly id: string;
  readonly values: ValuesOf<(typeof service)["fields"]>;
  /** Rows of its consume connections. */
  readonly subscriptions: readonly number[];
  /** By row of the contract. */
  readonly handlers: readonly Handler[];
}

// Timers.
const WORKED = 0;
const WRITTEN = 1;
const RETRY = 2;

// What a worker does.
const IDLE = 0;
const DELIVERY = 1;
const REQUEST = 2;

// Scalars, by index.
const UP = 0;
const WORKERS = 1;
const BUSY = 2;
const INSIDE = 3;
const NEXT_WORKER = 4;
const SAMPLER = 5;

const ERROR_RATE = 0;
const ATTEMPTS = 1;
const BACKOFF = 2;
const MAILBOX = 3;

/** The running service. */
export class ServiceRun implements RunningNode {
  readonly #plan: ServicePlan;
  readonly #context: ServiceContext;
  readonly #scalars: Int32Column;
  /** Live parameters that are numbers. */
  readonly #live: Float64Column;
  /** Per worker: what it does, the handle, step, attempt, generation, call under way, whether it
   *  walks the steps after a final failure (0/1), whether it has joined its subscriptions (0/1). */
  readonly #kind: Int32Column;
  readonly #handle: Int32Column;
  readonly #step: Int32Column;
  readonly #attempt: Int32Column;
  readonly #generation: Int32Column;
  readonly #call: Int32Column;
  readonly #failing: Int32Column;
  readonly #joined: Int32Column;
  readonly #inboxes: HandleLists;
  readonly #mailbox: Ring;
  /** Every distribution the service time has had; the column says which is in force. */
  readonly #samplers: Sampler[];
  readonly #work: RandomStream;
  readonly #errors: RandomStream;
  readonly #jitter: RandomStream;

  constructor(plan: ServicePlan, context: ServiceContext) {
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#scalars = arena.int32(`${plan.id}/scalars`, 6);
    this.#live = arena.float64(`${plan.id}/live`, 4);
    const column = (name: string): Int32Column => arena.int32(`${plan.id}/${name}`);
    this.#kind = column("kind");
    this.#handle = column("handle");
    this.#step = column("step");
    this.#attempt = column("attempt");
    this.#generation = column("generation");
    this.#call = column("call");
    this.#failing = column("failing");
    this.#joined = column("joined");
    this.#inboxes = new HandleLists(arena, `${plan.id}/inboxes`, context.deliveryNext);
    this.#mailbox = new Ring(arena, `${plan.id}/mailbox`);
    this.#work = context.random("work");
    this.#errors = context.random("errors");
    this.#jitter = context.random("jitter");
    this.#samplers = [createSampler(plan.values.serviceTime, this.#work)];
    this.#scalars.data[UP] = 1;
    this.#scalars.data[WORKERS] = plan.values.concurrency;
    this.#ensureWorkers(plan.values.concurrency);
    this.#live.data[ERROR_RATE] = plan.values.errorRate;
    this.#live.data[ATTEMPTS] = plan.values.attempts;
    this.#live.data[BACKOFF] = plan.values.backoff;
    this.#live.data[MAILBOX] = plan.values.mailbox ?? Infinity;
  }

  /** Joins every worker to every subscription at time 0. */
  start(): void {
    this.#count(0, 0);
    for (let worker = 0; worker < this.workers(); worker++) this.#join(worker);
  }

  /** Whether it is up. */
  isUp(): boolean {
    return this.#scalars.data[UP] === 1;
  }

  /** Number of workers. */
  workers(): number {
    return this.#scalars.data[WORKERS]!;
  }

  /** Number of workers at work. */
  busy(): number {
    return this.#scalars.data[BUSY]!;
  }

  /** Messages and requests inside, waiting or at work. */
  inside(): number {
    return this.#scalars.data[INSIDE]!;
  }

  /** A broker hands a delivery to a worker. */
  deliver(worker: number, delivery: number): void {
    this.#inboxes.pushBack(worker, delivery);
    this.#count(0, 1);
    if (this.#kind.data[worker] === IDLE) this.#takeNext(worker);
  }

  /** A request arrives; "" when it was taken, else why it was refused. */
  accept(request: number): string {
    if (!this.isUp()) return "unavailable";
    const worker = this.#idleWorker();
    if (worker < 0 && this.#mailbox.size() >= this.#live.data[MAILBOX]!) return "overloaded";
    this.#mailbox.pushBack(request);
    this.#count(0, 1);
    if (worker >= 0) this.#takeNext(worker);
    return "";
  }

  wake(code: number, worker: number, generation: number): void {
    if (generation !== this.#generation.data[worker]) return;
    if (code === WORKED) this.#worked(worker);
    else if (code === WRITTEN) this.#written(worker);
    else if (code === RETRY) this.#beginWork(worker);
  }

  /** The outcome of a publication that a worker waits for. */
  published(worker: number, generation: number, failure: string): void {
    if (generation !== this.#generation.data[worker]) return;
    if (failure === "") this.#nextStep(worker);
    else if (this.#failing.data[worker] === 1) this.#finish(worker, `publish-${failure}`);
    else this.#attemptFailed(worker, `publish-${failure}`);
  }

  /** The outcome of a call that a worker waits for. */
  answered(worker: number, generation: number, failure: string): void {
    if (generation !== this.#generation.data[worker]) return;
    this.#call.data[worker] = -1;
    if (failure === "") this.#nextStep(worker);
    else this.#attemptFailed(worker, `call-${failure}`);
  }

  /** All workers stop at once; what they held is left to brokers and callers. */
  crash(): void {
    if (!this.isUp()) return;
    this.#scalars.data[UP] = 0;
    for (let worker = 0; worker < this.#joined.length; worker++)
      if (this.#joined.data[worker] === 1) this.#abort(worker, "crash");
    while (this.#mailbox.size() > 0) this.#context.respond(this.#mailbox.popFront(), "unavailable");
    this.#scalars.data[BUSY] = 0;
    this.#scalars.data[INSIDE] = 0;
    this.#count(0, 0);
  }

  /** Comes back with all its workers. */
  restart(): void {
    if (this.isUp()) return;
    this.#scalars.data[UP] = 1;
    this.start();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    switch (parameter) {
      case "concurrency":
        this.#setWorkers(Number(value));
        break;
      case "serviceTime":
        this.#samplers.push(createSampler(value as Distribution, this.#work));
        this.#scalars.data[SAMPLER] = this.#samplers.length - 1;
        break;
      case "errorRate":
        this.#live.data[ERROR_RATE] = Number(value);
        break;
      case "attempts":
        this.#live.data[ATTEMPTS] = Number(value);
        break;
      case "backoff":
        this.#live.data[BACKOFF] = Number(value);
        break;
      case "mailbox":
        this.#live.data[MAILBOX] = value === null ? Infinity : Number(value);
        break;
    }
  }

  // Work.

  #takeNext(worker: number): void {
    if (this.#retires(worker)) return this.#retire(worker);
    const delivery = this.#inboxes.first(worker);
    if (delivery < 0 && this.#mailbox.size() === 0) return;
    const takesRequest = delivery < 0 || this.#requestIsOlder(delivery);
    this.#kind.data[worker] = takesRequest ? REQUEST : DELIVERY;
    this.#handle.data[worker] = takesRequest
      ? this.#mailbox.popFront()
      : this.#inboxes.popFront(worker);
    this.#attempt.data[worker] = 0;
    this.#failing.data[worker] = 0;
    this.#count(1, 0);
    this.#beginWork(worker);
  }

  #requestIsOlder(delivery: number): boolean {
    if (this.#mailbox.size() === 0) return false;
    return this.#context.arrivedNs(this.#mailbox.at(0)) < this.#context.deliveredNs(delivery);
  }

  #beginWork(worker: number): void {
    this.#attempt.data[worker]!++;
    this.#step.data[worker] = -1;
    const sampler = this.#samplers[this.#scalars.data[SAMPLER]!]!;
    this.#wait(msToNs(sampler.sample()), WORKED, worker);
  }

  #worked(worker: number): void {
    const failed = this.#errors.uniform() < this.#live.data[ERROR_RATE]!;
    if (failed) this.#attemptFailed(worker, "error");
    else this.#nextStep(worker);
  }

  #nextStep(worker: number): void {
    const steps = this.#stepsOf(worker);
    for (;;) {
      const index = ++this.#step.data[worker]!;
      const step = steps[index];
      if (step === undefined) return this.#finish(worker, "");
      if (this.#startStep(worker, step)) return;
    }
  }

  #stepsOf(worker: number): readonly Step[] {
    const handler = this.#plan.handlers[this.#context.contractOf(this.#message(worker))]!;
    return this.#failing.data[worker] === 1 ? handler.whenFailed : handler.steps;
  }

  /** Starts a step; false when it is over at once. */
  #startStep(worker: number, step: Step): boolean {
    const cause = this.#message(worker);
    const generation = ++this.#generation.data[worker]!;
    switch (step.does) {
      case "write":
        this.#wait(this.#context.writeNs(step.connection), WRITTEN, worker);
        return true;
      case "call":
        this.#call.data[worker] = this.#context.call(step.connection, cause, worker, generation);
        return true;
      case "publish":
        if (!this.#context.publishes(step.connection)) return false;
        this.#context.publish(step.connection, cause, worker, generation);
        return true;
    }
  }

  #written(worker: number): void {
    const step = this.#stepsOf(worker)[this.#step.data[worker]!]!;
    this.#context.write(step.connection, this.#message(worker));
    this.#nextStep(worker);
  }

  #attemptFailed(worker: number, reason: string): void {
    const attempt = this.#attempt.data[worker]!;
    if (attempt < this.#live.data[ATTEMPTS]!) {
      this.#context.retried(this.#message(worker), reason);
      const rule: Backoff = { ...this.#plan.values, backoff: this.#live.data[BACKOFF]! };
      this.#wait(backoffNs(rule, attempt, this.#jitter), RETRY, worker);
      return;
    }
    this.#failing.data[worker] = 1;
    if (this.#stepsOf(worker).length === 0) return this.#finish(worker, reason);
    this.#step.data[worker] = -1;
    this.#nextStep(worker);
  }

  #finish(worker: number, failure: string): void {
    const isSetAside = this.#failing.data[worker] === 1 && failure === "";
    const reason = isSetAside ? "set-aside" : failure;
    const handle = this.#handle.data[worker]!;
    const isRequest = this.#kind.data[worker] === REQUEST;
    const since = isRequest ? this.#context.arrivedNs(handle) : this.#context.deliveredNs(handle);
    this.#context.handled(this.#message(worker), since, reason);
    this.#kind.data[worker] = IDLE;
    this.#generation.data[worker]!++;
    this.#count(-1, -1);
    if (isRequest) this.#context.respond(handle, reason);
    else this.#context.settle(handle, verdictOf(failure, isSetAside));
    // Settling may have handed the worker its next delivery, which started it already.
    if (this.#kind.data[worker] === IDLE) this.#takeNext(worker);
  }

  // Coming and going.

  #join(worker: number): void {
    if (this.#joined.data[worker] === 1) return;
    this.#joined.data[worker] = 1;
    for (const subscription of this.#plan.subscriptions) this.#context.join(subscription, worker);
  }

  #abort(worker: number, how: Departure): void {
    this.#generation.data[worker]!++;
    const call = this.#call.data[worker]!;
    if (call >= 0) this.#context.abandonCall(call);
    this.#call.data[worker] = -1;
    const request = this.#kind.data[worker] === REQUEST ? this.#handle.data[worker]! : -1;
    this.#kind.data[worker] = IDLE;
    this.#inboxes.clear(worker);
    if (request >= 0) this.#context.respond(request, "unavailable");
    this.#joined.data[worker] = 0;
    for (const subscription of this.#plan.subscriptions)
      this.#context.leave(subscription, worker, how);
  }

  #setWorkers(workers: number): void {
    this.#ensureWorkers(workers);
    this.#scalars.data[WORKERS] = workers;
    this.#count(0, 0);
    if (!this.isUp()) return;
    for (let worker = 0; worker < this.#joined.length; worker++) {
      if (worker < workers) this.#join(worker);
      if (this.#kind.data[worker] === IDLE) this.#takeNext(worker);
    }
  }

  #retires(worker: number): boolean {
    return worker >= this.workers();
  }

  /** An idle worker that is one too many leaves; what waits in its inbox goes back to the broker. */
  #retire(worker: number): void {
    if (this.#joined.data[worker] === 0) return;
    this.#count(0, -this.#inboxes.size(worker));
    this.#abort(worker, "close");
  }

  #ensureWorkers(workers: number): void {
    this.#inboxes.ensure(workers);
    for (const column of [this.#kind, this.#handle, this.#step, this.#attempt, this.#failing])
      column.resize(Math.max(column.length, workers));
    for (const column of [this.#generation, this.#joined])
      column.resize(Math.max(column.length, workers));
    while (this.#call.length < workers) this.#call.push(-1);
  }

  // Small things.

  #message(worker: number): number {
    const handle = this.#handle.data[worker]!;
    return this.#kind.data[worker] === REQUEST
      ? this.#context.messageOfRequest(handle)
      : this.#context.messageOfDelivery(handle);
  }

  /** Waits in a new generation of the worker's job. */
  #wait(delayNs: number, code: number, worker: number): void {
    this.#context.schedule(delayNs, code, worker, ++this.#generation.data[worker]!);
  }

  /** An idle worker, taking turns; −1 when all are at work. */
  #idleWorker(): number {
    const workers = this.workers();
    const first = this.#scalars.data[NEXT_WORKER]!;
    for (let i = 0; i < workers; i++) {
      const worker = (first + i) % workers;
      if (this.#kind.data[worker] !== IDLE) continue;
      this.#scalars.data[NEXT_WORKER] = (worker + 1) % workers;
      return worker;
    }
    return -1;
  }

  #count(busy: number, inside: number): void {
    const scalars = this.#scalars.data;
    scalars[BUSY]! += busy;
    scalars[INSIDE]! += inside;
    this.#context.occupancy(scalars[BUSY]!, scalars[INSIDE]!);
  }
}

function verdictOf(failure: string, isSetAside: boolean): Verdict {
  if (isSetAside) return "set-aside";
  return failure === "" ? "done" : "failed";
}
