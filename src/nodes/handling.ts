// The walk of a service's workers through the steps of its handlers: attempts, outcomes, and what follows from them.
// Every step begins a new life of the worker, so that timers and answers that belong to an earlier one (before a
// crash, before a retry) are recognised and ignored.

import type { FieldValue } from "../base/fields.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import { allHandlersOf, hasDelays, ownWorksOf } from "./allHandlers.ts";
import type { ServiceContext } from "./context.ts";
import { Decisions } from "./patterns/decisions.ts";
import { isPermanent } from "./patterns/errorClasses.ts";
import { Inbox } from "./patterns/inbox.ts";
import { Outbox } from "./patterns/outbox.ts";
import { isPoison } from "./patterns/poison.ts";
import type { Handler, ServicePlan, SharedByInstances } from "./servicePlan.ts";
import { Delayed } from "./patterns/delayed.ts";
import { Publishing } from "./publishing.ts";
import { ServiceSettings } from "./serviceSettings.ts";
import { timers } from "./serviceTimers.ts";
import { SharedCores } from "./sharedCores.ts";
import { Stalls } from "./stalls.ts";
import { declined, outcome, type Step, type Walk } from "./steps/kind.ts";
import { part, type Workers } from "./workers.ts";

/** Why a message failed that the steps after a final failure have dealt with. */
export const setAside = "set-aside";

/** How often in a row taking back one step may fail; then the handling ends half done, and says so. */
export const undoTriesMax = 1000;

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
  readonly outbox: Outbox | undefined;
  readonly delayed: Delayed | undefined;
  readonly publishing = new Publishing(this);
  readonly workTimes: readonly (Sampler | undefined)[];
  readonly refusalSeed: number;
  readonly #plan: ServicePlan;
  /** The handler, where it is the same for all that comes. */
  readonly #only: Handler | undefined;
  readonly #dispatcher: Dispatcher;
  readonly #shared: SharedByInstances;
  /** Absent where nothing is ever taken back. */
  readonly #decisions: Decisions | undefined;
  readonly stalls: Stalls;
  readonly #jitter: RandomStream;
  /** Why the latest step did not get done; idle between events, hence not in the arena. */
  #reason = "";

  constructor(
    plan: ServicePlan,
    context: ServiceContext,
    parts: {
      readonly workers: Workers;
      readonly dispatcher: Dispatcher;
      readonly shared: SharedByInstances | undefined;
    },
  ) {
    const { id, values } = plan;
    const { arena } = context;
    this.#plan = plan;
    this.context = context;
    this.workers = parts.workers;
    this.#dispatcher = parts.dispatcher;
    this.stalls = new Stalls(arena, id);
    if (values.cores !== null)
      this.cores = new SharedCores(plan, context, this.stalls, timers.shared);
    this.#shared = parts.shared ?? {
      id,
      inbox: new Inbox(id, values, plan.handlers.length, context),
    };
    if (values.outbox !== "none") this.outbox = new Outbox(id, values, context);
    this.settings = new ServiceSettings(arena, id, values, context.random("work"));
    this.errors = context.random("errors");
    this.#jitter = context.random("jitter");
    const handlers = allHandlersOf(plan);
    const works = ownWorksOf(handlers);
    const workTimes: (Sampler | undefined)[] = works.map(
      ({ number, time }) => time && createSampler(time, context.random(`work/${number}`)),
    );
    this.workTimes = workTimes;
    const refuses = works.some(({ refusalRate }) => refusalRate > 0);
    this.refusalSeed = refuses ? context.random("refusals").below(2 ** 30) : 0;
    if (handlers.some(({ undoes }) => undoes)) this.#decisions = new Decisions(arena, id);
    if (handlers.length === 1) this.#only = handlers[0];
    if (hasDelays(handlers)) this.delayed = new Delayed(id, context);
  }

  /** Begins the next attempt of a worker. */
  begin(worker: number): void {
    const attempt = this.workers.tryAgain(worker);
    const message = this.message(worker);
    this.context.started(message, attempt, worker);
    this.outbox?.begin(worker);
    if (attempt === 1 && this.#shared.inbox.isOn() && this.#shared.inbox.outcomeOf(message) !== 0)
      return this.#wait(0, timers.known, worker);
    if (attempt === 1 && this.#isToBeTakenBack(worker, message))
      return this.#wait(0, timers.undo, worker);
    // What cannot be read fails before any work, but as an event of its own: thousands of them wait in an inbox.
    if (this.#plan.readsVersions && this.#unreadable(worker, attempt) !== "")
      return this.#wait(0, timers.unreadable, worker);
    const { timeoutNs, steps } = this.#handlerOf(worker);
    if (timeoutNs < Infinity)
      this.context.schedule(timeoutNs, timers.timeout, worker, this.workers.term(worker));
    this.#goOnWith(steps, worker);
  }

  /** A timer of a worker in its present life has fired. */
  wake(code: number, worker: number): void {
    if (code === timers.over) this.#over(worker);
    else if (code === timers.known) this.#endKnown(worker);
    else if (code === timers.undo) this.#undoNext(worker);
    else if (code === timers.unreadable) this.#attemptFailed(worker, this.#unreadable(worker, 0));
    else this.begin(worker);
  }

  /** The time of an attempt is over. */
  wakeTimeout(worker: number, term: number): void {
    if (this.workers.term(worker) !== term) return;
    this.abandon(worker);
    this.#attemptFailed(worker, "timeout");
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
    const now = this.publishing.came(worker, what);
    if (now !== outcome.underWay) this.#came(worker, now);
  }

  /** The outcome of a call that a worker waits for. */
  answered(worker: number, life: number, failure: string): void {
    if (!this.workers.lives(worker, life)) return;
    this.workers.setCall(worker, -1);
    const what = failure === declined ? outcome.refused : outcome.failed;
    this.#came(worker, failure === "" ? outcome.done : this.because(what, `call-${failure}`));
  }

  /** What a worker handles is taken from it: whatever it waits for is given up. */
  abandon(worker: number): void {
    this.context.unlock(worker);
    const call = this.workers.call(worker);
    if (call >= 0) this.context.abandonCall(call);
    this.workers.setCall(worker, -1);
    this.cores?.abandon(worker);
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "idempotent") this.#shared.inbox.switch(value === true);
    else this.settings.set(parameter, value);
  }

  // What steps use.

  message(worker: number): number {
    if (this.workers.isOnTick(worker)) return -1;
    const handle = this.workers.handle(worker);
    return this.workers.isOnRequest(worker)
      ? this.context.messageOfRequest(handle)
      : this.context.messageOfDelivery(handle);
  }

  isPoison(worker: number): boolean {
    const message = this.message(worker);
    // What a timer begins has no message.
    if (message < 0) return false;
    const fingerprint = this.context.fingerprint(message, this.#plan.values.poisonBy);
    return isPoison(this.#shared.id, fingerprint, this.settings.share("poison"));
  }

  overAfter(delayNs: number, worker: number): void {
    this.context.schedule(delayNs, timers.over, worker, this.workers.life(worker));
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

  #handlerOf(worker: number): Handler {
    if (this.#only !== undefined) return this.#only;
    if (this.workers.isOnTick(worker))
      return this.#plan.timers[this.workers.handle(worker)]!.handler;
    return this.#plan.handlers[this.context.contractOf(this.message(worker))]!;
  }

  #stepsOf(worker: number): readonly Step[] {
    const handler = this.#handlerOf(worker);
    const now = this.workers.part(worker);
    if (now === part.whenFailed) return handler.whenFailed;
    return now === part.whenRefused ? handler.whenRefused : handler.steps;
  }

  #over(worker: number): void {
    const steps = this.#stepsOf(worker);
    const step = steps[this.workers.step(worker)]!;
    if (this.workers.part(worker) === part.undo)
      return this.#came(worker, step.undo!.kind.over(step.undo!, worker, this));
    // The note is part of the transaction of the last write: who comes second with the same key writes nothing.
    if (step.concludes && this.#wasFaster(worker)) return this.#endKnown(worker);
    const what = step.kind.over(step, worker, this);
    if (what === outcome.underWay) return;
    if (what !== outcome.done) return this.#stopped(worker, what);
    if (step.concludes) this.#remember(worker, outcome.done);
    this.#goOnWith(steps, worker);
  }

  #came(worker: number, what: number): void {
    if (this.workers.part(worker) === part.undo) this.#undone(worker, what);
    else if (what === outcome.done) this.#goOn(worker);
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
    this.context.unlock(worker);
    this.context.declined(this.message(worker), reason, worker);
    this.#conclude(worker, part.whenRefused);
  }

  #attemptFailed(worker: number, reason: string): void {
    this.context.unlock(worker);
    const attempt = this.workers.attempt(worker);
    if (attempt >= this.settings.number("attempts") || isPermanent(reason))
      return this.#failed(worker, reason);
    this.workers.endTerm(worker);
    this.context.retried(this.message(worker), reason, worker);
    this.#wait(this.#backoffNs(worker, attempt), timers.retry, worker);
  }

  /** Draws the wait before an attempt that is tried again [ns]. */
  #backoffNs(worker: number, attempt: number): number {
    const waited = this.workers.waitedNs.data;
    const waitedNs = attempt === 1 ? 0 : waited[worker]!;
    return (waited[worker] = this.settings.backoffNs(attempt, waitedNs, this.#jitter));
  }

  #failed(worker: number, reason: string): void {
    const handler = this.#handlerOf(worker);
    if (!handler.undoes && handler.whenFailed.length === 0)
      return this.#end(worker, outcome.failed, reason);
    this.#conclude(worker, part.whenFailed);
  }

  /** The steps are not gone through to their end: what they did is taken back, then another part follows. */
  #conclude(worker: number, then: number): void {
    this.workers.endTerm(worker);
    if (!this.#handlerOf(worker).undoes) return this.#follow(worker, then);
    const [message, step] = [this.message(worker), this.workers.step(worker)];
    this.#decisions!.note(message, this.context.idOf(message), step, then);
    this.workers.beginUndo(worker, step, then);
    this.#undoNext(worker);
  }

  #follow(worker: number, then: number): void {
    this.workers.begin(worker, then);
    this.#goOn(worker);
  }

  /** All steps of the present part are done. */
  #through(worker: number): void {
    const now = this.workers.part(worker);
    if (now === part.steps) this.#end(worker, outcome.done, "");
    else if (now === part.whenRefused) this.#end(worker, outcome.refused, "");
    else {
      const isSetAside = this.#handlerOf(worker).whenFailed.length > 0;
      this.#end(worker, outcome.failed, isSetAside ? setAside : "undone");
    }
  }

  #end(worker: number, how: number, reason: string): void {
    this.context.unlock(worker);
    if (how !== outcome.failed) this.#remember(worker, how);
    else if (reason === setAside) this.#remember(worker, outcome.done);
    this.#dispatcher.ended(worker, how, reason);
  }

  // Taking back.

  /** Whether it was decided before a crash that what a message has done is to be taken back. */
  #isToBeTakenBack(worker: number, message: number): boolean {
    if (this.#decisions === undefined || message < 0) return false;
    const step = this.#decisions.stepOf(message, this.context.idOf(message));
    if (step >= 0) this.workers.beginUndo(worker, step, this.#decisions.thenOf(message));
    return step >= 0;
  }

  /** Takes back the latest step that is not taken back yet. */
  #undoNext(worker: number): void {
    const steps = this.#stepsOf(worker);
    for (;;) {
      const position = this.workers.stepBack(worker);
      if (position < 0) return this.#follow(worker, this.workers.afterUndo(worker));
      const { undo } = steps[position]!;
      if (undo === undefined) continue;
      this.workers.renew(worker);
      const what = undo.kind.start(undo, worker, this);
      if (what === outcome.underWay) return;
      if (what !== outcome.done) return this.#undone(worker, what);
    }
  }

  /** A step was taken back, or not: then it is tried again. */
  #undone(worker: number, what: number): void {
    if (what === outcome.done) {
      this.workers.forgetTries(worker);
      return this.#undoNext(worker);
    }
    const tries = this.workers.countTry(worker);
    if (tries >= undoTriesMax) return this.#end(worker, outcome.failed, "half-done");
    this.context.retried(this.message(worker), this.#reason, worker);
    this.#wait(this.#backoffNs(worker, tries), timers.undo, worker);
  }

  // What was dealt with before.

  #remember(worker: number, how: number): void {
    if (this.#shared.inbox.isOn()) this.#shared.inbox.remember(this.message(worker), how);
  }

  #wasFaster(worker: number): boolean {
    if (
      !this.#shared.inbox.isOn() ||
      !this.#shared.inbox.isByKey ||
      this.workers.attempt(worker) > 1
    )
      return false;
    return this.#shared.inbox.outcomeOf(this.message(worker)) !== 0;
  }

  /** It was dealt with before, and comes out as then. */
  #endKnown(worker: number): void {
    const how = this.#shared.inbox.outcomeOf(this.message(worker));
    this.#end(worker, how === 0 ? outcome.done : how, "");
  }

  #unreadable(worker: number, attempt: number): string {
    if (this.workers.isOnTick(worker)) return "";
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
