// A service of the naive engine: workers with jobs. A job is an object; when it is taken from its worker, whatever it
// waited for is cancelled.

import { assert } from "../../base/assert.ts";
import { type FieldValue, isDistribution, valuesOf } from "../../base/fields.ts";
import type { Departure, Verdict } from "../../brokers/technology.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type {
  CallConnection,
  ConsumeConnection,
  ReadConnection,
  ServiceNode,
  StepConnection,
  StepOutcome,
  WriteConnection,
} from "../../model/scenario.ts";
import type { HandlerStep, WorkStep } from "../../model/handler.ts";
import { publishFields } from "../../nodes/connections.ts";
import { isPoison } from "../../nodes/patterns/poison.ts";
import { service } from "../../nodes/service.ts";
import type { StoreLink } from "./atStore.suite.ts";
import type { Request } from "./calls.suite.ts";
import { undoTriesMax } from "../../nodes/handling.ts";
import { NaiveCores } from "./cores.suite.ts";
import { NaiveHandlers } from "./handlers.suite.ts";
import { givingWay, NaiveShedding } from "./shedding.suite.ts";
import { nextOf, requestGoesFirst, sinceOf, type Turn } from "./turns.suite.ts";
import type { Job, Worker } from "./jobs.suite.ts";
import { NaiveMemory } from "./memory.suite.ts";
import { NaiveOutbox } from "./outbox.suite.ts";
import { NaivePublishing } from "./publishing.suite.ts";
import { cancel } from "./eventArray.suite.ts";
import { type Delivery, type Message, rootOf } from "./things.suite.ts";
import { isNothing, waitNs } from "./waits.suite.ts";
import { NaiveScaling, parallelOf } from "./scaling.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** Reasons of the business; all others are failures. */
const refusals: ReadonlySet<string> = new Set(["declined", "not-enough", "call-declined"]);

/** The running service. */
export class NaiveService {
  readonly #world: NaiveWorld;
  readonly #id: string;
  readonly outbox: NaiveOutbox;
  readonly #publishing: NaivePublishing;
  readonly #subscriptions: readonly ConsumeConnection[];
  readonly #workers: Worker[] = [];
  readonly #handlers: NaiveHandlers;
  /** What was decided to be taken back, and from where. */
  readonly #decided = new Map<Message, { readonly at: number; readonly then: StepOutcome }>();
  #values: ReturnType<typeof valuesOf<typeof service.fields>>;
  #serviceTime: Sampler;
  readonly #coldStart: Sampler;
  readonly #poll: Sampler;
  readonly #cores: NaiveCores | undefined;
  #mailbox: Request[] = [];
  readonly #shedding = new NaiveShedding();
  #isUp = true;
  readonly #memory = new NaiveMemory();
  readonly #scaling: NaiveScaling;
  /** The worker at which the next search for an idle one begins. */
  #turn = 0;

  constructor(world: NaiveWorld, node: ServiceNode) {
    this.#world = world;
    this.#id = node.id;
    this.#values = valuesOf(service.fields, node.parameters ?? {});
    this.outbox = new NaiveOutbox(world, node.id, this.#values, () => this.#isUp);
    this.#publishing = new NaivePublishing(world, this.outbox);
    const { connections } = world.scenario;
    this.#subscriptions = connections.filter(
      (link): link is ConsumeConnection => link.kind === "consume" && link.to === node.id,
    );
    this.#handlers = new NaiveHandlers(world, node);
    const { serviceTime, coldStart, pollInterval, cores } = this.#values;
    this.#serviceTime = createSampler(serviceTime, world.random(node.id, "work"));
    this.#coldStart = createSampler(coldStart, world.random(node.id, "cold-start"));
    this.#poll = createSampler(pollInterval, world.random(node.id, "poll"));
    this.#cores = cores === null ? undefined : new NaiveCores(cores, world.events);
    this.#scaling = new NaiveScaling(world, node.id, this.#values, {
      isUp: () => this.#isUp,
      inside: () => this.inside(),
      busy: () => this.busy(),
      waiting: () =>
        this.#subscriptions.reduce((sum, link) => sum + world.brokerOf(link.from).waiting(link), 0),
      parallel: () => parallelOf(this.#world.scenario, this.#subscriptions),
      setWorkers: (workers) => this.#setWorkers(workers),
    });
    this.#hire();
  }

  start(): void {
    this.#begin();
    this.#scaling.start();
  }

  #begin(): void {
    this.#measure();
    for (const worker of this.#wanted()) this.#join(worker);
    for (const worker of this.#wanted()) if (worker.job === undefined) this.#rest(worker);
  }

  /** Requests and deliveries inside, at work or waiting. */
  inside(): number {
    const waiting = this.#workers.reduce((sum, { inbox }) => sum + inbox.length, 0);
    return this.busy() + waiting + this.#mailbox.length;
  }

  /** Workers at work. */
  busy(): number {
    return this.#workers.filter(({ job }) => job !== undefined).length;
  }

  /** A broker hands a copy to a worker. */
  deliver(delivery: Delivery): void {
    const worker = this.#workers[delivery.worker];
    assert(this.#isUp && worker?.hasJoined === true, "deliveries go to workers that are there.");
    worker.inbox.push(delivery);
    this.#measure();
    if (worker.job === undefined) this.#takeNext(worker);
  }

  /** A request arrives; "" when it was taken, else why not. */
  accept(request: Request): string {
    if (!this.#isUp) return "unavailable";
    const worker = this.#idleWorker();
    const most = this.#values.mailbox ?? Infinity;
    if (worker === undefined && this.#mailbox.length >= most) {
      const lowest = givingWay(this.#values, this.#mailbox, request);
      if (lowest === undefined) return "overloaded";
      this.#mailbox = this.#mailbox.filter((other) => other !== lowest);
      this.#giveUp(lowest, undefined);
    }
    this.#mailbox.push(request);
    this.#measure();
    if (worker !== undefined) this.#takeNext(worker);
    return "";
  }

  crash(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    for (const worker of this.#workers) if (worker.hasJoined) this.#remove(worker, "crash");
    for (let request = this.#takeRequest(); request !== undefined; request = this.#takeRequest())
      this.#world.calls.respond(request, "unavailable");
    this.outbox.crash();
    this.#publishing.crash();
    this.#measure();
  }

  restart(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.outbox.restart();
    this.#begin();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "concurrency") return this.#scaling.set(Number(value));
    this.#values = { ...this.#values, [parameter]: value };
    if (parameter === "serviceTime") {
      assert(isDistribution(value), "a service time is a distribution.");
      this.#serviceTime = createSampler(value, this.#world.random(this.#id, "work"));
    }
  }

  #setWorkers(concurrency: number): void {
    this.#values = { ...this.#values, concurrency };
    this.#hire();
    this.#measure();
    if (!this.#isUp) return;
    for (const worker of this.#workers) {
      if (worker.number < this.#values.concurrency) this.#join(worker);
      if (worker.job === undefined) this.#takeNext(worker);
    }
  }

  // Work.

  #takeNext(worker: Worker): void {
    if (worker.number >= this.#values.concurrency) {
      if (worker.hasJoined) this.#remove(worker, "close");
      return;
    }
    if (worker.alarm !== undefined) return;
    const delivery = nextOf(this.#turnNow(), worker.inbox);
    const request = nextOf(this.#turnNow(), this.#mailbox);
    const takesRequest =
      request !== undefined &&
      (delivery === undefined || requestGoesFirst(this.#turnNow(), request, delivery));
    const first = takesRequest ? request : delivery;
    if (first === undefined) this.#shedding.foundNothing();
    const isLast = this.inside() - this.busy() <= 1;
    const nowNs = this.#world.now();
    const isShed =
      first !== undefined && this.#shedding.drops(this.#values, nowNs, sinceOf(first), isLast);
    if (takesRequest) this.#takeRequest();
    else worker.inbox = worker.inbox.filter((other) => other !== delivery);
    const message = takesRequest ? request.message : delivery?.message;
    if (message === undefined) return this.#rest(worker);
    if (isShed) {
      this.#giveUp(takesRequest ? request : undefined, delivery);
      if (worker.job === undefined) this.#takeNext(worker);
      return;
    }
    worker.job = {
      message,
      delivery: takesRequest ? undefined : delivery,
      request: takesRequest ? request : undefined,
      attempt: 0,
      waitedNs: 0,
      steps: [],
      at: 0,
      on: "success",
      transaction: 0,
      knows: this.#world.data.knowledge(message),
      then: "success",
      tries: 0,
      deadline: undefined,
      timer: undefined,
      call: undefined,
      publication: undefined,
    };
    this.#measure();
    this.#wake(worker, worker.job);
  }

  /** Begins the work, after a cold start when the worker had nothing to do for long. */
  #wake(worker: Worker, job: Job): void {
    const { coldStart, keepWarm } = this.#values;
    const idleNs = this.#world.now() - worker.idleNs;
    const isCold = !isNothing(coldStart) && idleNs > Math.round(keepWarm * 1e6);
    const coldNs = isCold ? Math.round(this.#coldStart.sample() * 1e6) : 0;
    if (coldNs === 0) this.#work(worker, job);
    else this.#wait(job, coldNs, () => this.#work(worker, job));
  }

  #turnNow(): Turn {
    return { ...this.#values, nowNs: this.#world.now() };
  }

  /** A request, or else a delivery, was taken off its line and is not worked on. */
  #giveUp(request: Request | undefined, delivery: Delivery | undefined): void {
    const message = request?.message ?? delivery?.message;
    if (message !== undefined) this.#world.bookShed(this.#id, message);
    this.#measure();
    if (request !== undefined) this.#world.calls.respond(request, "shed");
    else if (delivery !== undefined)
      this.#world.brokerOf(delivery.link.from).settle(delivery, "done");
  }

  /** A worker that polls sleeps until it looks again. */
  #rest(worker: Worker): void {
    if (isNothing(this.#values.pollInterval)) return;
    const delayNs = Math.max(1, Math.round(this.#poll.sample() * 1e6));
    worker.alarm = this.#world.events.after(delayNs, () => {
      worker.alarm = undefined;
      this.#takeNext(worker);
    });
  }

  #takeRequest(): Request | undefined {
    const request = nextOf(this.#turnNow(), this.#mailbox);
    this.#mailbox = this.#mailbox.filter((other) => other !== request);
    return request;
  }

  #work(worker: Worker, job: Job): void {
    job.attempt++;
    job.knows = this.#world.data.knowledge(job.message);
    job.transaction = 0;
    this.#world.write("started", job.message, { consumer: this.#id, attempt: job.attempt });
    const known = this.#known(job.message);
    if (job.attempt === 1 && known !== undefined)
      return this.#wait(job, 0, () => this.#finish(worker, job, this.#known(job.message) ?? ""));
    const decided = job.attempt === 1 ? this.#decided.get(job.message) : undefined;
    const handler = this.#handlers.handlerOf(job.message.link.contract);
    job.steps = handler.steps;
    job.at = 0;
    job.on = "success";
    if (decided !== undefined) {
      Object.assign(job, { ...decided, on: "undo", tries: 0 });
      return this.#wait(job, 0, () => this.#takeBack(worker, job));
    }
    const unreadable = this.#unreadable(job);
    if (unreadable !== "")
      return this.#wait(job, 0, () => this.#attemptFailed(worker, job, unreadable));
    if (handler.timeout !== undefined)
      job.deadline = this.#world.events.after(handler.timeout * 1e6, () => {
        cancel(job.timer);
        job.publication = undefined;
        if (job.call !== undefined) this.#world.calls.abandon(job.call);
        job.call = undefined;
        this.#cores?.abandon(worker);
        this.#attemptFailed(worker, job, "timeout");
      });
    this.#goOn(worker, job);
  }

  #known(message: Message): string | undefined {
    return this.#memory.known(this.#values, message, this.#world.now());
  }

  #remember(job: Job, how: string): void {
    this.#memory.remember(this.#values, job.message, { atNs: this.#world.now(), how });
  }

  #unreadable({ delivery, request, message, attempt }: Job): string {
    const link = request?.call.line.link ?? delivery?.link;
    return link === undefined ? "" : this.#world.versions.read(link, message, attempt);
  }

  #worked(worker: Worker, job: Job, step: WorkStep): void {
    const { permanentErrors, poison, poisonBy } = this.#values;
    const keyText = job.message.key?.text ?? "";
    const name = poisonBy === "key" ? keyText : `${rootOf(job.message).bornNs} ${keyText}`;
    if (isPoison(this.#id, name, poison)) return this.#came(worker, job, "poison");
    const errorRate = step.errorRate ?? this.#values.errorRate;
    const errors = this.#world.random(this.#id, "errors");
    if (errors.uniform() < errorRate) {
      const isPermanent = permanentErrors > 0 && errors.uniform() < permanentErrors;
      return this.#came(worker, job, isPermanent ? "permanent-error" : "error");
    }
    this.#came(worker, job, this.#handlers.refuses(step, job.message) ? "declined" : "");
  }

  #goOn(worker: Worker, job: Job): void {
    for (;;) {
      const step = job.steps[job.at++];
      if (step === undefined) return this.#through(worker, job);
      const failure = this.#startStep(worker, job, step);
      if (failure === "under way") return;
      if (failure !== "") return this.#stopped(worker, job, failure);
    }
  }

  #through(worker: Worker, job: Job): void {
    const { whenFailed = [] } = this.#handlers.handlerOf(job.message.link.contract);
    if (job.on === "success") this.#finish(worker, job, "");
    else if (job.on === "refusal") this.#finish(worker, job, "declined");
    else this.#finish(worker, job, whenFailed.length > 0 ? "set-aside" : "undone");
  }

  #startStep(worker: Worker, job: Job, step: HandlerStep): string {
    if (step.do === "work") {
      const ownNs = this.#handlers.workNs(step);
      const workNs = ownNs ?? Math.round(this.#serviceTime.sample() * 1e6);
      const then = (): void => this.#worked(worker, job, step);
      if (this.#cores === undefined) this.#wait(job, workNs, then);
      else this.#cores.begin(worker, workNs, then);
      return "under way";
    }
    return this.#startOver(worker, job, this.#handlers.linkOf(step.over));
  }

  #startOver(worker: Worker, job: Job, link: StepConnection): string {
    switch (link.kind) {
      case "read":
        return this.#visit(worker, job, link, () => this.#read(worker, job, link));
      case "write":
        this.outbox.begin(job);
        return this.#visit(worker, job, link, () => this.#write(worker, job, link));
      case "call":
        this.#call(worker, job, link);
        return "under way";
      case "publish": {
        const { probability } = valuesOf(publishFields, link.parameters ?? {});
        const draw = this.#world.random(link.id, "probability").uniform();
        if (draw >= probability) return "";
        return this.#publishing.publish(link, job, (failure) => this.#came(worker, job, failure));
      }
    }
  }

  /** Begins a read or write. */
  #visit(worker: Worker, job: Job, link: StoreLink, over: () => void): string {
    return this.#world.atStore.begin({
      job,
      link,
      locks: this.#handlers.locks(link, job.on === "undo" ? [] : job.steps.slice(job.at - 1)),
      drawNs: () => Math.round(this.#handlers.storeNs(link)),
      wait: (delayNs, then) => this.#wait(job, delayNs, then),
      over,
      fail: (reason) => this.#came(worker, job, reason),
    });
  }

  #read(worker: Worker, job: Job, link: ReadConnection): void {
    const look = (): void => this.#read(worker, job, link);
    const waits = this.#world.atStore.readWaits(job, link, look);
    if (waits === "under way") return;
    if (waits !== "") return this.#came(worker, job, waits);
    this.#world.storeRead(link, job.message);
    this.#world.data.read(link.to, job.message, job.knows);
    this.#came(worker, job, "");
  }

  /** The last write and the note that the message was dealt with are one transaction. */
  #write(worker: Worker, job: Job, link: WriteConnection): void {
    const concludes =
      job.on !== "undo" && job.steps.slice(job.at).every((step) => step.do !== "write");
    const known = this.#known(job.message);
    const isByKey = this.#values.idempotencyBy === "key";
    if (concludes && isByKey && job.attempt === 1 && known !== undefined)
      return this.#finish(worker, job, known);
    const problem = this.#world.data.write(link, job.message, job.knows);
    this.#world.atStore.leaveAfterWrite(job, link);
    if (problem !== "")
      return this.#came(worker, job, problem === "refused" ? "not-enough" : problem);
    this.#world.storeWrite(link, job.message);
    if (concludes) this.#remember(job, "");
    this.#came(worker, job, "");
  }

  /** A step has come out: "" when it is done. */
  #came(worker: Worker, job: Job, failure: string): void {
    if (job.on === "undo") this.#undone(worker, job, failure);
    else if (failure === "") this.#goOn(worker, job);
    else this.#stopped(worker, job, failure);
  }

  #stopped(worker: Worker, job: Job, reason: string): void {
    if (job.on !== "success") return this.#finish(worker, job, reason, "failed");
    if (!refusals.has(reason)) return this.#attemptFailed(worker, job, reason);
    this.#world.atStore.leave(job);
    this.#world.tally.add("declined", this.#id, reason);
    this.#world.write("declined", job.message, { consumer: this.#id, reason });
    this.#conclude(worker, job, "refusal");
  }

  /** What was done is taken back, the latest first; then the steps for that outcome follow. */
  #conclude(worker: Worker, job: Job, then: StepOutcome): void {
    cancel(job.deadline);
    const { steps } = this.#handlers.handlerOf(job.message.link.contract);
    if (!steps.some((step) => step.do !== "work" && step.undo !== undefined))
      return this.#follow(worker, job, then);
    // What failed before its first step has done nothing, and begins anew when it comes again.
    if (job.at > 0) this.#decided.set(job.message, { at: job.at - 1, then });
    Object.assign(job, { on: "undo", then, at: job.at - 1, tries: 0 });
    this.#takeBack(worker, job);
  }

  #follow(worker: Worker, job: Job, on: StepOutcome): void {
    const handler = this.#handlers.handlerOf(job.message.link.contract);
    job.steps = (on === "refusal" ? handler.whenRefused : handler.whenFailed) ?? [];
    Object.assign(job, { on, at: 0 });
    this.#goOn(worker, job);
  }

  #takeBack(worker: Worker, job: Job): void {
    for (;;) {
      job.at--;
      const step = job.steps[job.at];
      if (step === undefined) return this.#follow(worker, job, job.then);
      if (step.do === "work" || step.undo === undefined) continue;
      const failure = this.#startOver(worker, job, this.#handlers.linkOf(step.undo));
      if (failure === "under way") return;
      if (failure !== "") return this.#undone(worker, job, failure);
    }
  }

  #undone(worker: Worker, job: Job, failure: string): void {
    if (failure === "") {
      job.tries = 0;
      return this.#takeBack(worker, job);
    }
    job.at++;
    job.tries++;
    if (job.tries === 1) job.waitedNs = 0;
    if (job.tries >= undoTriesMax) return this.#finish(worker, job, "half-done");
    this.#world.write("retried", job.message, { consumer: this.#id, reason: failure });
    this.#waitAgain(job, job.tries, () => this.#takeBack(worker, job));
  }

  #call(worker: Worker, job: Job, link: CallConnection): void {
    const request = this.#world.createMessage(link, job.message.key, job.message);
    request.told = job.knows.told;
    job.call = this.#world.calls.start(link, request, (failure, isAnswered) => {
      job.call = undefined;
      if (failure === "" && isAnswered) job.knows.told = request.told ?? job.knows.told;
      this.#came(worker, job, failure === "" ? "" : `call-${failure}`);
    });
  }

  #attemptFailed(worker: Worker, job: Job, reason: string): void {
    this.#world.atStore.leave(job);
    cancel(job.deadline);
    if (job.attempt < this.#values.attempts && !reason.endsWith("permanent-error")) {
      this.#world.write("retried", job.message, { consumer: this.#id, reason });
      return this.#waitAgain(job, job.attempt, () => this.#work(worker, job));
    }
    const { steps, whenFailed = [] } = this.#handlers.handlerOf(job.message.link.contract);
    const undoes = steps.some((step) => step.do !== "work" && step.undo !== undefined);
    if (whenFailed.length === 0 && !undoes) return this.#finish(worker, job, reason);
    this.#conclude(worker, job, "failure");
  }

  #waitAgain(job: Job, attempt: number, then: () => void): void {
    const jitter = this.#world.random(this.#id, "jitter");
    job.waitedNs = waitNs(this.#values, attempt, job.waitedNs, jitter);
    this.#wait(job, job.waitedNs, then);
  }

  /** "" and "declined" are no failures, unless it is said that they are one. */
  #finish(worker: Worker, job: Job, outcome: string, how = ""): void {
    this.#world.atStore.leave(job);
    cancel(job.deadline);
    const isFailure = how === "failed" || !["", "declined"].includes(outcome);
    if (!isFailure) this.#remember(job, outcome);
    if (outcome === "set-aside") this.#remember(job, "");
    const failure = isFailure ? outcome : "";
    this.#bookHandled(job, failure);
    worker.job = undefined;
    worker.idleNs = this.#world.now();
    this.#measure();
    if (job.request !== undefined) this.#world.calls.respond(job.request, outcome);
    if (job.delivery !== undefined) {
      const verdict: Verdict = failure === "" ? "done" : "failed";
      const broker = this.#world.brokerOf(job.delivery.link.from);
      broker.settle(job.delivery, outcome === "set-aside" ? outcome : verdict);
    }
    // The broker may have answered with the next delivery.
    if (worker.job === undefined) this.#takeNext(worker);
  }

  #bookHandled(job: Job, failure: string): void {
    if (job.request !== undefined) job.message.told = job.knows.told;
    const sinceNs = job.request?.arrivedNs ?? job.delivery?.deliveredNs ?? NaN;
    this.#world.bookHandled(this.#id, job.message, sinceNs, failure);
  }

  // Coming and going.

  #hire(): void {
    while (this.#workers.length < this.#values.concurrency) {
      const number = this.#workers.length;
      const nothing = { hasJoined: false, inbox: [], job: undefined, alarm: undefined };
      this.#workers.push({ number, ...nothing, idleNs: -Infinity });
    }
  }

  #wanted(): readonly Worker[] {
    return this.#workers.slice(0, this.#values.concurrency);
  }

  #join(worker: Worker): void {
    if (worker.hasJoined) return;
    worker.hasJoined = true;
    for (const link of this.#subscriptions)
      this.#world.brokerOf(link.from).join(link, worker.number);
  }

  /** A worker goes; what it held is left to brokers and callers. */
  #remove(worker: Worker, how: Departure): void {
    const { job } = worker;
    if (job !== undefined) this.#world.atStore.leave(job);
    worker.job = undefined;
    worker.inbox = [];
    worker.hasJoined = false;
    worker.idleNs = -Infinity;
    cancel(worker.alarm);
    worker.alarm = undefined;
    if (how === "close") this.#measure();
    for (const timer of [job?.timer, job?.deadline]) cancel(timer);
    if (job !== undefined) job.publication = undefined;
    if (job?.call !== undefined) this.#world.calls.abandon(job.call);
    this.#cores?.abandon(worker);
    if (job?.request !== undefined) this.#world.calls.respond(job.request, "unavailable");
    for (const link of this.#subscriptions)
      this.#world.brokerOf(link.from).leave(link, worker.number, how);
  }

  #wait(job: Job, delayNs: number, then: () => void): void {
    job.timer = this.#world.events.after(delayNs, then);
  }

  /** An idle worker, taking turns. */
  #idleWorker(): Worker | undefined {
    const wanted = this.#wanted();
    for (let i = 0; i < wanted.length; i++) {
      const worker = wanted[(this.#turn + i) % wanted.length]!;
      if (worker.job !== undefined || worker.alarm !== undefined) continue;
      this.#turn = (worker.number + 1) % wanted.length;
      return worker;
    }
    return undefined;
  }

  #measure(): void {
    const history = this.#world.histories.get(this.#id)!;
    const [nowNs, busy] = [this.#world.now(), this.busy()];
    history.busy.set(nowNs, busy);
    this.#scaling.measure();
    history.inside.set(nowNs, this.inside());
    // A worker that is one too many stays until it is through with its work.
    history.workers.set(nowNs, this.#isUp ? Math.max(busy, this.#values.concurrency) : 0);
  }
}
