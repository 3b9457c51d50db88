// What calls need of the world: who is called, who waits, and the books of attempts and outcomes.

import type { Arena } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { Attempt, CallPlan, CallsContext } from "./calls.ts";
import { limitEnding, limits } from "./limits.ts";
import { codeBits, type World } from "./world.ts";

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
    return this.#world.serviceAt(callee).accept(request);
  }

  answered(caller: number, worker: number, life: number, failure: string): void {
    const component = this.#world.components[caller]!;
    if (component.kind === "service") component.run.answered(worker, life, failure);
    else if (component.kind === "producer") component.run.ended(worker);
  }

  attempted(plan: CallPlan, attempt: Attempt): void {
    const world = this.#world;
    const { message, what, reason } = attempt;
    const row = plan.connection;
    if (what === "requested") {
      world.ledger.attempts.data[row]!++;
      if (world.calls.requests() > limits.requests) world.end(limitEnding("requests", plan.id));
      world.move(row, message, "request");
    }
    if (what === "answered") world.move(row, message, reason === "" ? "response" : "failure");
    if (world.isLogging) this.#log(plan, attempt);
  }

  ended(plan: CallPlan, message: number, failure: string): void {
    const { ledger, plan: whole, recorder, messages } = this.#world;
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

  #bookFailure(row: number, failure: string): void {
    const { ledger, clock } = this.#world;
    ledger.callFailed.data[row]!++;
    ledger.callFailedBy.add(row, failure);
    ledger.failures[row]!.add(clock[0]!, 1);
  }

  #log(plan: CallPlan, about: Attempt): void {
    this.#world.log(about.what, about.message, {
      consumer: this.#world.plan.scenario.nodes[plan.callee]!.id,
      attempt: about.attempt,
      ...(about.reason === "" ? {} : { reason: about.reason }),
    });
  }
}
