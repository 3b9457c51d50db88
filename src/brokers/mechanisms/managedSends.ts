// Publications as requests to a managed service: on the way there, answered, lost on the way back, tried again by the
// client's library with growing pauses. A request whose answer is lost has been obeyed: trying again repeats it.

import type { RandomStream } from "../../kernel/random.ts";
import type { BrokerContext } from "../technology.ts";
import { drawRetryDelayNs, type RetryPolicy } from "./retry.ts";
import type { Zones } from "./zones.ts";

/** How the client of a publisher behaves. */
export interface SendRules {
  /** One way [ns]. */
  readonly latencyNs: number;
  /** How long it waits for an answer [ns]. */
  readonly timeoutNs: number;
  /** Share of answers that never come. */
  readonly answerLoss: number;
  readonly retry: RetryPolicy;
}

/** What the service does with a request: takes it, has no room for it now (the client tries again), or refuses it for
 *  the reason at this position. */
export type SendAnswer = "taken" | "throttled" | number;

/** What the owner says about its sends. */
export interface SendOwner {
  readonly rulesOf: (publisher: number) => SendRules;
  /** `isRepeat`: the same request was obeyed before, its answer was lost. */
  readonly take: (publisher: number, message: number, isRepeat: boolean) => SendAnswer;
  /** Reasons for which a request is refused for good. */
  readonly reasons: readonly string[];
  /** The reason when the service stays out of reach, and when it stays busy. */
  readonly unavailable: string;
  readonly throttled: string;
  /** The reason when no answer ever came. */
  readonly unanswered: string;
}

// Timer codes, added to the owner's first one. Operands: publisher, message.
const ARRIVE = 0;
const CONFIRM = 1;
const AGAIN = 2;
const UNANSWERED = 3;
const THROTTLED = 4;
const REFUSE = 5;

/** Publications on their way. A message keeps its attempts and whether it was obeyed in its link. */
export class ManagedSends {
  readonly #context: BrokerContext;
  readonly #zones: Zones;
  readonly #owner: SendOwner;
  readonly #firstCode: number;
  readonly #random: RandomStream;

  /** Takes all timer codes from `firstCode` on. */
  constructor(
    context: BrokerContext,
    zones: Zones,
    about: { owner: SendOwner; firstCode: number },
  ) {
    this.#context = context;
    this.#zones = zones;
    this.#owner = about.owner;
    this.#firstCode = about.firstCode;
    this.#random = context.random("sends");
  }

  /** A publisher hands over a message. */
  send(publisher: number, message: number): void {
    this.#context.retain(message);
    this.#context.link(message, 0);
    this.#attempt(publisher, message);
  }

  /** A timer of these codes has fired. */
  wake(code: number, publisher: number, message: number): void {
    switch (code - this.#firstCode) {
      case ARRIVE:
        this.#arrive(publisher, message);
        break;
      case CONFIRM:
        this.#context.confirmed(publisher, message);
        this.#context.release(message);
        break;
      case AGAIN:
        this.#attempt(publisher, message);
        break;
      case UNANSWERED:
        this.#again(publisher, message, this.#owner.unanswered);
        break;
      case THROTTLED:
        this.#again(publisher, message, this.#owner.throttled);
        break;
      default:
        this.#refuse(publisher, message, this.#owner.reasons[code - this.#firstCode - REFUSE]!);
    }
  }

  #attempt(publisher: number, message: number): void {
    // Bit 0: obeyed; above it: attempts.
    this.#context.link(message, this.#context.linked(message) + 2);
    const factor = this.#zones.ask();
    const { latencyNs } = this.#owner.rulesOf(publisher);
    if (factor === 0) this.#again(publisher, message, this.#owner.unavailable);
    else this.#schedule(Math.round(latencyNs * factor), ARRIVE, publisher, message);
  }

  #arrive(publisher: number, message: number): void {
    const { latencyNs, timeoutNs, answerLoss } = this.#owner.rulesOf(publisher);
    const state = this.#context.linked(message);
    const answer = this.#owner.take(publisher, message, (state & 1) === 1);
    if (answer === "throttled") this.#schedule(latencyNs, THROTTLED, publisher, message);
    else if (answer !== "taken") this.#schedule(latencyNs, REFUSE + answer, publisher, message);
    else {
      this.#context.link(message, state | 1);
      if (answerLoss > 0 && this.#random.chance(answerLoss))
        this.#schedule(timeoutNs, UNANSWERED, publisher, message);
      else this.#schedule(latencyNs, CONFIRM, publisher, message);
    }
  }

  #again(publisher: number, message: number, reason: string): void {
    const { retry } = this.#owner.rulesOf(publisher);
    const failures = this.#context.linked(message) >> 1;
    const pauseNs = drawRetryDelayNs(retry, failures, this.#random);
    if (pauseNs === Infinity) this.#refuse(publisher, message, reason);
    else this.#schedule(pauseNs, AGAIN, publisher, message);
  }

  #refuse(publisher: number, message: number, reason: string): void {
    this.#context.refused(publisher, message, reason);
    this.#context.release(message);
  }

  #schedule(delayNs: number, code: number, publisher: number, message: number): void {
    this.#context.schedule(delayNs, this.#firstCode + code, publisher, message);
  }
}
