// What a call connection is in a run, and what calls need of the engine.

import type { ValuesOf } from "../base/fields.ts";
import type { Arena } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { callFields } from "../nodes/connections.ts";

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

/** A request or an answer on its way. */
export interface Passage {
  readonly connection: number;
  readonly isAnswer: boolean;
  /** How long it takes as usual [ns]. */
  readonly delayNs: number;
  /** The timer of its arrival. */
  readonly code: number;
  readonly request: number;
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
  /** The whole call is over; a worker has its answer, or nobody (−1). */
  ended(plan: CallPlan, message: number, failure: string, worker: number): void;
  releaseMessage(message: number): void;
  /** Whether requests and answers have to ask the network, and the question. */
  isHeldUp(): boolean;
  overNetwork(passage: Passage): void;
}
