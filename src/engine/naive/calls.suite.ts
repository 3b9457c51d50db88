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

/** Told how a call has ended: "" with an answer, else why not. */
export type OnAnswer = (failure: string) => void;

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
  /** The attempt whose answer it waits for. */
  awaited: Request | undefined;
  /** What ends the present wait: the time-out of an attempt, or the next attempt. */
  timer: Timer | undefined;
}

/** The called side: one attempt, which lives until it is answered, whoever still waits. */
export interface Request {
  readonly call: Call;
  readonly message: Message;
  arrivedNs: number;
}

interface Line {
  readonly link: CallConnection;
  readonly latency: Sampler;
  readonly jitter: RandomStream;
  /** Values of the parameters that may change, and of the others. */
  values: ReturnType<typeof valuesOf<typeof callFields>>;
  readonly duration: Samples;
  readonly guards: NaiveGuards;
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
      awaited: undefined,
      timer: undefined,
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
    const request: Request = { call, message, arrivedNs: -1 };
    call.passage = passage;
    call.awaited = request;
    this.openRequests++;
    this.#world.retain(message);
    this.#world.tally.add("attempts", line.link.id);
    this.#write("requested", request, call.attempt);
    this.#world.events.after(line.latency.sample() * 1e6, () => this.#arrive(request));
    call.timer = this.#world.events.after(line.values.timeout * 1e6, () => this.#timedOut(call));
  }

  #arrive(request: Request): void {
    request.arrivedNs = this.#world.now();
    this.#write("arrived", request, attemptOf(request));
    const service = this.#world.services.get(request.call.line.link.to);
    assert(service !== undefined, "only services are called.");
    const refusal = service.accept(request);
    if (refusal !== "") this.respond(request, refusal);
  }

  #answer(request: Request, failure: string): void {
    const { call } = request;
    this.#write("answered", request, attemptOf(request), failure);
    this.openRequests--;
    this.#world.release(request.message);
    if (call.awaited !== request) return;
    cancel(call.timer);
    if (failure === "") this.#end(call, "");
    else this.#attemptFailed(call, failure);
  }

  #timedOut(call: Call): void {
    assert(call.awaited !== undefined, "what times out was waited for.");
    this.#write("timed-out", call.awaited, call.attempt, "timeout");
    this.#attemptFailed(call, "timeout");
  }

  #attemptFailed(call: Call, failure: string): void {
    const { values, jitter, guards } = call.line;
    call.awaited = undefined;
    this.#leave(call, true);
    if (call.attempt >= values.attempts || !guards.mayRetry()) return this.#end(call, failure);
    call.waitedNs = waitNs(values, call.attempt, call.waitedNs, jitter);
    call.timer = this.#world.events.after(call.waitedNs, () => this.#attempt(call));
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
    cancel(call.timer);
    call.awaited = undefined;
    this.#leave(call, failure === "caller-crashed" ? undefined : false);
    duration.add(this.#world.now() - call.startedNs);
    tally.add("calling", link.id, "", -1);
    if (failure === "") tally.add("succeeded", link.id);
    else tally.add("call-failed", link.id, failure);
    if (isProducers && failure !== "") tally.add("failed", link.from, failure);
    if (isProducers && failure === "") this.#world.completeFlow(call.message, link.from);
    this.#world.release(call.message);
    if (failure !== "caller-crashed") call.onAnswer?.(failure);
  }

  #write(event: MessageHappening, request: Request, attempt: number, reason = ""): void {
    const consumer = request.call.line.link.to;
    const about = { consumer, attempt, ...(reason === "" ? {} : { reason }) };
    this.#world.write(event, request.message, about);
  }
}

/** The number of the attempt, 0 when nobody waits for it any more. */
function attemptOf(request: Request): number {
  return request.call.awaited === request ? request.call.attempt : 0;
}
