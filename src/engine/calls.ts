// Synchronous calls: a caller waits for an answer, with timeout and retries. The caller's side is a call, each
// attempt is a request at the called service; a request whose caller no longer waits is still worked off,
// as in real life, and its answer is ignored.

import type { FieldValue } from "../base/fields.ts";
import { declined } from "../nodes/steps/kind.ts";
import { msToNs } from "../base/units.ts";
import type { Observations } from "../kernel/observations.ts";
import { Rows } from "../kernel/rows.ts";
import { Texts } from "../kernel/texts.ts";
import { backoffNs } from "../nodes/patterns/backoff.ts";
import { type CallEnd, PAST_DEADLINE, refusalOf, refusals } from "../nodes/patterns/callGuard.ts";
import { type CallLine, deadlineNs, extrasOf, isWorthRetrying, openLine } from "./callLine.ts";
import type { CallPlan, CallsContext } from "./callPlan.ts";

const ARRIVE = 0;
const ANSWER = 1;
const TIMEOUT = 2;
const RETRY = 3;
const DEPART = 4;
const REFUSE = 5;
const HEDGE = 6;

// Fields of a call.
const CALL_LINE = 0;
const CALL_MESSAGE = 1;
const WORKER = 2;
const WORKER_LIFE = 3;
const ATTEMPT = 4;
/** Grows with every attempt and at the end, also from one call in a row to the next; older timers and answers no longer
 *  match. */
const GENERATION = 5;
/** State of the circuit breaker when the present attempt was let through. */
const ERA = 6;
/** OUTSIDE or INSIDE the guards, or REFUSED_FOR and a position in `refusals`. */
const GUARD = 7;
const CALL = 8;
const OUTSIDE = 0;
const INSIDE = 1;
const REFUSED_FOR = 2;

// Times of a call [ns].
/** When it began. */
const BEGAN = 0;
/** When its present attempt set out. */
const SET_OUT = 1;
/** How long it waited before its latest attempt. */
const WAITED = 2;
const CALL_TIMES = 3;
const callShape = { integers: CALL, doubles: CALL_TIMES };

// Fields of a request; its generation is that of its call when it set out.
const REQUEST_LINE = 0;
const REQUEST_MESSAGE = 1;
const CALL_OF = 2;
const GENERATION_OF = 3;
const FAILURE = 4;
/** 1 for the second request of an attempt. */
const IS_HEDGE = 5;
const REQUEST = 8;
const requestShape = { integers: REQUEST, doubles: 1 };

/** All calls of a run. */
export class Calls {
  readonly #context: CallsContext;
  /** By row of the connection; absent where it is no call. */
  readonly #lines: readonly (CallLine | undefined)[];
  /** Callers' side, per call. */
  readonly #calls: Rows;
  /** Called side, per request. */
  readonly #requests: Rows;
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
    this.#calls = new Rows(arena, "call", callShape);
    this.#requests = new Rows(arena, "request", requestShape);
    this.#failures = new Texts(arena, "request/failures");
    const lines: (CallLine | undefined)[] = [];
    for (const plan of plans) lines[plan.connection] = openLine(plan, context);
    // Copied, because an array that was filled with gaps is slower to read.
    this.#lines = Array.from(lines);
  }

  /** Starts a call for which a worker waits in its present life, or nobody (−1); the message carries contract, key and
   *  cause. Returns its handle. */
  start(connection: number, message: number, worker: number, life: number): number {
    const call = this.#calls.take();
    const first = call * CALL;
    const cells = this.#calls.integers;
    cells[first + CALL_LINE] = connection;
    cells[first + CALL_MESSAGE] = message;
    cells[first + WORKER] = worker;
    cells[first + WORKER_LIFE] = life;
    cells[first + ATTEMPT] = 0;
    cells[first + GUARD] = OUTSIDE;
    this.#calls.doubles[call * CALL_TIMES + BEGAN] = this.#context.now();
    this.#calls.doubles[call * CALL_TIMES + WAITED] = 0;
    this.#line(connection).guard.retries.deposit();
    this.#attempt(call);
    return call;
  }

  /** The caller is gone: the call ends, its request is worked off for nobody. */
  abandon(call: number): void {
    this.#end(call, "caller-crashed", false);
  }

  /** The called service has an outcome for a request. */
  respond(request: number, failure: string): void {
    this.#requests.integers[request * REQUEST + FAILURE] = this.#failures.number(failure);
    const line = this.#line(this.connectionOf(request));
    this.#setOut(msToNs(line.latencies.sample()), ANSWER, request);
  }

  /** Requests under way, waiting or being handled. */
  requests(): number {
    return this.#requests.size();
  }

  /** Contents of a request. */
  messageOf(request: number): number {
    return this.#requests.integers[request * REQUEST + REQUEST_MESSAGE]!;
  }

  /** Row of the connection over which a request came. */
  connectionOf(request: number): number {
    return this.#requests.integers[request * REQUEST + REQUEST_LINE]!;
  }

  /** When a request reached the service [ns]. */
  arrivedNs(request: number): number {
    return this.#requests.doubles[request]!;
  }

  /** Duration of whole calls over a connection [ns]. */
  durationOf(connection: number): Observations {
    return this.#line(connection).duration;
  }

  /** What the patterns around the calls over a connection have done. */
  extrasOf(connection: number): ReturnType<typeof extrasOf> {
    return extrasOf(this.#line(connection));
  }

  wake(code: number, a: number, b: number): void {
    if (code === ARRIVE) return this.#arrive(a);
    if (code === ANSWER) return this.#answer(a);
    // The others are timers of a call.
    if (b !== this.#calls.integers[a * CALL + GENERATION]) return;
    if (code === TIMEOUT) this.#timedOut(a);
    else if (code === RETRY) this.#attempt(a);
    else if (code === DEPART) this.#depart(a);
    else if (code === HEDGE) this.#hedge(a);
    else this.#attemptFailed(a, refusals[this.#calls.integers[a * CALL + GUARD]! - REFUSED_FOR]!);
  }

  /** Changes a live parameter of a connection. */
  set(connection: number, parameter: string, value: FieldValue): void {
    const index = ["timeout", "attempts", "backoff"].indexOf(parameter);
    if (index >= 0) this.#line(connection).live.data[index] = Number(value);
    else this.#line(connection).guard.set(parameter, value);
  }

  #line(connection: number): CallLine {
    return this.#lines[connection]!;
  }

  /** The next attempt, if the guards let it through. */
  #attempt(call: number): void {
    const first = call * CALL;
    const cells = this.#calls.integers;
    const { guard } = this.#line(cells[first + CALL_LINE]!);
    cells[first + ATTEMPT]!++;
    cells[first + GENERATION]!++;
    const waitNs = guard.waitNs(this.#context.now());
    if (waitNs === 0) this.#depart(call);
    else if (waitNs > 0 && this.#restNs(call) <= waitNs) this.#refuse(call, PAST_DEADLINE);
    else if (waitNs > 0) this.#context.schedule(waitNs, DEPART, call, cells[first + GENERATION]!);
    else this.#refuse(call, refusalOf(waitNs));
  }

  /** The attempt fails without having set out: as an event of its own, so that nobody is told within their own call. */
  #refuse(call: number, refusal: number): void {
    const cells = this.#calls.integers;
    cells[call * CALL + GUARD] = REFUSED_FOR + refusal;
    this.#context.schedule(0, REFUSE, call, cells[call * CALL + GENERATION]!);
  }

  #depart(call: number): void {
    const first = call * CALL;
    const cells = this.#calls.integers;
    const line = this.#line(cells[first + CALL_LINE]!);
    const refusal = line.guard.enter(this.#context.now());
    if (refusal > 0) return this.#refuse(call, refusal);
    cells[first + GUARD] = INSIDE;
    cells[first + ERA] = line.guard.era();
    this.#calls.doubles[call * CALL_TIMES + SET_OUT] = this.#context.now();
    const attempt = cells[first + ATTEMPT]!;
    const generation = cells[first + GENERATION]!;
    const request = this.#openRequest(call, generation);
    this.#context.requested(line.plan, cells[first + CALL_MESSAGE]!, attempt);
    this.#setOut(msToNs(line.latencies.sample()), ARRIVE, request);
    const timeoutNs = Math.min(msToNs(line.live.data[0]!), this.#restNs(call));
    this.#context.schedule(timeoutNs, TIMEOUT, call, generation);
    if (line.hedging === undefined) return;
    line.hedging.begin(call);
    this.#context.schedule(line.hedging.afterNs, HEDGE, call, generation);
  }

  /** Asks a second time, within the same attempt: the bulkhead and the breaker see one call. */
  #hedge(call: number): void {
    const line = this.#lineOfCall(call);
    const cells = this.#calls.integers;
    const request = this.#openRequest(call, cells[call * CALL + GENERATION]!);
    this.#requests.integers[request * REQUEST + IS_HEDGE] = 1;
    line.hedging!.hedge(call);
    this.#context.requested(line.plan, this.#messageOfCall(call), cells[call * CALL + ATTEMPT]!);
    this.#setOut(msToNs(line.latencies.sample()), ARRIVE, request);
  }

  /** A request or its answer goes over the network. */
  #setOut(delayNs: number, code: number, request: number): void {
    const context = this.#context;
    if (!context.isHeldUp()) return context.schedule(delayNs, code, request, 0);
    const connection = this.connectionOf(request);
    context.overNetwork({ connection, isAnswer: code === ANSWER, delayNs, code, request });
  }

  /** What the network was told of a request or an answer goes on after a delay [ns]. */
  travel(delayNs: number, code: number, request: number): void {
    this.#context.schedule(delayNs, code, request, 0);
  }

  /** Whether the caller still waits for a request. */
  isAwaited(request: number): boolean {
    return this.#attemptOf(request) > 0;
  }

  /** A request that its caller has given up on is gone with its connection. */
  vanish(request: number): void {
    this.#context.releaseMessage(this.messageOf(request));
    this.#requests.give(request);
  }

  /** Sends a request a second time, of which its caller does not know; it arrives after a delay [ns]. */
  repeat(request: number, delayNs: number): void {
    const call = this.#requests.integers[request * REQUEST + CALL_OF]!;
    const again = this.#openRequest(call, this.#calls.integers[call * CALL + GENERATION]!);
    this.travel(delayNs, ARRIVE, again);
  }

  /** Time that is left of a call until its deadline [ns]; Infinity without one. */
  #restNs(call: number): number {
    const beganNs = this.#calls.doubles[call * CALL_TIMES + BEGAN]!;
    return beganNs + deadlineNs(this.#lineOfCall(call)) - this.#context.now();
  }

  #openRequest(call: number, generation: number): number {
    const request = this.#requests.take();
    const message = this.#messageOfCall(call);
    const first = request * REQUEST;
    const cells = this.#requests.integers;
    cells[first + REQUEST_LINE] = this.#calls.integers[call * CALL + CALL_LINE]!;
    cells[first + REQUEST_MESSAGE] = message;
    cells[first + CALL_OF] = call;
    cells[first + GENERATION_OF] = generation;
    cells[first + FAILURE] = 0;
    cells[first + IS_HEDGE] = 0;
    this.#retain(message);
    return request;
  }

  #arrive(request: number): void {
    const { plan } = this.#line(this.connectionOf(request));
    this.#requests.doubles[request] = this.#context.now();
    this.#context.arrived(plan, this.messageOf(request), this.#attemptOf(request));
    const refusal = this.#context.offer(plan.callee, request);
    if (refusal !== "") this.respond(request, refusal);
  }

  /** The attempt of its call that a request is, 0 when the call does not wait for it any more. */
  #attemptOf(request: number): number {
    const cells = this.#requests.integers;
    const call = cells[request * REQUEST + CALL_OF]! * CALL;
    const isAwaited =
      cells[request * REQUEST + GENERATION_OF] === this.#calls.integers[call + GENERATION];
    return isAwaited ? this.#calls.integers[call + ATTEMPT]! : 0;
  }

  #answer(request: number): void {
    const first = request * REQUEST;
    const call = this.#requests.integers[first + CALL_OF]!;
    const failure = this.#failures.text(this.#requests.integers[first + FAILURE]!);
    const isHedge = this.#requests.integers[first + IS_HEDGE] === 1;
    const { plan, hedging } = this.#line(this.connectionOf(request));
    const attempt = this.#attemptOf(request);
    const message = this.messageOf(request);
    this.#context.responded(plan, message, attempt, failure);
    this.#context.releaseMessage(message);
    this.#requests.give(request);
    if (attempt === 0) return;
    if (failure === "") {
      if (isHedge) hedging!.won();
      return this.#end(call, "", true);
    }
    // An answer of the business: neither tried again nor a failure for the guards.
    if (failure === declined) return this.#end(call, failure, true);
    const mayStillBeAnswered = hedging !== undefined && hedging.hasOther(call);
    if (!mayStillBeAnswered) this.#attemptFailed(call, failure);
  }

  #timedOut(call: number): void {
    const { plan } = this.#lineOfCall(call);
    const attempt = this.#calls.integers[call * CALL + ATTEMPT]!;
    this.#context.timedOut(plan, this.#messageOfCall(call), attempt);
    this.#attemptFailed(call, "timeout");
  }

  /** The present attempt is over, if the guards had let it through. */
  #leaveGuards(call: number, end: CallEnd): void {
    const first = call * CALL;
    const cells = this.#calls.integers;
    if (cells[first + GUARD] !== INSIDE) return;
    cells[first + GUARD] = OUTSIDE;
    const nowNs = this.#context.now();
    const tookNs = nowNs - this.#calls.doubles[call * CALL_TIMES + SET_OUT]!;
    this.#lineOfCall(call).guard.leave(end, cells[first + ERA]!, nowNs, tookNs);
  }

  #attemptFailed(call: number, failure: string): void {
    this.#leaveGuards(call, "failure");
    const line = this.#lineOfCall(call);
    const { plan, live, jitter } = line;
    const cells = this.#calls.integers;
    const attempt = cells[call * CALL + ATTEMPT]!;
    const restNs = this.#restNs(call);
    if (restNs <= 0) return this.#end(call, "deadline", true);
    const isOver =
      attempt >= live.data[1]! || !isWorthRetrying(line, failure) || !line.guard.retries.withdraw();
    if (isOver) return this.#end(call, failure, true);
    const generation = ++cells[call * CALL + GENERATION]!;
    const times = this.#calls.doubles;
    const waitedNs = times[call * CALL_TIMES + WAITED]!;
    const waitNs = backoffNs(plan.values, { firstMs: live.data[2]!, attempt, waitedNs }, jitter);
    if (restNs <= waitNs) return this.#end(call, "deadline", true);
    times[call * CALL_TIMES + WAITED] = waitNs;
    this.#context.schedule(waitNs, RETRY, call, generation);
  }

  #end(call: number, failure: string, callerWaits: boolean): void {
    this.#leaveGuards(call, callerWaits ? "success" : "abandoned");
    const line = this.#lineOfCall(call);
    const cells = this.#calls.integers;
    const first = call * CALL;
    const message = cells[first + CALL_MESSAGE]!;
    const worker = cells[first + WORKER]!;
    const life = cells[first + WORKER_LIFE]!;
    cells[first + GENERATION]!++;
    this.#calls.give(call);
    const beganNs = this.#calls.doubles[call * CALL_TIMES + BEGAN]!;
    line.duration.record(this.#context.now() - beganNs);
    const isDegraded =
      failure !== "" && failure !== declined && callerWaits && line.degraded !== undefined;
    if (isDegraded) line.degraded.add(0, failure);
    const outcome = isDegraded ? "" : failure;
    const answered = callerWaits && !isDegraded ? worker : -1;
    this.#context.ended(line.plan, message, outcome, answered);
    this.#context.releaseMessage(message);
    if (callerWaits && worker >= 0) this.#context.answered(line.plan.caller, worker, life, outcome);
  }

  #lineOfCall(call: number): CallLine {
    return this.#line(this.#calls.integers[call * CALL + CALL_LINE]!);
  }

  #messageOfCall(call: number): number {
    return this.#calls.integers[call * CALL + CALL_MESSAGE]!;
  }
}
