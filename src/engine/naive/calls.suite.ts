// Calls of the naive engine: a call is an object with the attempt that it waits for; a request is an object that
// knows its call. An answer counts when its request is still the one that the call waits for.

import { assert } from "../../base/assert.ts";
import { type FieldValue, valuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { MessageHappening } from "../../model/events.ts";
import type { CallConnection } from "../../model/scenario.ts";

import { callFields } from "../../nodes/connections.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import { Samples } from "./exact.suite.ts";
import type { Message } from "./things.suite.ts";
import { NaiveGuards, type Passage } from "./guards.suite.ts";
import { waitNs } from "./waits.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** Told how a call has ended: "" with an answer (or without, where the caller makes do), else why not. */
export type OnAnswer = (failure: string, isAnswered: boolean) => void;

/** The caller's side. */
export interface Call {
  readonly line: Line;
  readonly message: Message;
  readonly startedNs: number;
  readonly onAnswer: OnAnswer | undefined;
  attempt: number;
  waitedNs: number;
  /** How the present attempt was let through; undefined when it was not, or is over. */
  passage: Passage | undefined;
  /** The requests of the present attempt that may still be answered: one, or two with a hedge. */
  awaited: Request[];
  /** What ends the present wait: the time-out of an attempt, or the next attempt. */
  timer: Timer | undefined;
  /** Sends the second request of the present attempt. */
  hedge: Timer | undefined;
}

/** The called side: one attempt, which lives until it is answered, whoever still waits. */
export interface Request {
  readonly call: Call;
  readonly message: Message;
  arrivedNs: number;
  readonly isHedge: boolean;
}

interface Line {
  readonly link: CallConnection;
  readonly latency: Sampler;
  readonly jitter: RandomStream;
  /** Values of the parameters that may change, and of the others. */
  values: ReturnType<typeof valuesOf<typeof callFields>>;
  readonly duration: Samples;
  readonly guards: NaiveGuards;
  hedges: number;
  hedgesWon: number;
  /** Calls answered by the fallback, by the failure that it hides. */
  readonly degraded: Map<string, number>;
}

/** All calls of a run. */
export class NaiveCalls {
  /** Requests not answered yet. */
  openRequests = 0;
  readonly #world: NaiveWorld;
  readonly #lines = new Map<string, Line>();

  constructor(world: NaiveWorld) {
    this.#world = world;
    for (const link of world.scenario.connections)
      if (link.kind === "call") this.#lines.set(link.id, this.#openLine(link));
  }

  /** Starts a call. */
  start(link: CallConnection, message: Message, onAnswer: OnAnswer | undefined): Call {
    this.#world.tally.add("called", link.id);
    this.#world.tally.add("calling", link.id);
    this.#world.versions.call(link, message);
    const call: Call = {
      line: this.#line(link.id),
      message,
      startedNs: this.#world.now(),
      onAnswer,
      attempt: 0,
      waitedNs: 0,
      passage: undefined,
      awaited: [],
      timer: undefined,
      hedge: undefined,
    };
    call.line.guards.called();
    this.#attempt(call);
    return call;
  }

  /** The caller is gone. */
  abandon(call: Call): void {
    this.#end(call, "caller-crashed");
  }

  /** The called service has an outcome; the answer sets out. */
  respond(request: Request, failure: string): void {
    const { latency } = request.call.line;
    this.#world.events.after(latency.sample() * 1e6, () => this.#answer(request, failure));
  }

  /** Changes a live parameter of a connection. */
  set(id: string, parameter: string, value: FieldValue): void {
    const line = this.#line(id);
    if (parameter === "circuitBreaker") line.guards.switch(value === true);
    line.values = { ...line.values, [parameter]: value };
  }

  /** Durations of the whole calls over a connection [ns]. */
  durations(id: string): Samples {
    return this.#line(id).duration;
  }

  /** What the patterns around the calls over a connection have done. */
  extras(id: string) {
    const { hedges, hedgesWon, degraded } = this.#line(id);
    return { hedges, hedgesWon, degraded: Object.fromEntries(degraded) };
  }

  /** Forgets the durations so far. */
  forget(): void {
    for (const { duration } of this.#lines.values()) duration.forget();
  }

  #openLine(link: CallConnection): Line {
    const values = valuesOf(callFields, link.parameters ?? {});
    return {
      link,
      values,
      latency: createSampler(values.latency, this.#world.random("calls", `${link.id}/latency`)),
      jitter: this.#world.random("calls", `${link.id}/jitter`),
      duration: new Samples(),
      guards: new NaiveGuards(values),
      hedges: 0,
      hedgesWon: 0,
      degraded: new Map(),
    };
  }

  #line(id: string): Line {
    const line = this.#lines.get(id);
    assert(line !== undefined, `${id} is a call.`);
    return line;
  }

  #attempt(call: Call): void {
    const waitNs = call.line.guards.waitNs(this.#world.now());
    call.attempt++;
    if (waitNs === undefined) this.#refuse(call, "rate-limited");
    else if (waitNs > 0 && this.#restNs(call) <= waitNs) this.#refuse(call, "deadline");
    else if (waitNs > 0) call.timer = this.#world.events.after(waitNs, () => this.#depart(call));
    else this.#depart(call);
  }

  #refuse(call: Call, reason: string): void {
    call.timer = this.#world.events.after(0, () => this.#attemptFailed(call, reason));
  }

  #depart(call: Call): void {
    const { line, message } = call;
    const passage = line.guards.enter(this.#world.now());
    if (typeof passage === "string") return this.#refuse(call, passage);
    call.passage = passage;
    this.#send(call, message);
    const timeoutNs = Math.min(Math.round(line.values.timeout * 1e6), this.#restNs(call));
    call.timer = this.#world.events.after(timeoutNs, () => this.#timedOut(call));
    const { hedgeAfter } = line.values;
    if (hedgeAfter === null) return;
    call.hedge = this.#world.events.after(hedgeAfter * 1e6, () => {
      line.hedges++;
      this.#send(call, message);
    });
  }

  #send(call: Call, message: Message): void {
    const { line } = call;
    const request: Request = { call, message, arrivedNs: -1, isHedge: call.awaited.length > 0 };
    call.awaited.push(request);
    this.openRequests++;
    this.#world.retain(message);
    this.#world.tally.add("attempts", line.link.id);
    this.#write("requested", request, call.attempt);
    this.#world.events.after(line.latency.sample() * 1e6, () => this.#arrive(request));
  }

  /** What is left until the deadline [ns]. */
  #restNs({ line, startedNs }: Call): number {
    const { deadline } = line.values;
    return startedNs + Math.round((deadline ?? Infinity) * 1e6) - this.#world.now();
  }

  #arrive(request: Request): void {
    request.arrivedNs = this.#world.now();
    this.#write("arrived", request, attemptOf(request));
    const service = this.#world.services.get(request.call.line.link.to);
    assert(service?.accept !== undefined, "only services are called.");
    const refusal = service.accept(request);
    if (refusal !== "") this.respond(request, refusal);
  }

  #answer(request: Request, failure: string): void {
    const { call } = request;
    this.#write("answered", request, attemptOf(request), failure);
    this.openRequests--;
    this.#world.release(request.message);
    if (!call.awaited.includes(request)) return;
    if (failure === "") {
      if (request.isHedge) call.line.hedgesWon++;
      return this.#end(call, "");
    }
    if (failure === "declined") return this.#end(call, failure);
    call.awaited = call.awaited.filter((other) => other !== request);
    if (call.awaited.length === 0) this.#attemptFailed(call, failure);
  }

  #timedOut(call: Call): void {
    const [request] = call.awaited;
    assert(request !== undefined, "what times out was waited for.");
    this.#write("timed-out", request, call.attempt, "timeout");
    this.#attemptFailed(call, "timeout");
  }

  #attemptFailed(call: Call, failure: string): void {
    const { values, jitter, guards } = call.line;
    this.#letGo(call);
    this.#leave(call, true);
    const restNs = this.#restNs(call);
    if (restNs <= 0) return this.#end(call, "deadline");
    const isHopeless =
      failure === "deadline" ||
      (values.retryOn === "transient" && failure.endsWith("permanent-error"));
    if (call.attempt >= values.attempts || isHopeless || !guards.mayRetry())
      return this.#end(call, failure);
    call.waitedNs = waitNs(values, call.attempt, call.waitedNs, jitter);
    if (call.waitedNs >= restNs) return this.#end(call, "deadline");
    call.timer = this.#world.events.after(call.waitedNs, () => this.#attempt(call));
  }

  /** Waits for nothing any more. */
  #letGo(call: Call): void {
    cancel(call.timer);
    cancel(call.hedge);
    call.awaited = [];
  }

  #leave(call: Call, isFailure: boolean | undefined): void {
    const { passage } = call;
    call.passage = undefined;
    if (passage !== undefined) call.line.guards.leave(passage, isFailure, this.#world.now());
  }

  #end(call: Call, failure: string): void {
    const { link, duration } = call.line;
    const { tally } = this.#world;
    const isProducers = this.#world.node(link.from).kind === "producer";
    const isDegraded =
      !["", "declined", "caller-crashed"].includes(failure) &&
      call.line.values.fallback === "answer";
    const outcome = isDegraded ? "" : failure;
    const { degraded } = call.line;
    if (isDegraded) degraded.set(failure, (degraded.get(failure) ?? 0) + 1);
    this.#letGo(call);
    this.#leave(call, failure === "caller-crashed" ? undefined : false);
    duration.add(this.#world.now() - call.startedNs);
    tally.add("calling", link.id, "", -1);
    if (outcome === "") tally.add("succeeded", link.id);
    else tally.add("call-failed", link.id, outcome);
    if (isProducers && outcome !== "") tally.add("failed", link.from, outcome);
    if (isProducers && outcome === "") this.#world.completeFlow(call.message, link.from);
    this.#world.release(call.message);
    if (failure !== "caller-crashed") call.onAnswer?.(outcome, !isDegraded);
  }

  #write(event: MessageHappening, request: Request, attempt: number, reason = ""): void {
    const consumer = request.call.line.link.to;
    const about = { consumer, attempt, ...(reason === "" ? {} : { reason }) };
    this.#world.write(event, request.message, about);
  }
}

/** The number of the attempt, 0 when nobody waits for it any more. */
function attemptOf(request: Request): number {
  return request.call.awaited.includes(request) ? request.call.attempt : 0;
}
