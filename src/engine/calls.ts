// Synchronous calls: a caller waits for an answer, with timeout and retries. The caller's side is a call, each
// attempt is a request at the called service; a request whose caller no longer waits is still worked off,
// as in real life, and its answer is ignored.

import type { FieldValue, ValuesOf } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import { Observations } from "../kernel/observations.ts";
import { Pool } from "../kernel/pool.ts";
import type { RandomStream } from "../kernel/random.ts";
import { Texts } from "../kernel/texts.ts";
import { backoffNs } from "../nodes/backoff.ts";
import type { callFields } from "../nodes/connections.ts";
import type { Waiter } from "../nodes/context.ts";

/** A call connection as the run needs it. */
export interface CallPlan {
  readonly connection: number;
  readonly id: string;
  readonly contract: number;
  readonly values: ValuesOf<typeof callFields>;
  /** Number of the calling and of the called component. */
  readonly caller: number;
  readonly callee: number;
}

/** What calls need of the engine. */
export interface CallsContext {
  readonly arena: Arena;
  now(): number;
  schedule(delayNs: number, code: number, a: number, b: number): void;
  random(purpose: string): RandomStream;
  /** Offers a request to the called component; "" when it was taken, else why not. */
  offer(component: number, request: number): string;
  /** Tells the caller how the call has ended. */
  answered(component: number, worker: number, generation: number, failure: string): void;
  /** Book an attempt of a call: it sets out, and what follows. `attempt` is counted from 1; 0 when nobody waits for it
   *  any more. */
  requested(plan: CallPlan, message: number, attempt: number): void;
  arrived(plan: CallPlan, message: number, attempt: number): void;
  /** `failure` says why it failed, "" otherwise. */
  responded(plan: CallPlan, message: number, attempt: number, failure: string): void;
  timedOut(plan: CallPlan, message: number, attempt: number): void;
  ended(plan: CallPlan, message: number, failure: string): void;
  releaseMessage(message: number): void;
}

const ARRIVE = 0;
const ANSWER = 1;
const TIMEOUT = 2;
const RETRY = 3;

interface Line {
  readonly plan: CallPlan;
  readonly latencies: Sampler;
  readonly jitter: RandomStream;
  /** Timeout [ms], attempts, back-off [ms]: live. */
  readonly live: Float64Column;
  readonly duration: Observations;
}

/** All calls of a run. */
export class Calls {
  readonly #context: CallsContext;
  /** By row of the connection; absent where it is no call. */
  readonly #lines: readonly (Line | undefined)[];
  // Callers' side, per call.
  readonly #callPool: Pool;
  readonly #callLine: Int32Column;
  readonly #callMessage: Int32Column;
  readonly #callWorker: Int32Column;
  readonly #callWorkerGeneration: Int32Column;
  readonly #callAttempt: Int32Column;
  readonly #callStarted: Float64Column;
  /** Grows with every attempt and at the end; older timers and answers no longer match. */
  readonly #callGeneration: Int32Column;
  // Called side, per request.
  readonly #requestPool: Pool;
  readonly #requestCall: Int32Column;
  readonly #requestGeneration: Int32Column;
  readonly #requestLine: Int32Column;
  readonly #requestMessage: Int32Column;
  readonly #requestFailed: Int32Column;
  readonly #requestArrived: Float64Column;
  readonly #failures: Texts;
  readonly #retain: (message: number) => void;

  constructor(
    plans: readonly CallPlan[],
    context: CallsContext,
    retain: (message: number) => void,
  ) {
    const { arena } = context;
    this.#context = context;
    this.#retain = retain;
    this.#callPool = new Pool(arena, "call");
    this.#callLine = arena.int32("call/line");
    this.#callMessage = arena.int32("call/message");
    this.#callWorker = arena.int32("call/worker");
    this.#callWorkerGeneration = arena.int32("call/worker-generation");
    this.#callAttempt = arena.int32("call/attempt");
    this.#callGeneration = arena.int32("call/generation");
    this.#callStarted = arena.float64("call/started");
    this.#requestPool = new Pool(arena, "request");
    this.#requestCall = arena.int32("request/call");
    this.#requestGeneration = arena.int32("request/generation");
    this.#requestLine = arena.int32("request/line");
    this.#requestMessage = arena.int32("request/message");
    this.#requestFailed = arena.int32("request/failed");
    this.#requestArrived = arena.float64("request/arrived");
    this.#failures = new Texts(arena, "request/failures");
    const lines: (Line | undefined)[] = [];
    for (const plan of plans) lines[plan.connection] = this.#openLine(plan);
    // Copied, because an array that was filled with gaps is slower to read.
    this.#lines = Array.from(lines);
  }

  /** Starts a call; the message carries contract, key and cause. Returns its handle. */
  start(connection: number, message: number, waiter: Waiter): number {
    const call = this.#callPool.take();
    if (call >= this.#callLine.length) this.#growCalls(call + 1);
    this.#callLine.data[call] = connection;
    this.#callMessage.data[call] = message;
    this.#callWorker.data[call] = waiter.worker;
    this.#callWorkerGeneration.data[call] = waiter.generation;
    this.#callAttempt.data[call] = 0;
    this.#callStarted.data[call] = this.#context.now();
    this.#attempt(call);
    return call;
  }

  /** The caller is gone: the call ends, its request is worked off for nobody. */
  abandon(call: number): void {
    this.#end(call, "caller-crashed", false);
  }

  /** The called service has an outcome for a request. */
  respond(request: number, failure: string): void {
    this.#requestFailed.data[request] = this.#failures.number(failure);
    const line = this.#line(this.#requestLine.data[request]!);
    this.#context.schedule(msToNs(line.latencies.sample()), ANSWER, request, 0);
  }

  /** Requests under way, waiting or being handled. */
  requests(): number {
    return this.#requestPool.size();
  }

  /** Contents of a request. */
  messageOf(request: number): number {
    return this.#requestMessage.data[request]!;
  }

  /** Row of the connection over which a request came. */
  connectionOf(request: number): number {
    return this.#requestLine.data[request]!;
  }

  /** When a request reached the service [ns]. */
  arrivedNs(request: number): number {
    return this.#requestArrived.data[request]!;
  }

  /** Duration of whole calls over a connection [ns]. */
  durationOf(connection: number): Observations {
    return this.#line(connection).duration;
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case ARRIVE:
        return this.#arrive(a);
      case ANSWER:
        return this.#answer(a);
      case TIMEOUT:
        if (b === this.#callGeneration.data[a]) this.#timedOut(a);
        return;
      case RETRY:
        if (b === this.#callGeneration.data[a]) this.#attempt(a);
    }
  }

  /** Changes a live parameter of a connection. */
  set(connection: number, parameter: string, value: FieldValue): void {
    const index = ["timeout", "attempts", "backoff"].indexOf(parameter);
    if (index >= 0) this.#line(connection).live.data[index] = Number(value);
  }

  #openLine(plan: CallPlan): Line {
    const live = this.#context.arena.float64(`${plan.id}/live`, 3);
    live.data.set([plan.values.timeout, plan.values.attempts, plan.values.backoff]);
    return {
      plan,
      latencies: createSampler(plan.values.latency, this.#context.random(`${plan.id}/latency`)),
      jitter: this.#context.random(`${plan.id}/jitter`),
      live,
      duration: new Observations(this.#context.arena, `${plan.id}/duration`),
    };
  }

  #line(connection: number): Line {
    return this.#lines[connection]!;
  }

  #attempt(call: number): void {
    const line = this.#line(this.#callLine.data[call]!);
    const message = this.#callMessage.data[call]!;
    const attempt = ++this.#callAttempt.data[call]!;
    const generation = ++this.#callGeneration.data[call]!;
    const request = this.#openRequest(call, generation);
    this.#context.requested(line.plan, message, attempt);
    this.#context.schedule(msToNs(line.latencies.sample()), ARRIVE, request, 0);
    this.#context.schedule(msToNs(line.live.data[0]!), TIMEOUT, call, generation);
  }

  #openRequest(call: number, generation: number): number {
    const request = this.#requestPool.take();
    if (request >= this.#requestCall.length) this.#growRequests(request + 1);
    this.#requestCall.data[request] = call;
    this.#requestGeneration.data[request] = generation;
    this.#requestLine.data[request] = this.#callLine.data[call]!;
    this.#requestMessage.data[request] = this.#callMessage.data[call]!;
    this.#requestFailed.data[request] = 0;
    this.#retain(this.#callMessage.data[call]!);
    return request;
  }

  #arrive(request: number): void {
    const { plan } = this.#line(this.#requestLine.data[request]!);
    this.#requestArrived.data[request] = this.#context.now();
    const attempt = this.#isAwaited(request)
      ? this.#callAttempt.data[this.#requestCall.data[request]!]!
      : 0;
    const message = this.messageOf(request);
    this.#context.arrived(plan, message, attempt);
    const refusal = this.#context.offer(plan.callee, request);
    if (refusal !== "") this.respond(request, refusal);
  }

  /** Whether its call still waits for this very attempt. */
  #isAwaited(request: number): boolean {
    const call = this.#requestCall.data[request]!;
    return this.#requestGeneration.data[request] === this.#callGeneration.data[call];
  }

  #answer(request: number): void {
    const call = this.#requestCall.data[request]!;
    const isAwaited = this.#isAwaited(request);
    const failure = this.#failures.text(this.#requestFailed.data[request]!);
    const { plan } = this.#line(this.#requestLine.data[request]!);
    const attempt = isAwaited ? this.#callAttempt.data[call]! : 0;
    const message = this.messageOf(request);
    this.#context.responded(plan, message, attempt, failure);
    this.#context.releaseMessage(message);
    this.#requestPool.give(request);
    if (!isAwaited) return;
    if (failure === "") this.#end(call, "", true);
    else this.#attemptFailed(call, failure);
  }

  #timedOut(call: number): void {
    const { plan } = this.#line(this.#callLine.data[call]!);
    const attempt = this.#callAttempt.data[call]!;
    const message = this.#callMessage.data[call]!;
    this.#context.timedOut(plan, message, attempt);
    this.#attemptFailed(call, "timeout");
  }

  #attemptFailed(call: number, failure: string): void {
    const line = this.#line(this.#callLine.data[call]!);
    const attempt = this.#callAttempt.data[call]!;
    if (attempt >= line.live.data[1]!) return this.#end(call, failure, true);
    const rule = { ...line.plan.values, backoff: line.live.data[2]! };
    const generation = ++this.#callGeneration.data[call]!;
    this.#context.schedule(backoffNs(rule, attempt, line.jitter), RETRY, call, generation);
  }

  #end(call: number, failure: string, callerWaits: boolean): void {
    const line = this.#line(this.#callLine.data[call]!);
    const message = this.#callMessage.data[call]!;
    const worker = this.#callWorker.data[call]!;
    const generation = this.#callWorkerGeneration.data[call]!;
    this.#callGeneration.data[call]!++;
    this.#callPool.give(call);
    line.duration.record(this.#context.now() - this.#callStarted.data[call]!);
    this.#context.ended(line.plan, message, failure);
    this.#context.releaseMessage(message);
    if (callerWaits && worker >= 0)
      this.#context.answered(line.plan.caller, worker, generation, failure);
  }

  #growCalls(length: number): void {
    for (const column of [this.#callLine, this.#callMessage, this.#callWorker])
      column.resize(length);
    for (const column of [this.#callWorkerGeneration, this.#callAttempt, this.#callGeneration])
      column.resize(length);
    this.#callStarted.resize(length);
  }

  #growRequests(length: number): void {
    for (const column of [this.#requestCall, this.#requestGeneration, this.#requestLine])
      column.resize(length);
    for (const column of [this.#requestMessage, this.#requestFailed]) column.resize(length);
    this.#requestArrived.resize(length);
  }
}
