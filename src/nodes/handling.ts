// The walk of a service's workers through the steps of its handlers: attempts, outcomes, and what follows from them.
// Every step begins a new life of the worker, so that timers and answers that belong to an earlier one (before a
// crash, before a retry) are recognised and ignored.

import type { FieldValue } from "../base/fields.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { ServiceContext } from "./context.ts";
import { Inbox } from "./patterns/inbox.ts";
import type { ServicePlan } from "./servicePlan.ts";
import { ServiceSettings } from "./serviceSettings.ts";
import { timers } from "./serviceTimers.ts";
import { SharedCores } from "./sharedCores.ts";
import { outcome, type Step, type Walk } from "./steps/kind.ts";
import { part, type Workers } from "./workers.ts";

/** Why a message failed that the steps after a final failure have dealt with. */
export const setAside = "set-aside";

/** Who has given the workers something to handle, and takes them back. */
export interface Dispatcher {
  /** A worker is through: done, refused or failed (one of `outcome`), and why it failed ("" otherwise). */
  ended(worker: number, how: number, reason: string): void;
}

/** The handling of one service. */
export class Handling implements Walk {
  readonly context: ServiceContext;
  readonly workers: Workers;
  readonly settings: ServiceSettings;
  readonly errors: RandomStream;
  readonly cores: SharedCores | undefined;
  readonly #plan: ServicePlan;
  readonly #dispatcher: Dispatcher;
  readonly #inbox: Inbox;
  readonly #jitter: RandomStream;
  /** The worker whose publication is being handed over, and its outcome if that is known at once. Thousands of steps
   *  that are over at once must not call each other. Idle between events, hence not in the arena. */
  #publishing = -1;
  #known: number = outcome.underWay;
  /** Why the latest step did not get done; idle between events, too. */
  #reason = "";

  constructor(
    plan: ServicePlan,
    context: ServiceContext,
    workers: Workers,
    dispatcher: Dispatcher,
  ) {
    const { id, values } = plan;
    this.#plan = plan;
    this.context = context;
    this.workers = workers;
    this.#dispatcher = dispatcher;
    if (values.cores !== null)
      this.cores = new SharedCores(id, values.cores, context, timers.shared);
    this.#inbox = new Inbox(context.arena, id, values);
    this.settings = new ServiceSettings(context.arena, id, values, context.random("work"));
    this.errors = context.random("errors");
    this.#jitter = context.random("jitter");
  }

  /** Begins the next attempt of a worker. */
  begin(worker: number): void {
    const attempt = this.workers.tryAgain(worker);
    this.context.started(this.message(worker), attempt, worker);
    if (attempt === 1 && this.#inbox.isOn() && this.#isKnown(worker))
      return this.#wait(0, timers.known, worker);
    // What cannot be read fails before any work, but as an event of its own: thousands of them wait in an inbox.
    if (this.#plan.readsVersions && this.#unreadable(worker, attempt) !== "")
      return this.#wait(0, timers.unreadable, worker);
    this.#goOn(worker);
  }

  /** A timer of a worker in its present life has fired. */
  wake(code: number, worker: number): void {
    if (code === timers.over) this.#over(worker);
    else if (code === timers.known) this.#end(worker, outcome.done, "");
    else if (code === timers.unreadable) this.#attemptFailed(worker, this.#unreadable(worker, 0));
    else this.begin(worker);
  }

  /** Work on shared cores has ended. */
  wakeShared(shared: number): void {
    const worker = this.cores!.finish(shared);
    if (worker < 0) return;
    this.#over(worker);
    this.cores!.goOn(shared);
  }

  /** The outcome of a publication that a worker waits for. */
  published(worker: number, life: number, failure: string): void {
    if (!this.workers.lives(worker, life)) return;
    const what = failure === "" ? outcome.done : this.because(outcome.failed, `publish-${failure}`);
    if (worker === this.#publishing) this.#known = what;
    else this.#came(worker, what);
  }

  /** The outcome of a call that a worker waits for. */
  answered(worker: number, life: number, failure: string): void {
    if (!this.workers.lives(worker, life)) return;
    this.workers.setCall(worker, -1);
    this.#came(
      worker,
      failure === "" ? outcome.done : this.because(outcome.failed, `call-${failure}`),
    );
  }

  /** What a worker handles is taken from it: whatever it waits for is given up. */
  abandon(worker: number): void {
    const call = this.workers.call(worker);
    if (call >= 0) this.context.abandonCall(call);
    this.workers.setCall(worker, -1);
    this.cores?.abandon(worker);
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "idempotent") this.#inbox.switch(value === true);
    else this.settings.set(parameter, value);
  }

  // What steps use.

  message(worker: number): number {
    const handle = this.workers.handle(worker);
    return this.workers.isOnRequest(worker)
      ? this.context.messageOfRequest(handle)
      : this.context.messageOfDelivery(handle);
  }

  overAfter(delayNs: number, worker: number): void {
    this.context.schedule(delayNs, timers.over, worker, this.workers.life(worker));
  }

  publish(connection: number, worker: number): number {
    this.#publishing = worker;
    this.#known = outcome.underWay;
    this.context.publish(connection, this.message(worker), worker, this.workers.life(worker));
    this.#publishing = -1;
    return this.#known;
  }

  because(what: number, reason: string): number {
    this.#reason = reason;
    return what;
  }

  // The walk.

  #goOn(worker: number): void {
    this.#goOnWith(this.#stepsOf(worker), worker);
  }

  #goOnWith(steps: readonly Step[], worker: number): void {
    for (;;) {
      const step = steps[this.workers.nextStep(worker)];
      if (step === undefined) return this.#through(worker);
      this.workers.renew(worker);
      const what = step.kind.start(step, worker, this);
      if (what === outcome.underWay) return;
      if (what !== outcome.done) return this.#stopped(worker, what);
    }
  }

  #stepsOf(worker: number): readonly Step[] {
    const handler = this.#plan.handlers[this.context.contractOf(this.message(worker))]!;
    const now = this.workers.part(worker);
    if (now === part.steps) return handler.steps;
    return now === part.whenFailed ? handler.whenFailed : handler.whenRefused;
  }

  #over(worker: number): void {
    const steps = this.#stepsOf(worker);
    const step = steps[this.workers.step(worker)]!;
    const what = step.kind.over(step, worker, this);
    if (what !== outcome.done) return this.#stopped(worker, what);
    if (step.concludes) this.#remember(worker);
    this.#goOnWith(steps, worker);
  }

  #came(worker: number, what: number): void {
    if (what === outcome.done) this.#goOn(worker);
    else this.#stopped(worker, what);
  }

  /** A step did not get done. */
  #stopped(worker: number, what: number): void {
    const reason = this.#reason;
    if (this.workers.part(worker) !== part.steps) this.#end(worker, outcome.failed, reason);
    else if (what === outcome.refused) this.#refused(worker, reason);
    else this.#attemptFailed(worker, reason);
  }

  #refused(worker: number, reason: string): void {
    this.context.declined(this.message(worker), reason);
    this.workers.begin(worker, part.whenRefused);
    this.#goOn(worker);
  }

  #attemptFailed(worker: number, reason: string): void {
    const attempt = this.workers.attempt(worker);
    if (attempt < this.settings.number("attempts")) {
      this.context.retried(this.message(worker), reason);
      const waited = this.workers.waitedNs.data;
      const waitedNs = attempt === 1 ? 0 : waited[worker]!;
      waited[worker] = this.settings.backoffNs(attempt, waitedNs, this.#jitter);
      this.#wait(waited[worker], timers.retry, worker);
      return;
    }
    this.workers.begin(worker, part.whenFailed);
    if (this.#stepsOf(worker).length === 0) this.#end(worker, outcome.failed, reason);
    else this.#goOn(worker);
  }

  /** All steps of the present part are done. */
  #through(worker: number): void {
    const now = this.workers.part(worker);
    if (now === part.steps) this.#end(worker, outcome.done, "");
    else if (now === part.whenFailed) this.#end(worker, outcome.failed, setAside);
    else this.#end(worker, outcome.refused, "");
  }

  #end(worker: number, how: number, reason: string): void {
    if (how !== outcome.failed || reason === setAside) this.#remember(worker);
    this.#dispatcher.ended(worker, how, reason);
  }

  // What was dealt with before.

  #isKnown(worker: number): boolean {
    const message = this.message(worker);
    return this.#inbox.has(message, this.context.idOf(message), this.context.now());
  }

  #remember(worker: number): void {
    if (!this.#inbox.isOn()) return;
    const message = this.message(worker);
    this.#inbox.remember(message, this.context.idOf(message), this.context.now());
  }

  #unreadable(worker: number, attempt: number): string {
    const handle = this.workers.handle(worker);
    return this.workers.isOnRequest(worker)
      ? this.context.unreadableRequest(handle, attempt)
      : this.context.unreadableDelivery(handle, attempt);
  }

  /** Waits in a new life of the worker. */
  #wait(delayNs: number, code: number, worker: number): void {
    this.context.schedule(delayNs, code, worker, this.workers.renew(worker));
  }
}
