// What calls need of the world: who is called, who waits, and the books of attempts and outcomes.

import type { Arena } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { MessageEvent } from "../model/events.ts";
import type { CallPlan, CallsContext, Passage } from "./callPlan.ts";
import { limitEnding, limits } from "./limits.ts";
import { codeBits } from "./timerCodes.ts";
import type { World } from "./world.ts";

/** The context of all calls; they are a component of their own, numbered after the nodes. */
export class CallsVerbs implements CallsContext {
  readonly arena: Arena;
  readonly #world: World;
  readonly #firstCode: number;

  constructor(world: World, component: number) {
    this.arena = world.arena;
    this.#world = world;
    this.#firstCode = component << codeBits;
  }

  now(): number {
    return this.#world.clock[0]!;
  }

  schedule(delayNs: number, code: number, a: number, b: number): void {
    this.#world.schedule(delayNs, this.#firstCode + code, a, b);
  }

  random(purpose: string): RandomStream {
    return this.#world.streams.stream(`calls/${purpose}`);
  }

  offer(callee: number, request: number): string {
    return this.#world.calledAt(callee).accept(request);
  }

  answered(caller: number, worker: number, life: number, failure: string): void {
    const component = this.#world.components[caller]!;
    if (component.kind === "service") component.run.answered(worker, life, failure);
    else if (component.kind === "producer") component.run.ended(worker);
    else if (component.kind === "station" || component.kind === "store")
      component.run.answered(worker, life, failure);
  }

  requested(plan: CallPlan, message: number, attempt: number): void {
    const world = this.#world;
    world.ledger.attempts.data[plan.connection]!++;
    if (world.calls.requests() > limits.requests) world.end(limitEnding("requests", plan.id));
    world.move(plan.connection, message, "request");
    if (world.hears(message))
      world.log("requested", message, {
        ...this.#detailsOf(plan, attempt),
        ...world.over(plan.connection),
      });
  }

  arrived(plan: CallPlan, message: number, attempt: number): void {
    const world = this.#world;
    if (world.hears(message)) world.log("arrived", message, this.#detailsOf(plan, attempt));
  }

  responded(plan: CallPlan, message: number, attempt: number, failure: string): void {
    const world = this.#world;
    world.move(plan.connection, message, failure === "" ? "response" : "failure");
    if (world.hears(message))
      world.log("answered", message, {
        ...this.#detailsOf(plan, attempt),
        ...(failure === "" ? {} : { reason: failure }),
      });
  }

  timedOut(plan: CallPlan, message: number, attempt: number): void {
    const world = this.#world;
    if (world.hears(message))
      world.log("timed-out", message, { ...this.#detailsOf(plan, attempt), reason: "timeout" });
  }

  ended(plan: CallPlan, message: number, failure: string, worker: number): void {
    const { ledger, plan: whole, recorder, messages, consistency } = this.#world;
    if (failure === "" && worker >= 0)
      consistency?.services[plan.caller]?.learn(worker, consistency.stamps, message);
    const row = plan.connection;
    ledger.calling.data[row]!--;
    if (failure === "") ledger.succeeded.data[row]!++;
    else this.#bookFailure(row, failure);
    if (whole.scenario.nodes[plan.caller]!.kind !== "producer") return;
    if (failure !== "") recorder.countFailed(plan.caller, failure);
    else recorder.completeFlow(row, plan.caller, messages.rootNs(message));
  }

  releaseMessage(message: number): void {
    this.#world.messages.release(message);
  }

  isHeldUp(): boolean {
    return this.#world.network.isBusy;
  }

  overNetwork(passage: Passage): void {
    this.#world.network.calls(passage);
  }

  #bookFailure(row: number, failure: string): void {
    const { ledger, clock } = this.#world;
    ledger.callFailed.data[row]!++;
    ledger.callFailedBy.add(row, failure);
    ledger.failures[row]!.add(clock[0]!, 1);
  }

  #detailsOf(plan: CallPlan, attempt: number): Partial<MessageEvent> {
    return { consumer: this.#world.plan.scenario.nodes[plan.callee]!.id, attempt };
  }
}
