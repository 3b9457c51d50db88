// A service in a run: workers come and go, take deliveries (each its own) and requests (shared), and give them back when
// they have been handled (handling.ts).

import type { FieldValue } from "../base/fields.ts";
import type { Departure, Verdict } from "../brokers/technology.ts";
import type { RunningNode, ServiceContext } from "./context.ts";
import { type Dispatcher, Handling, setAside } from "./handling.ts";
import { Headcount } from "./headcount.ts";
import { type OutboxCounts, outboxWaiter } from "./patterns/outbox.ts";
import { shed, Shedding } from "./patterns/shedding.ts";
import { Pauses } from "./pauses.ts";
import { Scaling } from "./scaling.ts";
import type { ServicePlan, SharedByInstances } from "./servicePlan.ts";
import { timers } from "./serviceTimers.ts";
import { declined, outcome } from "./steps/kind.ts";
import { pauseWork, resumeWork } from "./stalls.ts";
import { Ticking } from "./ticking.ts";
import { WaitingLine } from "./waitingLine.ts";
import { activity, Workers } from "./workers.ts";

/** Beside what a worker may do next: it is at something already. */
const started = -1;

/** The running service. */
export class ServiceRun implements RunningNode, Dispatcher {
  readonly #plan: ServicePlan;
  readonly #context: ServiceContext;
  readonly #headcount: Headcount;
  readonly #workers: Workers;
  readonly #waiting: WaitingLine;
  /** Absent where nothing is given up. */
  readonly #shedding: Shedding | undefined;
  readonly #pauses: Pauses;
  readonly #scaling: Scaling;
  readonly #handling: Handling;
  /** Absent when it does nothing by itself. */
  readonly #ticking: Ticking | undefined;

  /** What instances of one service share is handed in. */
  constructor(plan: ServicePlan, context: ServiceContext, shared?: SharedByInstances) {
    this.#plan = plan;
    this.#context = context;
    this.#workers = new Workers(context.arena, plan.id);
    this.#waiting = new WaitingLine(plan.id, plan.values, context);
    if (plan.values.shedding !== "none")
      this.#shedding = new Shedding(context.arena, plan.id, plan.values);
    this.#pauses = new Pauses(plan, context);
    this.#scaling = new Scaling(plan, context, timers.scaling, this);
    this.#headcount = new Headcount(plan.id, context, plan.values.concurrency, this.#scaling);
    this.#handling = new Handling(plan, context, {
      workers: this.#workers,
      dispatcher: this,
      shared,
    });
    if (plan.timers.length > 0) this.#ticking = new Ticking(plan, context);
    this.#ensureWorkers(plan.values.concurrency);
  }

  /** Joins every worker to every subscription at time 0. */
  start(): void {
    this.#begin();
    this.#scaling.start();
    this.#ticking?.start();
  }

  #begin(): void {
    this.#headcount.countBusy(0);
    for (let worker = 0; worker < this.workers(); worker++) this.#join(worker);
    for (let worker = 0; worker < this.workers(); worker++)
      if (this.#workers.isIdle(worker)) this.#rest(worker);
  }

  /** Whether it is up. */
  isUp(): boolean {
    return this.#headcount.isUp();
  }

  /** Number of workers. */
  workers(): number {
    return this.#headcount.workers();
  }

  /** Number of workers at work. */
  busy(): number {
    return this.#headcount.busy();
  }

  /** Messages and requests inside, waiting or at work. */
  inside(): number {
    return this.#headcount.inside();
  }

  /** A broker hands a delivery to a worker. */
  deliver(worker: number, delivery: number): void {
    this.#waiting.addDelivery(worker, delivery);
    this.#headcount.countInside(1);
    if (this.#workers.isIdle(worker)) this.#takeNext(worker);
  }

  /** A request arrives; "" when it was taken, else why it was refused. */
  accept(request: number): string {
    if (!this.isUp()) return "unavailable";
    const worker = this.#handling.stalls.isPaused() ? -1 : this.#workers.takeTurn(this.workers());
    const isFull = this.#waiting.requests() >= this.#handling.settings.number("mailbox");
    if (worker < 0 && isFull && !this.#makesRoomFor(request)) return "overloaded";
    this.#waiting.addRequest(request);
    this.#headcount.countInside(1);
    if (worker >= 0) this.#takeNext(worker);
    return "";
  }

  wake(code: number, worker: number, life: number): void {
    if (code === timers.shared) return this.#handling.wakeShared(life);
    if (code === timers.timeout) return this.#handling.wakeTimeout(worker, life);
    if (code === timers.outbox) return this.#handling.outbox?.wake(worker);
    if (code === timers.delayed) return this.#handling.delayed?.wake(worker, life, this.isPaused());
    if (code === timers.tick) return this.#tick(worker);
    if (code === timers.scaling) return this.#scaling.wake(worker, life);
    if (!this.#workers.lives(worker, life)) return;
    if (code === timers.look) this.#awake(worker);
    else if (code === timers.warm) this.#handling.begin(worker);
    else this.#handling.wake(code, worker);
  }

  /** What its outbox has done; undefined without one. */
  outbox(): OutboxCounts | undefined {
    return this.#handling.outbox?.counts();
  }

  /** The outcome of a publication that a worker waits for in a life. */
  published(worker: number, life: number, failure: string): void {
    if (worker < outboxWaiter) return this.#handling.published(worker, life, failure);
    this.#handling.outbox?.published(worker - outboxWaiter, life, failure);
  }

  /** The outcome of a call that a worker waits for in a life. */
  answered(worker: number, life: number, failure: string): void {
    this.#handling.answered(worker, life, failure);
  }

  /** All workers stop at once; what they held is left to brokers and callers. */
  crash(): void {
    if (!this.isUp()) return;
    this.#headcount.goDown();
    for (let worker = 0; worker < this.#workers.rows(); worker++)
      if (this.#workers.hasJoined(worker)) this.#abort(worker, "crash");
    while (this.#waiting.requests() > 0)
      this.#context.respond(this.#waiting.takeRequest(), "unavailable");
    this.#ticking?.clear();
    this.#handling.outbox?.crash();
    this.#handling.delayed?.crash();
    this.#headcount.clear();
    if (this.isPaused()) resumeWork(this.#handling);
  }

  /** Whether it stands still. */
  isPaused(): boolean {
    return this.#handling.stalls.isPaused();
  }

  /** Work that has begun stands still and nothing new begins, until `resume`; a crash ends that. */
  pause(): void {
    if (this.isUp() && !this.isPaused()) pauseWork(this.#handling);
  }

  /** Goes on after a pause. */
  resume(): void {
    if (!this.isPaused()) return;
    resumeWork(this.#handling);
    this.#handling.delayed?.resume();
    for (let worker = 0; worker < this.workers(); worker++)
      if (this.#workers.isIdle(worker)) this.#takeNext(worker);
  }

  /** How many times as long as usual work takes. */
  slowness(): number {
    return this.#handling.stalls.factor();
  }

  /** Goes in good order: workers end what they are at, what still waits is refused or goes back to its broker. */
  close(): void {
    this.setWorkers(0);
    this.#refuseWaiting();
  }

  #refuseWaiting(): void {
    let refused = 0;
    for (; this.#waiting.requests() > 0; refused++)
      this.#context.respond(this.#waiting.takeRequest(), "unavailable");
    this.#headcount.countInside(-refused);
  }

  /** Work that begins from now on takes so many times as long, also after a restart; 1: as usual. */
  slow(factor: number): void {
    this.#handling.stalls.slow(factor);
  }

  /** Comes back with all its workers. */
  restart(): void {
    if (this.isUp()) return;
    this.#headcount.comeUp();
    this.#handling.outbox?.restart();
    this.#begin();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "concurrency") this.#scaling.want(Number(value), 0);
    else this.#handling.set(parameter, value);
  }

  // Work.

  #takeNext(worker: number): void {
    if (worker >= this.workers()) return this.#retire(worker);
    if (this.#workers.isAsleep(worker) || this.#handling.stalls.isPaused()) return;
    const hasTick = this.#ticking !== undefined && this.#ticking.waiting() > 0;
    const next = hasTick ? activity.tick : this.#nextKept(worker);
    if (next === started) return;
    if (next === activity.idle) return this.#rest(worker);
    this.#workers.take(worker, next, this.#handleOf(next, worker));
    this.#headcount.countBusy(1);
    const idleNs = this.#context.now() - this.#workers.idleNs.data[worker]!;
    const coldStartNs = this.#pauses.coldStartNs(idleNs);
    if (coldStartNs > 0) this.#wait(coldStartNs, timers.warm, worker);
    else this.#handling.begin(worker);
  }

  /** What a worker would take next, when what is to be given up before it is gone. */
  #nextKept(worker: number): number {
    const shedding = this.#shedding;
    let next = this.#waiting.next(worker);
    if (shedding === undefined) return next;
    for (; next !== activity.idle; next = this.#waiting.next(worker)) {
      const nowNs = this.#context.now();
      const waitedNs = nowNs - this.#waiting.sinceNs(worker, next);
      const isLast = this.#headcount.inside() - this.busy() <= 1;
      if (!shedding.drops(nowNs, waitedNs, isLast)) return next;
      this.#giveUp(next, this.#handleOf(next, worker));
      // Who is told of it may have handed the worker something to do, which started it already.
      if (!this.#workers.isIdle(worker)) return started;
    }
    shedding.foundNothing();
    return next;
  }

  /** Whether the lowest of the requests that wait gives its place to a higher one. */
  #makesRoomFor(request: number): boolean {
    if (this.#plan.values.shedding !== "priority") return false;
    const lowest = this.#waiting.takeBelow(request);
    if (lowest >= 0) this.#giveUp(activity.request, lowest);
    return lowest >= 0;
  }

  /** What was taken off the line is not worked on: a request fails, a message counts as dealt with at its broker. */
  #giveUp(what: number, handle: number): void {
    const context = this.#context;
    const isRequest = what === activity.request;
    const message = isRequest
      ? context.messageOfRequest(handle)
      : context.messageOfDelivery(handle);
    context.concluded(message, shed);
    this.#headcount.countInside(-1);
    if (isRequest) context.respond(handle, shed);
    else context.settle(handle, "done");
  }

  /** Takes what a worker does next off its line. */
  #handleOf(next: number, worker: number): number {
    if (next === activity.delivery) return this.#waiting.takeDelivery(worker);
    return next === activity.request ? this.#waiting.takeRequest() : this.#ticking!.take();
  }

  #tick(timer: number): void {
    if (!this.#ticking!.fire(timer, this.isUp())) return;
    this.#headcount.countInside(1);
    const worker = this.#workers.takeTurn(this.workers());
    if (worker >= 0) this.#takeNext(worker);
  }

  /** A worker that has nothing to do: where it polls, it sleeps until it looks again. */
  #rest(worker: number): void {
    if (!this.#pauses.polls()) return;
    this.#workers.setAsleep(worker, true);
    this.#wait(this.#pauses.pollNs(), timers.look, worker);
  }

  #awake(worker: number): void {
    this.#workers.setAsleep(worker, false);
    this.#takeNext(worker);
  }

  ended(worker: number, how: number, reason: string): void {
    const handle = this.#workers.handle(worker);
    const isRequest = this.#workers.isOnRequest(worker);
    const isTick = this.#workers.isOnTick(worker);
    if (isRequest) this.#context.handledRequest(handle, reason, worker);
    else if (isTick) this.#context.handledTick(reason);
    else this.#context.handledDelivery(handle, reason, worker);
    this.#workers.letGo(worker);
    this.#workers.idleNs.data[worker] = this.#context.now();
    this.#headcount.countBusy(-1);
    this.#headcount.countInside(-1);
    if (isRequest) this.#context.respond(handle, how === outcome.refused ? declined : reason);
    else if (!isTick) this.#context.settle(handle, verdictOf(reason));
    // Settling may have handed the worker its next delivery, which started it already.
    if (this.#workers.isIdle(worker)) this.#takeNext(worker);
  }

  // Coming and going.

  #join(worker: number): void {
    if (this.#workers.hasJoined(worker)) return;
    this.#workers.setJoined(worker, true);
    for (const subscription of this.#plan.subscriptions) this.#context.join(subscription, worker);
  }

  /** Stops what a worker is at, as when its time is over: nothing is settled, nobody is answered. */
  abandon(worker: number): void {
    this.#handling.abandon(worker);
    this.#workers.letGo(worker);
    this.#headcount.countBusy(-1);
    this.#headcount.countInside(-1);
  }

  #abort(worker: number, how: Departure): void {
    this.#handling.abandon(worker);
    const request = this.#workers.isOnRequest(worker) ? this.#workers.handle(worker) : -1;
    this.#workers.letGo(worker);
    this.#workers.setAsleep(worker, false);
    this.#workers.idleNs.data[worker] = -Infinity;
    this.#waiting.clearInbox(worker);
    if (request >= 0) this.#context.respond(request, "unavailable");
    this.#workers.setJoined(worker, false);
    for (const subscription of this.#plan.subscriptions)
      this.#context.leave(subscription, worker, how);
  }

  /** From now on there are so many workers. */
  setWorkers(workers: number): void {
    this.#ensureWorkers(workers);
    this.#headcount.setWorkers(workers);
    if (!this.isUp()) return;
    for (let worker = 0; worker < this.#workers.rows(); worker++) {
      if (worker < workers) this.#join(worker);
      if (this.#workers.isIdle(worker)) this.#takeNext(worker);
    }
  }

  /** An idle worker that is one too many leaves; what waits in its inbox goes back to the broker. */
  #retire(worker: number): void {
    if (!this.#workers.hasJoined(worker)) return;
    this.#headcount.countInside(-this.#waiting.deliveries(worker));
    this.#abort(worker, "close");
  }

  #ensureWorkers(workers: number): void {
    this.#waiting.ensure(workers);
    this.#workers.ensure(workers);
  }

  /** Waits in a new life of the worker. */
  #wait(delayNs: number, code: number, worker: number): void {
    this.#context.schedule(delayNs, code, worker, this.#workers.renew(worker));
  }
}

function verdictOf(reason: string): Verdict {
  if (reason === "") return "done";
  return reason === setAside ? setAside : "failed";
}
