// A service in a run. Workers take deliveries (each its own) and requests (shared), work on them and walk
// through the steps of the handler. Every life of a worker's job has a generation, so that timers and
// answers that belong to an earlier life (before a crash, before a retry) are recognised and ignored.

import type { FieldValue } from "../base/fields.ts";
import type { Departure, Verdict } from "../brokers/technology.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { RunningNode, ServiceContext } from "./context.ts";
import { Headcount } from "./headcount.ts";
import { Inbox } from "./patterns/inbox.ts";
import { Pauses } from "./pauses.ts";
import { Scaling } from "./scaling.ts";
import type { ServicePlan, Step } from "./servicePlan.ts";
import { ServiceSettings } from "./serviceSettings.ts";
import { SharedCores } from "./sharedCores.ts";
import { WaitingLine } from "./waitingLine.ts";
import { activity, Workers } from "./workers.ts";

// Timers.
const WORKED = 0;
const WRITTEN = 1;
const RETRY = 2;
const WARM = 3;
const LOOK = 4;
const SHARED = 5;
const UNREADABLE = 6;
const SCALING = 7;
const KNOWN = 8;

/** The running service. */
export class ServiceRun implements RunningNode {
  readonly #plan: ServicePlan;
  readonly #context: ServiceContext;
  readonly #headcount: Headcount;
  readonly #settings: ServiceSettings;
  readonly #workers: Workers;
  readonly #waiting: WaitingLine;
  readonly #pauses: Pauses;
  /** Absent when every worker has a core of its own. */
  readonly #cores: SharedCores | undefined;
  readonly #scaling: Scaling;
  readonly #inbox: Inbox;
  readonly #errors: RandomStream;
  readonly #jitter: RandomStream;
  /** The worker whose publication is being handed over, and its outcome if that is known at once. Thousands of steps
   *  that are over at once must not call each other. Idle between events, hence not in the arena. */
  #publishing = -1;
  #outcome: string | undefined;

  constructor(plan: ServicePlan, context: ServiceContext) {
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#workers = new Workers(arena, plan.id);
    this.#waiting = new WaitingLine(plan.id, plan.values.order, context);
    this.#pauses = new Pauses(plan, context);
    if (plan.values.cores !== null)
      this.#cores = new SharedCores(plan.id, plan.values.cores, context, SHARED);
    this.#scaling = new Scaling(plan, context, SCALING, this);
    this.#headcount = new Headcount(plan.id, context, plan.values.concurrency, this.#scaling);
    this.#inbox = new Inbox(arena, plan.id, plan.values);
    this.#settings = new ServiceSettings(arena, plan.id, plan.values, context.random("work"));
    this.#errors = context.random("errors");
    this.#jitter = context.random("jitter");
    this.#ensureWorkers(plan.values.concurrency);
  }

  /** Joins every worker to every subscription at time 0. */
  start(): void {
    this.#begin();
    this.#scaling.start();
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
    const worker = this.#workers.takeTurn(this.workers());
    if (worker < 0 && this.#waiting.requests() >= this.#settings.number("mailbox"))
      return "overloaded";
    this.#waiting.addRequest(request);
    this.#headcount.countInside(1);
    if (worker >= 0) this.#takeNext(worker);
    return "";
  }

  wake(code: number, worker: number, generation: number): void {
    if (code === SHARED) return this.#sharedWorkEnded(generation);
    if (code === SCALING) return this.#scaling.wake(worker, generation);
    if (!this.#workers.lives(worker, generation)) return;
    if (code === WORKED) this.#worked(worker);
    else if (code === WRITTEN) this.#written(worker);
    else if (code === LOOK) this.#awake(worker);
    else if (code === KNOWN) this.#finish(worker, "");
    else if (code === UNREADABLE) this.#attemptFailed(worker, this.#unreadable(worker, 0));
    else this.#beginWork(worker);
  }

  /** The outcome of a publication that a worker waits for. */
  published(worker: number, generation: number, failure: string): void {
    if (!this.#workers.lives(worker, generation)) return;
    if (worker === this.#publishing) this.#outcome = failure;
    else if (failure === "") this.#nextStep(worker);
    else this.#publicationFailed(worker, failure);
  }

  #publicationFailed(worker: number, failure: string): void {
    if (this.#workers.isFailing(worker)) this.#finish(worker, `publish-${failure}`);
    else this.#attemptFailed(worker, `publish-${failure}`);
  }

  /** The outcome of a call that a worker waits for. */
  answered(worker: number, generation: number, failure: string): void {
    if (!this.#workers.lives(worker, generation)) return;
    this.#workers.setCall(worker, -1);
    if (failure === "") this.#nextStep(worker);
    else this.#attemptFailed(worker, `call-${failure}`);
  }

  /** All workers stop at once; what they held is left to brokers and callers. */
  crash(): void {
    if (!this.isUp()) return;
    this.#headcount.goDown();
    for (let worker = 0; worker < this.#workers.rows(); worker++)
      if (this.#workers.hasJoined(worker)) this.#abort(worker, "crash");
    while (this.#waiting.requests() > 0)
      this.#context.respond(this.#waiting.takeRequest(), "unavailable");
    this.#headcount.clear();
  }

  /** Comes back with all its workers. */
  restart(): void {
    if (this.isUp()) return;
    this.#headcount.comeUp();
    this.#begin();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "concurrency") this.#scaling.want(Number(value), 0);
    else if (parameter === "idempotent") this.#inbox.switch(value === true);
    else this.#settings.set(parameter, value);
  }

  // Work.

  #takeNext(worker: number): void {
    if (worker >= this.workers()) return this.#retire(worker);
    if (this.#workers.isAsleep(worker)) return;
    const next = this.#waiting.next(worker);
    if (next === activity.idle) return this.#rest(worker);
    const isRequest = next === activity.request;
    const handle = isRequest ? this.#waiting.takeRequest() : this.#waiting.takeDelivery(worker);
    this.#workers.take(worker, next, handle);
    this.#headcount.countBusy(1);
    const idleNs = this.#context.now() - this.#workers.idleNs.data[worker]!;
    const coldStartNs = this.#pauses.coldStartNs(idleNs);
    if (coldStartNs > 0) this.#wait(coldStartNs, WARM, worker);
    else this.#beginWork(worker);
  }

  /** A worker that has nothing to do: where it polls, it sleeps until it looks again. */
  #rest(worker: number): void {
    if (!this.#pauses.polls()) return;
    this.#workers.setAsleep(worker, true);
    this.#wait(this.#pauses.pollNs(), LOOK, worker);
  }

  #awake(worker: number): void {
    this.#workers.setAsleep(worker, false);
    this.#takeNext(worker);
  }

  #beginWork(worker: number): void {
    const attempt = this.#workers.tryAgain(worker);
    this.#context.started(this.#message(worker), attempt);
    if (attempt === 1 && this.#inbox.isOn() && this.#isKnown(worker))
      return this.#wait(0, KNOWN, worker);
    // What cannot be read fails before any work, but as an event of its own: thousands of them wait in an inbox.
    if (this.#plan.readsVersions && this.#unreadable(worker, attempt) !== "")
      return this.#wait(0, UNREADABLE, worker);
    const workNs = this.#settings.serviceTimeNs();
    if (this.#cores === undefined) this.#wait(workNs, WORKED, worker);
    else this.#cores.begin(worker, workNs);
  }

  #sharedWorkEnded(plan: number): void {
    const worker = this.#cores!.finish(plan);
    if (worker < 0) return;
    this.#worked(worker);
    this.#cores!.goOn(plan);
  }

  #worked(worker: number): void {
    const failed = this.#errors.uniform() < this.#settings.number("errorRate");
    if (failed) this.#attemptFailed(worker, "error");
    else this.#nextStep(worker);
  }

  #nextStep(worker: number): void {
    const steps = this.#stepsOf(worker);
    for (;;) {
      const index = this.#workers.nextStep(worker);
      const step = steps[index];
      if (step === undefined) return this.#finish(worker, "");
      const failure = this.#startStep(worker, step);
      if (failure === undefined) return;
      if (failure !== "") return this.#publicationFailed(worker, failure);
    }
  }

  #stepsOf(worker: number): readonly Step[] {
    const handler = this.#plan.handlers[this.#context.contractOf(this.#message(worker))]!;
    return this.#workers.isFailing(worker) ? handler.whenFailed : handler.steps;
  }

  /** Starts a step. Undefined while it goes on; "" when it is over at once, or why it failed at once. */
  #startStep(worker: number, step: Step): string | undefined {
    const cause = this.#message(worker);
    const generation = this.#workers.renew(worker);
    switch (step.does) {
      case "write":
        this.#wait(this.#context.writeNs(step.connection), WRITTEN, worker);
        return undefined;
      case "call":
        this.#workers.setCall(
          worker,
          this.#context.call(step.connection, cause, worker, generation),
        );
        return undefined;
      case "publish":
        if (!this.#context.publishes(step.connection)) return "";
        this.#publishing = worker;
        this.#outcome = undefined;
        this.#context.publish(step.connection, cause, worker, generation);
        this.#publishing = -1;
        return this.#outcome;
    }
  }

  #written(worker: number): void {
    const step = this.#stepsOf(worker)[this.#workers.step(worker)]!;
    this.#context.write(step.connection, this.#message(worker));
    // The last write and the note of it are one transaction.
    if (this.#stepsOf(worker)[this.#workers.step(worker) + 1]?.does !== "write")
      this.#remember(worker);
    this.#nextStep(worker);
  }

  #attemptFailed(worker: number, reason: string): void {
    const attempt = this.#workers.attempt(worker);
    if (attempt < this.#settings.number("attempts")) {
      this.#context.retried(this.#message(worker), reason);
      const waited = this.#workers.waitedNs.data;
      const waitedNs = attempt === 1 ? 0 : waited[worker]!;
      waited[worker] = this.#settings.backoffNs(attempt, waitedNs, this.#jitter);
      this.#wait(waited[worker], RETRY, worker);
      return;
    }
    this.#workers.fail(worker);
    if (this.#stepsOf(worker).length === 0) return this.#finish(worker, reason);
    this.#nextStep(worker);
  }

  #finish(worker: number, failure: string): void {
    const isSetAside = this.#workers.isFailing(worker) && failure === "";
    if (failure === "") this.#remember(worker);
    const reason = isSetAside ? "set-aside" : failure;
    const handle = this.#workers.handle(worker);
    const isRequest = this.#workers.isOnRequest(worker);
    if (isRequest) this.#context.handledRequest(handle, reason);
    else this.#context.handledDelivery(handle, reason);
    this.#workers.letGo(worker);
    this.#workers.idleNs.data[worker] = this.#context.now();
    this.#headcount.countBusy(-1);
    this.#headcount.countInside(-1);
    if (isRequest) this.#context.respond(handle, reason);
    else this.#context.settle(handle, verdictOf(failure, isSetAside));
    // Settling may have handed the worker its next delivery, which started it already.
    if (this.#workers.isIdle(worker)) this.#takeNext(worker);
  }

  // What was dealt with before.

  #isKnown(worker: number): boolean {
    const message = this.#message(worker);
    return this.#inbox.has(message, this.#context.idOf(message), this.#context.now());
  }

  #remember(worker: number): void {
    if (!this.#inbox.isOn()) return;
    const message = this.#message(worker);
    this.#inbox.remember(message, this.#context.idOf(message), this.#context.now());
  }

  // Coming and going.

  #join(worker: number): void {
    if (this.#workers.hasJoined(worker)) return;
    this.#workers.setJoined(worker, true);
    for (const subscription of this.#plan.subscriptions) this.#context.join(subscription, worker);
  }

  #abort(worker: number, how: Departure): void {
    const call = this.#workers.call(worker);
    if (call >= 0) this.#context.abandonCall(call);
    this.#workers.setCall(worker, -1);
    const request = this.#workers.isOnRequest(worker) ? this.#workers.handle(worker) : -1;
    this.#workers.letGo(worker);
    this.#workers.setAsleep(worker, false);
    this.#workers.idleNs.data[worker] = -Infinity;
    this.#cores?.abandon(worker);
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

  #message(worker: number): number {
    const handle = this.#workers.handle(worker);
    return this.#workers.isOnRequest(worker)
      ? this.#context.messageOfRequest(handle)
      : this.#context.messageOfDelivery(handle);
  }

  #unreadable(worker: number, attempt: number): string {
    const handle = this.#workers.handle(worker);
    return this.#workers.isOnRequest(worker)
      ? this.#context.unreadableRequest(handle, attempt)
      : this.#context.unreadableDelivery(handle, attempt);
  }

  /** Waits in a new generation of the worker's job. */
  #wait(delayNs: number, code: number, worker: number): void {
    this.#context.schedule(delayNs, code, worker, this.#workers.renew(worker));
  }
}

function verdictOf(failure: string, isSetAside: boolean): Verdict {
  if (isSetAside) return "set-aside";
  return failure === "" ? "done" : "failed";
}
