// Push to endpoints, as HTTP push, Lambda and SDK deliveries do it: each copy is sent to an endpoint of several workers and
// tried again by a schedule until one has dealt with it, or until attempts or age are used up. A broker that pushes has one
// route per subscription. Says nothing of protocols; the technology decides what becomes of what was given up.

import type { Int32Column } from "../../kernel/arena.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { Ring } from "../../kernel/ring.ts";
import { Pace } from "./pace.ts";
import { drawRetryDelayNs } from "./retry.ts";
import { pushStates, PushTable } from "./pushTable.ts";
import { endpointGone, type PushOwner, type PushRoute, routeOfSubscription } from "./pushRoute.ts";
import type { BrokerContext, Verdict } from "../technology.ts";

const { ready, onTheWire, queued, held, answered, resting, behind } = pushStates;

/** Timer codes; technologies keep theirs outside of 40 to 44. */
const ARRIVE = 40;
const ANSWER = 41;
const RETRY = 42;
const PUMP = 43;
const TIMEOUT = 44;

const verdicts: readonly Verdict[] = ["done", "failed", "set-aside"];

/** All routes of one broker. */
export class Push {
  readonly table: PushTable;
  readonly #context: BrokerContext;
  readonly #routes: readonly PushRoute[];
  readonly #owner: PushOwner;
  readonly #random: RandomStream;
  readonly #pace: Pace;
  readonly #routeOf: readonly number[];
  /** Per route: copies that wait for their turn, copies at the endpoint that no worker has, idle workers. */
  readonly #ready: readonly Ring[];
  readonly #queued: readonly Ring[];
  readonly #idle: readonly Ring[];
  /** Per route: attempts in the order in which they time out, as row and generation. */
  readonly #tried: readonly Ring[];
  /** Per route: workers that are up, attempts under way, copies that workers hold, a timer for the rate is set, one for
   *  time-outs is set, the endpoint is gone. */
  readonly #up: Int32Column;
  readonly #underWay: Int32Column;
  readonly #held: Int32Column;
  readonly #pumpIsSet: Int32Column;
  readonly #timeoutIsSet: Int32Column;
  readonly #isGone: Int32Column;
  /** Routes that are at work right now; none between events, hence it is not in the arena. */
  readonly #atWork: Uint8Array;

  constructor(
    context: BrokerContext,
    about: {
      readonly name: string;
      readonly routes: readonly PushRoute[];
      readonly owner: PushOwner;
    },
  ) {
    const { name, routes, owner } = about;
    const { arena } = context;
    const rings = (what: string) => routes.map((_, at) => new Ring(arena, `${name}.${what}${at}`));
    this.table = new PushTable(arena, name, routes.length);
    this.#context = context;
    this.#routes = routes;
    this.#owner = owner;
    this.#random = context.random(`${name}.retries`);
    this.#routeOf = routeOfSubscription(routes);
    this.#ready = rings("ready");
    this.#queued = rings("queued");
    this.#idle = rings("idle");
    this.#tried = rings("tried");
    this.#up = arena.int32(`${name}.up`, routes.length);
    this.#underWay = arena.int32(`${name}.underWay`, routes.length);
    this.#held = arena.int32(`${name}.held`, routes.length);
    this.#pumpIsSet = arena.int32(`${name}.pumpIsSet`, routes.length);
    this.#timeoutIsSet = arena.int32(`${name}.timeoutIsSet`, routes.length);
    this.#isGone = arena.int32(`${name}.isGone`, routes.length);
    this.#pace = new Pace(context, name, routes);
    this.#atWork = new Uint8Array(routes.length);
  }

  /** The route of a subscription, -1 when another mechanism serves it. */
  routeOf(subscription: number): number {
    return this.#routeOf[subscription] ?? -1;
  }

  /** Takes a copy of a message for a route: books it and sends it as soon as it may go. */
  offer(route: number, message: number): void {
    const { account, isOrdered } = this.#routes[route]!;
    this.#context.routed(account, message);
    this.#context.retain(message);
    const row = this.table.add(route, message, this.#context.now());
    if (isOrdered && !this.table.joinGroup(row, this.#context.keyOf(message)))
      this.table.setState(row, behind);
    else this.#start(row);
  }

  /** A worker is up. */
  join(subscription: number, worker: number): void {
    const route = this.routeOf(subscription);
    this.#up.data[route]!++;
    this.#idle[route]!.pushBack(worker);
    this.#serve(route);
  }

  /** A worker is gone: its connections break, and when it was the last one, those that waited for it too. */
  leave(subscription: number, worker: number): void {
    const route = this.routeOf(subscription);
    this.#up.data[route]!--;
    this.#idle[route]!.removeValue(worker);
    for (const delivery of this.#context.deliveriesOf(subscription, worker)) {
      const row = this.#rowOf(delivery);
      if (row < 0) this.#context.forget(delivery);
      else if (this.table.state(row) === held) this.#fail(row, "connection-lost", "released");
    }
    if (this.#up.data[route]! > 0) return;
    const waiting = this.#queued[route]!;
    while (waiting.size() > 0) this.#fail(waiting.popFront(), "connection-lost", "released");
  }

  /** A worker has dealt with a delivery; its answer travels. One whose attempt has timed out is only let go. */
  settle(delivery: number, verdict: Verdict): void {
    const row = this.#rowOf(delivery);
    const route = this.routeOf(this.#context.deliverySubscription(delivery));
    this.#idle[route]!.pushBack(this.#context.deliveryWorker(delivery));
    if (row < 0) this.#context.forget(delivery);
    else {
      this.table.setState(row, answered);
      const word = this.table.generation(row) * 4 + verdicts.indexOf(verdict);
      this.#context.schedule(this.#routes[route]!.latencyNs, ANSWER, row, word);
    }
    this.#serve(route);
  }

  /** Handles a timer; whether it was one of this mechanism's. */
  wake(code: number, a: number, b: number): boolean {
    if (code === ARRIVE && this.table.isStill(a, b)) this.#arrive(a);
    else if (code === ANSWER && this.table.isStill(a, b >> 2)) this.#answered(a, verdicts[b & 3]!);
    else if (code === RETRY && this.table.isStill(a, b)) this.#start(a);
    else if (code === PUMP) {
      this.#pumpIsSet.data[a] = 0;
      this.#pump(a);
    } else if (code === TIMEOUT) {
      this.#timeoutIsSet.data[a] = 0;
      this.#timeOut(a);
    }
    return code >= ARRIVE && code <= TIMEOUT;
  }

  /** The endpoint no longer exists or refuses the broker for good (or is there again): no attempt is repeated. */
  setGone(route: number, isGone: boolean): void {
    this.#isGone.data[route] = isGone ? 1 : 0;
  }

  /** Changes the attempts per second; Infinity: no limit. */
  setRate(route: number, ratePerS: number): void {
    this.#pace.setRate(route, ratePerS);
    this.#pump(route);
  }

  /** Copies that no worker holds [messages]. */
  waiting(route: number): number {
    return this.table.size(route) - this.#held.data[route]!;
  }

  /** Publication time of the oldest copy [ns], -1 without. */
  oldestNs(route: number): number {
    const first = this.table.first(route);
    return first < 0 ? -1 : this.#context.publishedNs(this.table.message(first));
  }

  /** Why nothing moves, as a sentence; "" when it flows or is empty. */
  blocked(route: number): string {
    if (this.waiting(route) === 0) return "";
    if (this.#isGone.data[route] === 1) return "the endpoint is gone: nothing is tried again";
    if (this.#up.data[route] === 0)
      return "the endpoint does not answer: waiting for the next retry";
    if (this.#ready[route]!.size() === 0) return "";
    if (this.#underWay.data[route]! >= this.#routes[route]!.concurrency)
      return "as many deliveries as allowed are under way";
    return this.#pace.why(route);
  }

  /** The copy that a delivery is for; -1 when the broker has taken it back. */
  #rowOf(delivery: number): number {
    const row = this.#context.deliveryTag(delivery);
    return this.table.isLive(row) && this.table.delivery(row) === delivery ? row : -1;
  }

  /** Lines a copy up for its next attempt. */
  #start(row: number): void {
    const route = this.table.route(row);
    this.table.setState(row, ready);
    this.table.renew(row);
    this.#ready[route]!.pushBack(row);
    this.#pump(route);
  }

  /** Starts as many attempts as may start now. */
  #pump(route: number): void {
    // Inside of a failure that led back here: the loop that is running goes on.
    if (this.#atWork[route] === 1) return;
    this.#atWork[route] = 1;
    const line = this.#ready[route]!;
    while (line.size() > 0 && this.#mayTry(route)) this.#attempt(line.popFront());
    this.#atWork[route] = 0;
  }

  #mayTry(route: number): boolean {
    if (this.#underWay.data[route]! >= this.#routes[route]!.concurrency) return false;
    const waitNs = this.#pace.askNs(route);
    if (waitNs === 0) return true;
    if (this.#pumpIsSet.data[route] === 0) this.#context.schedule(waitNs, PUMP, route, 0);
    this.#pumpIsSet.data[route] = 1;
    return false;
  }

  #attempt(row: number): void {
    const route = this.table.route(row);
    const { latencyNs, timeoutNs, onError } = this.#routes[route]!;
    const nowNs = this.#context.now();
    if (nowNs - this.table.bornNs(row) >= onError.ageNsMax)
      return this.#giveUp(row, "age", "released");
    this.#underWay.data[route]!++;
    this.table.setState(row, onTheWire);
    this.table.setTriedNs(row, nowNs);
    const generation = this.table.generation(row);
    this.#context.schedule(latencyNs, ARRIVE, row, generation);
    if (timeoutNs === Infinity) return;
    this.#tried[route]!.pushBack(row);
    this.#tried[route]!.pushBack(generation);
    this.#armTimeout(route, timeoutNs);
  }

  /** An attempt has come to the endpoint. */
  #arrive(row: number): void {
    const route = this.table.route(row);
    if (this.#isGone.data[route] === 1) {
      this.#underWay.data[route]!--;
      this.#giveUp(row, endpointGone, "released");
    } else if (this.#up.data[route] === 0) this.#fail(row, "connection-refused", "released");
    else if (this.#idle[route]!.size() > 0) this.#hand(row);
    else {
      this.table.setState(row, queued);
      this.#queued[route]!.pushBack(row);
    }
  }

  /** Gives idle workers what waits at the endpoint. */
  #serve(route: number): void {
    const waiting = this.#queued[route]!;
    while (waiting.size() > 0 && this.#idle[route]!.size() > 0) this.#hand(waiting.popFront());
  }

  #hand(row: number): void {
    const route = this.table.route(row);
    const { account, subscription } = this.#routes[route]!;
    const worker = this.#idle[route]!.popFront();
    const message = this.table.message(row);
    const attempt = this.table.countDelivery(row);
    const delivery = this.#context.takeOut(account, message, attempt, row);
    this.table.setDelivery(row, delivery);
    this.table.setState(row, held);
    this.#held.data[route]!++;
    this.#context.deliver(delivery, subscription, worker);
  }

  /** An answer has come back. */
  #answered(row: number, verdict: Verdict): void {
    if (verdict === "failed") return this.#fail(row, "failed", "released");
    const route = this.table.route(row);
    const delivery = this.table.delivery(row);
    const { duplicates } = this.#routes[route]!;
    this.#pace.probation.succeeded(route);
    const isRepeated = duplicates > 0 && verdict === "done" && this.#random.chance(duplicates);
    if (isRepeated && this.table.repeat(row)) {
      this.#end(row, "duplicate", "released");
      this.#start(row);
      return;
    }
    if (verdict === "done") this.#context.acknowledged(delivery);
    else this.#context.rejected(delivery, "set-aside");
    this.#context.forget(delivery);
    this.#held.data[route]!--;
    this.#underWay.data[route]!--;
    this.#remove(row);
  }

  /** An attempt has failed: the copy rests, or is given up. `hands` tells whether a worker still deals with it. */
  #fail(row: number, cause: string, hands: "holding" | "released"): void {
    const route = this.table.route(row);
    const { onError, onUnavailable } = this.#routes[route]!;
    this.#pace.probation.failed(route);
    const isRefusal = cause === "connection-refused";
    const policy = isRefusal ? onUnavailable : onError;
    const ofSort = this.table.countFailure(row, isRefusal ? "refusal" : "error");
    const failures = onError === onUnavailable ? this.table.failures(row) : ofSort;
    const delayNs = drawRetryDelayNs(policy, failures, this.#random);
    if (delayNs === Infinity) {
      this.#underWay.data[route]!--;
      this.#giveUp(row, cause, hands);
      return;
    }
    this.#end(row, cause, hands);
    // At the end of its time it is looked at once more, and given up.
    const leftNs = this.table.bornNs(row) + policy.ageNsMax - this.#context.now();
    this.table.setState(row, resting);
    this.table.renew(row);
    const restNs = Math.max(0, Math.min(delayNs, leftNs));
    this.#context.schedule(restNs, RETRY, row, this.table.generation(row));
    this.#pump(route);
  }

  /** Ends an attempt that will be repeated. */
  #end(row: number, cause: string, hands: "holding" | "released"): void {
    const route = this.table.route(row);
    const delivery = this.table.delivery(row);
    this.#underWay.data[route]!--;
    if (delivery < 0) return;
    this.#context.returned(delivery, cause);
    if (hands === "released") this.#context.forget(delivery);
    this.table.setDelivery(row, -1);
    this.#held.data[route]!--;
  }

  /** A copy leaves for good without having been dealt with. */
  #giveUp(row: number, reason: string, hands: "holding" | "released"): void {
    const route = this.table.route(row);
    const { account, ...about } = this.#routes[route]!;
    const ifGone = about.hasDeadLettersIfGone ?? about.hasDeadLetters;
    const hasDeadLetters = reason === endpointGone ? ifGone : about.hasDeadLetters;
    const message = this.table.message(row);
    const delivery = this.table.delivery(row);
    if (delivery >= 0) {
      if (hasDeadLetters) this.#context.rejected(delivery, reason);
      else this.#context.discarded(delivery, reason);
      if (hands === "released") this.#context.forget(delivery);
      this.#held.data[route]!--;
    } else if (hasDeadLetters) this.#context.deadLettered(account, message, reason);
    else this.#context.dropped(account, message, reason);
    if (hasDeadLetters) this.#owner.deadLetter(route, message, reason);
    this.#remove(row);
  }

  #remove(row: number): void {
    const route = this.table.route(row);
    const message = this.table.message(row);
    const next = this.#routes[route]!.isOrdered
      ? this.table.leaveGroup(row, this.#context.keyOf(message))
      : -1;
    this.table.remove(row);
    this.#context.release(message);
    if (next >= 0) this.#start(next);
    else this.#pump(route);
  }

  #armTimeout(route: number, delayNs: number): void {
    if (this.#timeoutIsSet.data[route] === 1) return;
    this.#timeoutIsSet.data[route] = 1;
    this.#context.schedule(delayNs, TIMEOUT, route, 0);
  }

  /** Looks at the attempts in order of their start: those that have an answer are passed over, those that are too old
   *  fail, and the first one that is neither sets the timer anew. */
  #timeOut(route: number): void {
    const tried = this.#tried[route]!;
    const { timeoutNs } = this.#routes[route]!;
    while (tried.size() > 0) {
      const row = tried.at(0);
      if (this.table.isStill(row, tried.at(1))) {
        const leftNs = this.table.triedNs(row) + timeoutNs - this.#context.now();
        if (leftNs > 0) return this.#armTimeout(route, leftNs);
      }
      tried.popFront();
      const generation = tried.popFront();
      if (this.table.isStill(row, generation)) this.#timedOut(row);
    }
  }

  #timedOut(row: number): void {
    const state = this.table.state(row);
    if (state === queued) this.#queued[this.table.route(row)]!.removeValue(row);
    this.#fail(row, "timeout", state === held ? "holding" : "released");
  }
}
