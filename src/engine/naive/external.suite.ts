// An external API of the naive engine: a list of requests, each with a timer, and a clock of outages.

import { assert } from "../../base/assert.ts";
import { type FieldValue, isDistribution, valuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { Node } from "../../model/scenario.ts";
import { external } from "../../nodes/external.ts";
import type { Request } from "./calls.suite.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import { NaiveRateLimit } from "./guards.suite.ts";
import type { NaiveStation } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

interface Work {
  readonly request: Request;
  timer: Timer | undefined;
}

/** The running external API. */
export class NaiveExternal implements NaiveStation {
  readonly #world: NaiveWorld;
  readonly #id: string;
  #values: ReturnType<typeof valuesOf<typeof external.fields>>;
  #time: Sampler;
  readonly #between: Sampler;
  readonly #repair: Sampler;
  readonly #limit: NaiveRateLimit;
  readonly #counts = new Map<string, number>();
  #works: Work[] = [];
  #isCrashed = false;
  #isOut = false;
  #outage: Timer | undefined;

  constructor(world: NaiveWorld, node: Node) {
    this.#world = world;
    this.#id = node.id;
    this.#values = valuesOf(external.fields, node.parameters ?? {});
    const { responseTime, betweenOutages, repair } = this.#values;
    this.#time = createSampler(responseTime, world.random(node.id, "time"));
    this.#between = createSampler(betweenOutages, world.random(node.id, "outages"));
    this.#repair = createSampler(repair, world.random(node.id, "repair"));
    this.#limit = new NaiveRateLimit(this.#values);
  }

  start(): void {
    this.#measure();
    if (this.#values.outages) this.#planOutage();
  }

  busy(): number {
    return this.#works.length;
  }

  inside(): number {
    return this.#works.length;
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  accept(request: Request): string {
    const hangs = this.#isOut && !this.#isCrashed && this.#values.whileOut === "silent";
    if (!this.#isUp() && !hangs) return this.#count("unavailable");
    const waitNs = hangs ? 0 : this.#limit.waitNs(this.#world.now());
    if (waitNs === undefined) return this.#count("rate-limited");
    if (this.#works.length >= this.#values.concurrency) return this.#count("overloaded");
    const work: Work = { request, timer: undefined };
    this.#works.push(work);
    this.#measure();
    if (hangs) return "";
    if (waitNs > 0) work.timer = this.#world.events.after(waitNs, () => this.#begin(work));
    else this.#begin(work);
    return "";
  }

  crash(): void {
    if (this.#isCrashed) return;
    this.#isCrashed = true;
    this.#drop();
  }

  restart(): void {
    this.#isCrashed = false;
    if (this.#isOut) this.#recover();
    else this.#measure();
  }

  set(parameter: string, value: FieldValue): void {
    this.#values = { ...this.#values, [parameter]: value };
    if (parameter === "responseTime") {
      assert(isDistribution(value), "a response time is a distribution.");
      this.#time = createSampler(value, this.#world.random(this.#id, "time"));
    }
    this.#measure();
  }

  #begin(work: Work): void {
    const { request } = work;
    this.#world.write("started", request.message, { consumer: this.#id, attempt: 1 });
    const unreadable = this.#world.versions.read(request.call.line.link, request.message, 1);
    if (unreadable !== "") {
      work.timer = this.#world.events.after(0, () => this.#finish(work, unreadable));
      return;
    }
    work.timer = this.#world.events.after(Math.round(this.#time.sample() * 1e6), () => {
      const draw = this.#world.random(this.#id, "errors").uniform();
      this.#finish(work, draw < this.#values.errorRate ? "error" : "");
    });
  }

  #finish(work: Work, failure: string): void {
    this.#works = this.#works.filter((other) => other !== work);
    const { message, arrivedNs } = work.request;
    this.#world.bookHandled(this.#id, message, arrivedNs, failure);
    this.#measure();
    this.#world.calls.respond(work.request, failure);
  }

  #planOutage(): void {
    const delayNs = Math.max(1e6, Math.round(this.#between.sample() * 1e6));
    this.#outage = this.#world.events.after(delayNs, () => {
      this.#isOut = true;
      this.#count("outages");
      this.#world.note(this.#id);
      const repairNs = Math.round(this.#repair.sample() * 1e6);
      this.#outage = this.#world.events.after(repairNs, () => this.#recover());
      if (this.#values.whileOut === "refuses") return this.#drop();
      for (const { timer } of this.#works) cancel(timer);
      this.#measure();
    });
  }

  #recover(): void {
    cancel(this.#outage);
    this.#isOut = false;
    this.#world.note(this.#id);
    this.#planOutage();
    this.#drop();
  }

  #drop(): void {
    const works = this.#works;
    this.#works = [];
    for (const { request, timer } of works) {
      cancel(timer);
      this.#count("unavailable");
      this.#world.calls.respond(request, "unavailable");
    }
    this.#measure();
  }

  #isUp(): boolean {
    return !this.#isCrashed && !this.#isOut;
  }

  #count(what: string): string {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    return what;
  }

  #measure(): void {
    const busy = this.#works.length;
    const history = this.#world.histories.get(this.#id)!;
    const nowNs = this.#world.now();
    history.workers.set(nowNs, this.#isUp() ? Math.max(busy, this.#values.concurrency) : busy);
    history.busy.set(nowNs, busy);
    history.inside.set(nowNs, busy);
  }
}
