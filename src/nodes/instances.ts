// A service that runs as several instances: each is a service of its own (serviceRun.ts) with workers, a request queue
// and cores of its own; this one chooses among them, checks them, restarts them and scales them. A worker's number is its
// number in its instance times the most instances there can be, plus the instance.

import type { FieldValue } from "../base/fields.ts";
import { msToNs, nsPerS, wholeOf } from "../base/units.ts";
import type { Float64Column } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { RunningNode, ServiceContext } from "./context.ts";
import { counter, type InstanceStates, presence } from "./instanceStates.ts";
import type { OutboxCounts } from "./patterns/outbox.ts";
import { instancesMax } from "./patterns/instanceFields.ts";
import { LoadBalancer, type Pool } from "./patterns/loadBalancer.ts";
import { Scaling } from "./scaling.ts";
import type { ServicePlan } from "./servicePlan.ts";
import type { ServiceRun } from "./serviceRun.ts";

// Timers, behind those of an instance; each with an instance and its life unless it says otherwise.
const SCALING = 40;
const STARTED = 41;
const RESTART = 42;
const CRASH = 43;
/** Of all instances. */
const CHECK = 44;
const LATE = 45;

/** After so long without a crash the waits before restarts begin anew [ns]; Kubernetes' ten minutes. */
const CALM_NS = 600 * nsPerS;

/** The most instances that a service can have. */
export function instanceRows({
  instances,
  autoscaling,
  maxReplicas,
}: ServicePlan["values"]): number {
  const scaled = autoscaling === "none" ? 0 : maxReplicas;
  return Math.min(instancesMax, Math.max(instances ?? 1, scaled));
}

/** What a service of several instances is made of. */
export interface Parts {
  readonly states: InstanceStates;
  /** Makes an instance that has so many workers at first. */
  readonly make: (instance: number, workers: number) => ServiceRun;
}

/** The running instances of one service. */
export class InstancedService implements RunningNode, Pool {
  readonly size: number;
  readonly #values: ServicePlan["values"];
  readonly #context: ServiceContext;
  readonly #states: InstanceStates;
  readonly #runs: readonly ServiceRun[];
  readonly #balancer: LoadBalancer;
  readonly #scaling: Scaling;
  readonly #boot: Sampler;
  readonly #crashes: RandomStream;
  /** Workers per instance, and how many instances there are. */
  readonly #numbers: Float64Column;
  /** Since when each instance is up [ns]. */
  readonly #since: Float64Column;

  constructor(plan: ServicePlan, context: ServiceContext, { states, make }: Parts) {
    const { id, values } = plan;
    const { arena } = context;
    const instances = values.instances ?? 1;
    this.size = instanceRows(values);
    this.#values = values;
    this.#context = context;
    this.#states = states;
    this.#numbers = arena.float64(`${id}/instances/numbers`, 2);
    this.#numbers.data.set([values.concurrency, instances]);
    this.#since = arena.float64(`${id}/instances/since`, this.size);
    this.#balancer = new LoadBalancer(arena, id, values.balancing, context.random("balancer"));
    const perInstance = { ...values, concurrency: instances, threads: values.concurrency };
    this.#scaling = new Scaling({ ...plan, values: perInstance }, context, SCALING, {
      inside: () => states.allInside(),
      workers: () => this.#numbers.data[1]!,
      isUp: () => this.isUp(),
      setWorkers: (wanted) => this.#setInstances(wanted),
    });
    states.tellBusy = (busy) => this.#scaling.busy(busy);
    this.#boot = createSampler(values.bootTime, context.random("boot"));
    this.#crashes = context.random("crashes");
    this.#runs = Array.from({ length: this.size }, (_, instance) =>
      make(instance, instance < instances ? values.concurrency : 0),
    );
  }

  /** Begins at time 0 with all instances up. */
  start(): void {
    for (let instance = 0; instance < this.size; instance++) {
      const isThere = instance < this.#numbers.data[1]!;
      this.#runs[instance]!.start();
      if (isThere) this.#isUpNow(instance);
      this.#states.setInRotation(instance, isThere);
    }
    this.#scaling.start();
    if (this.#values.healthChecks !== "none") this.#checkLater();
  }

  /** Whether any instance is up. */
  isUp(): boolean {
    return this.#runs.some((_, instance) => this.#states.is(instance) === presence.up);
  }

  /** Whether all instances that are up stand still. */
  isPaused(): boolean {
    return this.#runs.every(
      (run, instance) => this.#states.is(instance) !== presence.up || run.isPaused(),
    );
  }

  /** Workers of all instances, and those at work. */
  workers(): number {
    return this.#states.workers();
  }

  busy(): number {
    return this.#states.busy();
  }

  /** Messages and requests at one instance, or at all of them. */
  inside(instance?: number): number {
    return instance === undefined ? this.#states.allInside() : this.#states.inside(instance);
  }

  isInRotation(instance: number): boolean {
    return this.#states.isInRotation(instance);
  }

  /** What each instance that there should be is at. */
  nodes(): readonly {
    readonly up: boolean;
    readonly leads: number;
    readonly isolated: boolean;
    readonly slowness: number;
    readonly paused: boolean;
  }[] {
    return this.#runs.slice(0, this.#numbers.data[1]).map((run, instance) => ({
      up: this.#states.is(instance) === presence.up,
      leads: 0,
      isolated: false,
      slowness: run.slowness(),
      paused: run.isPaused(),
    }));
  }

  /** Crashes, restarts that nobody asked for, and requests to instances that were not there. */
  counts(): Readonly<Record<string, number>> {
    return {
      "instances crashed": this.#states.counted(counter.crashes),
      "instances restarted": this.#states.counted(counter.restarts),
      "requests to a dead instance": this.#states.counted(counter.misrouted),
    };
  }

  deliver(worker: number, delivery: number): void {
    const instance = worker % this.size;
    this.#took(instance);
    this.#runs[instance]!.deliver(Math.floor(worker / this.size), delivery);
  }

  /** A request arrives; "" when it was taken, else why it was refused. */
  accept(request: number): string {
    const instance = this.#balancer.choose(this);
    if (instance < 0) return "unavailable";
    const refusal = this.#runs[instance]!.accept(request);
    if (refusal === "unavailable") this.#states.count(counter.misrouted);
    else if (refusal === "") this.#took(instance);
    return refusal;
  }

  wake(code: number, a: number, b: number): void {
    if (code < SCALING) return this.#runs[a % this.size]!.wake(code, Math.floor(a / this.size), b);
    if (code === SCALING) return this.#scaling.wake(a, b);
    if (code === CHECK) return this.#checkAll();
    if (!this.#states.lives(a, b)) return;
    if (code === STARTED) this.#isUpNow(a);
    else if (code === RESTART) this.#bootAgain(a);
    else if (code === LATE) this.#checked(a, !this.#runs[a]!.isPaused());
    else this.#crash(a);
  }

  /** What the outboxes of its instances have done together; undefined without any. */
  outbox(): OutboxCounts | undefined {
    const all = this.#runs.flatMap((run) => run.outbox() ?? []);
    if (all.length === 0) return undefined;
    const sum = (of: keyof OutboxCounts): number => all.reduce((total, one) => total + one[of], 0);
    return {
      inserted: sum("inserted"),
      repeated: sum("repeated"),
      skipped: sum("skipped"),
      waiting: sum("waiting"),
    };
  }

  published(worker: number, life: number, failure: string): void {
    this.#runs[worker % this.size]!.published(Math.floor(worker / this.size), life, failure);
  }

  answered(worker: number, life: number, failure: string): void {
    this.#runs[worker % this.size]!.answered(Math.floor(worker / this.size), life, failure);
  }

  /** Changes a live parameter. */
  set(parameter: string, value: FieldValue): void {
    if (parameter !== "concurrency") {
      for (const run of this.#runs) run.set(parameter, value);
      return;
    }
    this.#numbers.data[0] = Number(value);
    this.#runs.forEach((run, instance) => {
      if (this.#states.is(instance) === presence.up) run.setWorkers(Number(value));
    });
  }

  // Faults, of one instance or (undefined) of all.

  crash(member?: number): void {
    for (const instance of this.#meant(member)) this.#crash(instance);
  }

  restart(member?: number): void {
    for (const instance of this.#meant(member))
      if (this.#states.is(instance) === presence.down) this.#begin(instance);
  }

  pause(member?: number): void {
    for (const instance of this.#meant(member)) this.#runs[instance]!.pause();
  }

  resume(member?: number): void {
    for (const instance of this.#meant(member)) this.#runs[instance]!.resume();
  }

  slow(factor: number, member?: number): void {
    for (const instance of this.#meant(member)) this.#runs[instance]!.slow(factor);
  }

  #meant(member: number | undefined): readonly number[] {
    const all = Array.from({ length: this.size }, (_, instance) => instance);
    return member === undefined ? all : all.filter((instance) => instance === member);
  }

  // Coming and going.

  #crash(instance: number): void {
    const was = this.#states.is(instance);
    if (was !== presence.up && was !== presence.starting) return;
    this.#runs[instance]!.crash();
    this.#states.count(counter.crashes);
    const life = this.#states.become(instance, presence.down);
    if (this.#values.restartPolicy === "never") return;
    const { restartBackoff, restartBackoffMax } = this.#values;
    const wasCalm = this.#context.now() - this.#since.data[instance]! >= CALM_NS;
    if (wasCalm && was === presence.up) this.#states.forgetRestarts(instance);
    const before = this.#states.countRestart(instance);
    const waitMs = Math.min(restartBackoffMax, restartBackoff * 2 ** Math.min(before - 1, 60));
    this.#context.schedule(before === 0 ? 0 : msToNs(waitMs), RESTART, instance, life);
  }

  #bootAgain(instance: number): void {
    this.#states.count(counter.restarts);
    this.#begin(instance);
  }

  /** An instance starts; it takes nothing until it is up. */
  #begin(instance: number): void {
    const life = this.#states.become(instance, presence.starting);
    const bootNs = msToNs(this.#boot.sample());
    if (bootNs === 0) this.#isUpNow(instance);
    else this.#context.schedule(bootNs, STARTED, instance, life);
  }

  #isUpNow(instance: number): void {
    const life = this.#states.become(instance, presence.up);
    this.#since.data[instance] = this.#context.now();
    const run = this.#runs[instance]!;
    const workers = this.#numbers.data[0]!;
    if (!run.isUp()) run.restart();
    if (run.workers() !== workers) run.setWorkers(workers);
    const { crashesEvery } = this.#values;
    if (crashesEvery === null) return;
    const afterNs = wholeOf(msToNs(crashesEvery) * this.#crashes.exponential());
    this.#context.schedule(afterNs, CRASH, instance, life);
  }

  #setInstances(wanted: number): void {
    const before = this.#numbers.data[1]!;
    const now = Math.min(wanted, this.size);
    this.#numbers.data[1] = now;
    for (let instance = now; instance < before; instance++) this.#leave(instance);
    for (let instance = before; instance < now; instance++) {
      this.#states.setInRotation(instance, !this.#isReadinessChecked());
      this.#begin(instance);
    }
  }

  /** An instance goes in good order: its workers end what they are at, what still waits there is refused. */
  #leave(instance: number): void {
    this.#states.become(instance, presence.absent);
    this.#states.setInRotation(instance, false);
    this.#runs[instance]!.close();
  }

  /** One more message or request; a leak of memory ends the instance in an event of its own. */
  #took(instance: number): void {
    const { crashesAfter } = this.#values;
    if (crashesAfter === null || this.#states.take(instance) !== crashesAfter) return;
    this.#context.schedule(0, CRASH, instance, this.#states.life(instance));
  }

  // Health checks.

  #isReadinessChecked(): boolean {
    return this.#values.healthChecks === "readiness" || this.#values.healthChecks === "both";
  }

  #checkLater(): void {
    this.#context.schedule(msToNs(this.#values.checkPeriod), CHECK, 0, 0);
  }

  #checkAll(): void {
    this.#checkLater();
    const mayPass = this.#values.checks === "itself" || this.#context.calleesAnswer();
    for (let instance = 0; instance < this.size; instance++) {
      const what = this.#states.is(instance);
      if (what === presence.absent) continue;
      if (what === presence.up && this.#runs[instance]!.isPaused()) {
        const timeoutNs = msToNs(this.#values.checkTimeout);
        this.#context.schedule(timeoutNs, LATE, instance, this.#states.life(instance));
      } else this.#checked(instance, mayPass && what === presence.up);
    }
  }

  #checked(instance: number, hasPassed: boolean): void {
    const { healthChecks, failureThreshold, successThreshold } = this.#values;
    const inARow = this.#states.checked(instance, hasPassed);
    if (inARow < (hasPassed ? successThreshold : failureThreshold)) return;
    if (this.#isReadinessChecked()) this.#states.setInRotation(instance, hasPassed);
    if (hasPassed || healthChecks === "readiness") return;
    // Who is starting is not disturbed.
    if (this.#states.is(instance) === presence.starting) return;
    this.#runs[instance]!.crash();
    this.#bootAgain(instance);
  }
}
