// An external API in a run: requests take a place each, are answered after the response time, and are refused beyond
// its capacity, beyond its rate limit, and while it is out. Outages come by lot; a crash is one by hand.

import { assert } from "../base/assert.ts";
import { type FieldValue, isDistribution, type ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import { LiveSampler } from "../kernel/liveSampler.ts";
import type { RandomStream } from "../kernel/random.ts";
import { Rows } from "../kernel/rows.ts";
import type { ServiceContext } from "./context.ts";
import { Counters } from "./counters.ts";
import type { external } from "./external.ts";
import { LiveNumbers } from "./liveNumbers.ts";
import { RateLimit } from "./patterns/rateLimit.ts";
import type { Station } from "./station.ts";

/** An external API as the run needs it. */
export interface ExternalPlan {
  readonly id: string;
  readonly values: ValuesOf<(typeof external)["fields"]>;
  /** Whether it may get requests that it cannot read, because their contract has several versions. */
  readonly readsVersions: boolean;
}

// Timers.
const BEGIN = 0;
const DONE = 1;
const UNREADABLE = 2;
const OUTAGE = 3;
const REPAIRED = 4;

// Fields of a request in hand. The life grows with every change of hands; older timers no longer match.
const REQUEST = 0;
const LIFE = 1;
const FIELDS = 2;
/** The only double of a row: how many requests were taken before it. */
const shape = { integers: FIELDS, doubles: 1 };

// Cells of the state.
const CRASHED = 0;
const OUT = 1;
/** Grows whenever an outage is planned or ends; older timers of outages no longer match. */
const OUTAGES = 2;
/** Requests taken so far. */
const TAKEN = 3;

const live = ["concurrency", "errorRate"] as const;
const counted = ["overloaded", "rate-limited", "unavailable", "outages"] as const;
const shortestNs = msToNs(1);

/** The running external API. */
export class ExternalRun implements Station {
  readonly #plan: ExternalPlan;
  readonly #context: ServiceContext;
  readonly #settings: LiveNumbers<(typeof live)[number]>;
  readonly #counters: Counters<(typeof counted)[number]>;
  readonly #limit: RateLimit;
  readonly #time: LiveSampler;
  readonly #between: Sampler;
  readonly #repair: Sampler;
  readonly #errors: RandomStream;
  readonly #requests: Rows;
  /** Never grows: the array itself is kept. */
  readonly #state: Float64Array;

  constructor(plan: ExternalPlan, context: ServiceContext) {
    const { arena } = context;
    const { id, values } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#settings = new LiveNumbers(arena, id, live, values);
    this.#counters = new Counters(arena, id, counted);
    this.#limit = new RateLimit(arena, id, values);
    this.#time = new LiveSampler(arena, `${id}/time`, values.responseTime, context.random("time"));
    this.#between = createSampler(values.betweenOutages, context.random("outages"));
    this.#repair = createSampler(values.repair, context.random("repair"));
    this.#errors = context.random("errors");
    this.#requests = new Rows(arena, `${id}/requests`, shape);
    this.#state = arena.float64(`${id}/state`, 4).data;
  }

  start(): void {
    this.#measure();
    if (this.#plan.values.outages) this.#planOutage();
  }

  isUp(): boolean {
    return this.#state[CRASHED] === 0 && this.#state[OUT] === 0;
  }

  workers(): number {
    return this.#settings.get("concurrency");
  }

  busy(): number {
    return this.#requests.size();
  }

  inside(): number {
    return this.#requests.size();
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counters.all();
  }

  accept(request: number): string {
    const isSilent = this.#plan.values.whileOut === "silent" && this.#state[CRASHED] === 0;
    if (!this.isUp() && !isSilent) return this.#refuse("unavailable");
    const waitNs = this.isUp() ? this.#limit.waitNs(this.#context.now()) : 0;
    if (waitNs < 0) return this.#refuse("rate-limited");
    if (this.busy() >= this.workers()) return this.#refuse("overloaded");
    const row = this.#requests.take();
    this.#requests.integers[row * FIELDS + REQUEST] = request;
    this.#requests.doubles[row] = this.#state[TAKEN]!++;
    this.#measure();
    // Who comes while it is silent hangs until it is back.
    if (!this.isUp()) this.#renew(row);
    else if (waitNs > 0) this.#wait(waitNs, BEGIN, row);
    else this.#begin(row);
    return "";
  }

  wake(code: number, row: number, life: number): void {
    if (code === OUTAGE || code === REPAIRED) {
      if (life !== this.#state[OUTAGES]) return;
      if (code === OUTAGE) this.#fail();
      else this.#recover();
      return;
    }
    if (!this.#requests.isLive(row)) return;
    if (life !== this.#requests.integers[row * FIELDS + LIFE]) return;
    if (code === BEGIN) this.#begin(row);
    else if (code === UNREADABLE)
      this.#finish(row, this.#context.unreadableRequest(this.#request(row), 0));
    else this.#finish(row, this.#hasError() ? "error" : "");
  }

  crash(): void {
    if (this.#state[CRASHED] === 1) return;
    this.#state[CRASHED] = 1;
    this.#drop();
  }

  /** Comes back, also from an outage. */
  restart(): void {
    this.#state[CRASHED] = 0;
    if (this.#state[OUT] === 1) this.#recover();
    else this.#measure();
  }

  set(parameter: string, value: FieldValue): void {
    this.#settings.set(parameter, value);
    if (parameter === "responseTime") {
      assert(isDistribution(value), "the value of a distribution field is a distribution.");
      this.#time.set(value);
    }
    this.#measure();
  }

  answered(): void {
    throw new Error("An external API calls nobody.");
  }

  deliver(): void {
    throw new Error("An external API consumes nothing.");
  }

  published(): void {
    throw new Error("An external API publishes nothing.");
  }

  // Requests.

  #begin(row: number): void {
    const request = this.#request(row);
    this.#context.started(this.#context.messageOfRequest(request), 1, row);
    if (this.#plan.readsVersions && this.#context.unreadableRequest(request, 1) !== "")
      return this.#wait(0, UNREADABLE, row);
    this.#wait(msToNs(this.#time.sample()), DONE, row);
  }

  #finish(row: number, failure: string): void {
    const request = this.#request(row);
    this.#give(row);
    this.#context.handledRequest(request, failure, row);
    this.#measure();
    this.#context.respond(request, failure);
  }

  #refuse(reason: "overloaded" | "rate-limited" | "unavailable"): string {
    this.#counters.add(reason);
    return reason;
  }

  #hasError(): boolean {
    return this.#errors.uniform() < this.#settings.get("errorRate");
  }

  // Outages.

  #planOutage(): void {
    const delayNs = Math.max(shortestNs, msToNs(this.#between.sample()));
    this.#context.schedule(delayNs, OUTAGE, 0, ++this.#state[OUTAGES]!);
  }

  #fail(): void {
    this.#state[OUT] = 1;
    this.#counters.add("outages");
    this.#context.note("An outage begins.");
    const repairNs = msToNs(this.#repair.sample());
    this.#context.schedule(repairNs, REPAIRED, 0, ++this.#state[OUTAGES]!);
    if (this.#plan.values.whileOut === "refuses") return this.#drop();
    this.#forAll((row) => this.#renew(row));
    this.#measure();
  }

  /** What hung meanwhile is told at last. */
  #recover(): void {
    this.#state[OUT] = 0;
    this.#context.note("The outage is over.");
    this.#planOutage();
    this.#drop();
  }

  /** Nothing that is inside gets an answer. */
  #drop(): void {
    this.#forAll((row) => {
      const request = this.#request(row);
      this.#give(row);
      this.#counters.add("unavailable");
      this.#context.respond(request, "unavailable");
    });
    this.#measure();
  }

  // Small things.

  /** In the order in which they came. */
  #forAll(deed: (row: number) => void): void {
    const rows = Array.from({ length: this.#requests.capacity() }, (_, row) => row);
    const { doubles } = this.#requests;
    const inside = rows.filter((row) => this.#requests.isLive(row));
    for (const row of inside.toSorted((a, b) => doubles[a]! - doubles[b]!)) deed(row);
  }

  #request(row: number): number {
    return this.#requests.integers[row * FIELDS + REQUEST]!;
  }

  #renew(row: number): number {
    return ++this.#requests.integers[row * FIELDS + LIFE]!;
  }

  #give(row: number): void {
    this.#renew(row);
    this.#requests.give(row);
  }

  #wait(delayNs: number, code: number, row: number): void {
    this.#context.schedule(delayNs, code, row, this.#renew(row));
  }

  #measure(): void {
    const busy = this.busy();
    this.#context.staffed(this.isUp() ? Math.max(busy, this.workers()) : busy, busy);
    this.#context.occupied(busy);
  }
}
