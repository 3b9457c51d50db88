// A function in a run: its sources, its requests and its asynchronous events, each with rules of its own, come down to
// invocations of its code. Coming and going, scaling, and who is told of what.

import type { FieldValue } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Verdict } from "../brokers/technology.ts";
import type { FunctionContext } from "./context.ts";
import type { FunctionPlan } from "./functionPlan.ts";
import { Batches } from "./functions/batches.ts";
import { Events } from "./functions/events.ts";
import { Instances } from "./functions/instances.ts";
import { Invocations } from "./functions/invocations.ts";
import { Items, REQUEST } from "./functions/items.ts";
import { Requests } from "./functions/requests.ts";
import { Tally } from "./functions/tally.ts";
import type { Station } from "./station.ts";

// Timers; all below belong to the code.
const FIRST = 40;
const STARTED = 40;
const TIMEOUT = 41;
const LOOK = 42;
const RETRY = 43;
const EVENT = 44;
const ACCEPTED = 45;
const SCALE = 46;
const INSTANCE = 47;

/** How often Lambda adapts the pollers of queues, and by how many each time: 300 in a minute. */
const POLLER_NS = 1e9;
const POLLER_STEP = 5;

/** Who waits for a publication to the on-failure destination: a number that no environment has. */
const DESTINATION = 2 ** 29;

/** The running function. */
export class FunctionRun implements Station {
  readonly #plan: FunctionPlan;
  readonly #context: FunctionContext;
  readonly #items: Items;
  readonly #tally: Tally;
  readonly #invocations: Invocations;
  readonly #batches: Batches;
  readonly #events: Events;
  readonly #requests: Requests;
  /** Absent on Lambda. */
  readonly #instances: Instances | undefined;
  /** Cell 0: whether it is up. Cell 1 + trigger: throttles since its pollers were adapted. */
  readonly #cells: Int32Array;
  /** Number of a trigger by the row of its connection. */
  readonly #triggerOf: ReadonlyMap<number, number>;

  constructor(plan: FunctionPlan, context: FunctionContext) {
    const { arena } = context;
    this.#plan = plan;
    this.#context = context;
    this.#items = new Items(arena, plan.id);
    this.#tally = new Tally(arena, plan.id);
    this.#cells = arena.int32(`${plan.id}/function/cells`, 1 + plan.triggers.length).data;
    const parts = { items: this.#items, tally: this.#tally, owner: this };
    this.#invocations = new Invocations(plan, context, {
      ...parts,
      codes: { started: STARTED, timeout: TIMEOUT },
    });
    this.#batches = new Batches(plan, context, { ...parts, codes: { look: LOOK, retry: RETRY } });
    this.#events = new Events(plan, context, { ...parts, code: EVENT });
    this.#requests = new Requests(plan, context, parts);
    if (plan.values.platform === "azure") this.#instances = new Instances(plan, context, INSTANCE);
    this.#triggerOf = new Map(plan.triggers.map(({ subscription }, at) => [subscription, at]));
  }

  /** Lets the platform begin to poll, at time 0. */
  start(): void {
    this.#begin();
    for (const { kind, subscription } of this.#plan.triggers)
      if (kind === "event") this.#context.join(subscription, 0);
    const everyNs = this.#scaleNs();
    if (everyNs < Infinity) this.#context.schedule(everyNs, SCALE, 0, 0);
  }

  /** Whether it is up. */
  isUp(): boolean {
    return this.#cells[0] === 1;
  }

  /** Invocations that may run at the same time. */
  workers(): number {
    if (this.#instances === undefined) return this.#invocations.environments.limit();
    if (this.instances() === 0) return 0;
    const { triggers, values } = this.#plan;
    const requests = triggers.length > 0 ? 0 : this.instances() * values.maxConcurrentRequests;
    const lanes = triggers.reduce((sum, _, at) => sum + this.#batches.active(at), 0);
    return Math.max(this.busy(), lanes + requests);
  }

  /** Invocations that run. */
  busy(): number {
    return this.#invocations.environments.running();
  }

  /** Messages, events and requests inside, waiting or at work. */
  inside(): number {
    return this.#items.size();
  }

  /** What the platform has counted. */
  counts(): Readonly<Record<string, number>> {
    return this.#tally.counts();
  }

  /** A broker hands a delivery to a consumer of the platform. */
  deliver(consumer: number, delivery: number): void {
    const subscription = this.#context.subscriptionOf(delivery);
    const trigger = this.#triggerOf.get(subscription)!;
    // The answer goes out in an event of its own: the broker is not through with handing over.
    if (this.#plan.triggers[trigger]!.kind === "event")
      return this.#context.schedule(0, ACCEPTED, delivery, subscription);
    const message = this.#context.messageOfDelivery(delivery);
    const item = this.#items.add(message, delivery, subscription, this.#context.now());
    this.#batches.add(trigger, consumer, item);
    this.#count();
  }

  /** A request arrives; "" when it was taken, else why it was refused. */
  accept(request: number): string {
    if (!this.isUp()) return "unavailable";
    const refusal = this.#requests.accept(request);
    this.#count();
    return refusal;
  }

  wake(code: number, a: number, b: number): void {
    if (code < FIRST) this.#invocations.code.wake(code, a, b);
    else if (code === STARTED) this.#invocations.started(a, b);
    else if (code === TIMEOUT) this.#invocations.expired(a, b);
    else if (code === LOOK) this.#batches.look(a);
    else if (code === RETRY) this.#batches.retry(a, b);
    else if (code === EVENT) this.#events.due(a, b);
    else if (code === ACCEPTED) this.#accepted(a, b);
    else if (code === SCALE) this.#scale();
    else if (this.#instances!.arrived(b)) this.#instancesChanged();
    this.#count();
  }

  /** The outcome of a publication. */
  published(worker: number, generation: number, failure: string): void {
    if (worker !== DESTINATION) this.#invocations.code.published(worker, generation, failure);
    else if (failure === "") this.#tally.count("toDestination");
    else this.#context.note(`The on-failure destination did not take a message: ${failure}.`);
  }

  /** The outcome of a call. */
  answered(worker: number, generation: number, failure: string): void {
    this.#invocations.code.answered(worker, generation, failure);
  }

  /** All environments are gone and nobody polls; asynchronous events stay in the platform's queue. */
  crash(): void {
    if (!this.isUp()) return;
    this.#cells[0] = 0;
    this.#instances?.crash();
    this.#invocations.crash((item) => this.#singleEnded(item, "unavailable"));
    this.#requests.crash();
    this.#batches.crash("crash");
    this.#count();
  }

  /** Comes back, without environments. */
  restart(): void {
    if (!this.isUp()) this.#begin();
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter === "ReservedConcurrentExecutions")
      this.#invocations.environments.setReserved(value);
    else this.#invocations.code.set(parameter, value);
    this.#count();
  }

  // What the parts tell.

  /** Begins an invocation for a lane: its environment, −1 when it is throttled. */
  invoke(lane: number): number {
    return this.#invocations.begin(lane);
  }

  /** Begins an invocation for a single item; false when it is throttled. */
  invokeFor(item: number): boolean {
    const worker = this.isUp() ? this.#invocations.begin(-1) : -1;
    if (worker >= 0) this.#invocations.work(worker, item);
    return worker >= 0;
  }

  work(worker: number, item: number): void {
    this.#invocations.work(worker, item);
  }

  release(worker: number, state: "whole" | "broken"): void {
    this.#invocations.end(worker, state);
  }

  /** Whether invocations can begin: on Azure an instance must be up. */
  canRun(): boolean {
    return this.isUp() && this.#instances?.up() !== 0;
  }

  isBarred(): boolean {
    return this.#invocations.environments.limit() === 0;
  }

  instances(): number {
    return this.#instances?.up() ?? 0;
  }

  needInstance(): void {
    this.#instances?.need();
  }

  throttled(trigger: number): void {
    this.#tally.count("throttled");
    if (trigger >= 0) this.#cells[1 + trigger]!++;
  }

  finished(how: "done" | "failed"): void {
    if (how === "failed") this.#tally.count("failedInvocations");
  }

  /** A batch of a stream is given up; the destination is told once of all of it. */
  giveUpBatch(item: number, count: number): boolean {
    this.#tally.count("givenUp", count);
    return this.#toDestination(item);
  }

  /** An asynchronous event is given up. */
  giveUpEvent(item: number, reason: string): void {
    const context = this.#context;
    this.#tally.count("givenUp");
    if (reason !== "")
      context.handledMessage(this.#items.message(item), this.#items.sinceNs(item), reason, -1);
    this.#toDestination(item);
  }

  itemEnded(worker: number, item: number, verdict: Verdict, failure: string): void {
    const lane = this.#invocations.lane(worker);
    if (lane >= 0) return this.#batches.itemEnded(lane, item, verdict);
    this.#invocations.end(worker, "whole");
    this.finished(failure === "" ? "done" : "failed");
    this.#singleEnded(item, failure);
  }

  timedOut(worker: number, lane: number, item: number): void {
    if (lane >= 0) return this.#batches.timedOut(lane);
    this.#invocations.end(worker, "broken");
    this.finished("failed");
    this.#singleEnded(item, "timeout");
  }

  #singleEnded(item: number, failure: string): void {
    if (this.#items.source(item) === REQUEST) this.#requests.ended(item, failure);
    else this.#events.ended(item, failure !== "" && failure !== "set-aside");
  }

  #toDestination(item: number): boolean {
    const message = this.#items.message(item);
    const connection = this.#plan.destinations[this.#context.contractOf(message)]!;
    if (connection < 0) return false;
    this.#context.publish(connection, message, DESTINATION, 0);
    return true;
  }

  /** The platform's queue has taken an event: its source is through with it. */
  #accepted(delivery: number, subscription: number): void {
    const message = this.#context.messageOfDelivery(delivery);
    this.#events.add(message, subscription);
    this.#context.settle(delivery, "done");
  }

  // Scaling.

  #begin(): void {
    this.#cells[0] = 1;
    this.#instances?.begin();
    this.#plan.triggers.forEach(({ lanesAtFirst, lanesPerInstance }, trigger) => {
      const lanes = lanesPerInstance > 0 ? lanesPerInstance * this.instances() : lanesAtFirst;
      this.#batches.setActive(trigger, lanes);
    });
    this.#count();
  }

  #scaleNs(): number {
    const { platform, ScaleInterval } = this.#plan.values;
    if (platform === "azure") return msToNs(ScaleInterval);
    const grows = this.#plan.triggers.some(({ lanesAtFirst, lanesMax }) => lanesAtFirst < lanesMax);
    return grows ? POLLER_NS : Infinity;
  }

  #scale(): void {
    this.#context.schedule(this.#scaleNs(), SCALE, 0, 0);
    if (!this.isUp()) return;
    if (this.#instances === undefined) this.#adaptPollers();
    else if (this.#instances.look(this.#instancesWanted())) this.#instancesChanged();
  }

  /** More pollers while messages wait, fewer when none do or invocations are throttled. */
  #adaptPollers(): void {
    this.#plan.triggers.forEach(({ kind, subscription, lanesAtFirst, lanesMax }, trigger) => {
      if (kind !== "queue") return;
      const throttles = this.#cells[1 + trigger]!;
      this.#cells[1 + trigger] = 0;
      const isShort = throttles === 0 && this.#context.backlog(subscription) > 0;
      const next = this.#batches.active(trigger) + (isShort ? POLLER_STEP : -POLLER_STEP);
      this.#batches.setActive(trigger, Math.min(lanesMax, Math.max(lanesAtFirst, next)));
    });
  }

  /** Instances that the backlog of some trigger, or the requests, ask for. */
  #instancesWanted(): number {
    const { values, triggers } = this.#plan;
    let wanted = Math.ceil(this.#requests.inside() / values.maxConcurrentRequests);
    triggers.forEach(({ subscription, target, kind, lanesMax }, trigger) => {
      const backlog = this.#context.backlog(subscription) + this.#batches.busy(trigger);
      const own = Math.ceil(backlog / target);
      wanted = Math.max(wanted, kind === "stream" ? Math.min(own, lanesMax) : own);
    });
    return wanted;
  }

  #instancesChanged(): void {
    this.#plan.triggers.forEach(({ lanesPerInstance }, trigger) => {
      if (lanesPerInstance > 0)
        this.#batches.setActive(trigger, lanesPerInstance * this.instances());
    });
    this.#batches.lookAtAll();
    this.#requests.serve();
  }

  #count(): void {
    this.#context.staffed(this.isUp() ? this.workers() : 0, this.busy());
    this.#context.occupied(this.inside());
  }
}
