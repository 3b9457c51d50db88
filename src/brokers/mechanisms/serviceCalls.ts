// Calls of clients to a managed service: a trip over the network, a zone that may fail or be slow, a quota that may throttle,
// and the client library that tries again. What was accepted is the owner's; publications are answered here.

import type { RandomStream } from "../../kernel/random.ts";
import { Rows } from "../../kernel/rows.ts";
import type { BrokerContext } from "../technology.ts";
import { type Quotas, type RetryPolicy, retryPauseNs } from "./quotas.ts";
import type { Zones } from "./zones.ts";

/** Timer codes; technologies keep theirs outside of 45 to 49. */
const REQUEST = 45;
const AGAIN = 46;
const CONFIRM = 47;
const REFUSE = 48;
const failures = ["service-unavailable", "throttled"] as const;

/** How one publisher calls. */
export interface Caller {
  /** One way between client and service [ns]. */
  readonly latencyNs: number;
  /** Pauses are drawn evenly between nothing and what the policy says. */
  readonly retry: RetryPolicy;
  /** The bucket of which each call takes a unit. */
  readonly quota: number;
}

/** What a service does with calls. */
export interface CalledService {
  /** A call is accepted: its message is stored. The publication is confirmed without further ado. */
  accepted(publisher: number, message: number): void;
}

// Integers of the row of a call that is tried again.
const PUBLISHER = 0;
const MESSAGE = 1;
const ATTEMPT = 2;
const INTEGERS = 3;

/** The calls of all publishers of one broker. Only those that are tried again have a row. */
export class ServiceCalls {
  readonly #context: BrokerContext;
  readonly #callers: readonly (Caller | undefined)[];
  readonly #zones: Zones;
  readonly #quotas: Quotas;
  readonly #service: CalledService;
  readonly #rows: Rows;
  readonly #random: RandomStream;

  constructor(
    context: BrokerContext,
    about: {
      readonly name: string;
      /** By the index of the publisher. */
      readonly callers: readonly (Caller | undefined)[];
      readonly zones: Zones;
      readonly quotas: Quotas;
      readonly service: CalledService;
    },
  ) {
    this.#context = context;
    this.#callers = about.callers;
    this.#zones = about.zones;
    this.#quotas = about.quotas;
    this.#service = about.service;
    this.#rows = new Rows(context.arena, about.name, { integers: INTEGERS, doubles: 0 });
    this.#random = context.random(about.name);
  }

  /** A client sends a message. */
  send(publisher: number, message: number): void {
    this.#context.schedule(this.#callers[publisher]!.latencyNs, REQUEST, publisher, message);
  }

  /** Handles a timer; whether it was one of this mechanism's. */
  wake(code: number, a: number, b: number): boolean {
    if (code === REQUEST) this.#handle(a, b, 1);
    else if (code === AGAIN) {
      const at = a * INTEGERS;
      const cells = this.#rows.integers;
      const publisher = cells[at + PUBLISHER]!;
      const message = cells[at + MESSAGE]!;
      const attempt = cells[at + ATTEMPT]!;
      this.#rows.give(a);
      this.#handle(publisher, message, attempt);
    } else if (code === CONFIRM) this.#context.confirmed(a, b);
    else if (code >= REFUSE && code < REFUSE + failures.length)
      this.#context.refused(a, b, failures[code - REFUSE]!);
    else return false;
    return true;
  }

  #handle(publisher: number, message: number, attempt: number): void {
    const { latencyNs, quota } = this.#callers[publisher]!;
    const factor = this.#zones.ask();
    if (factor === 0) this.#fail(publisher, message, { attempt, failure: 0 });
    else if (!this.#quotas.take(quota, 1)) this.#fail(publisher, message, { attempt, failure: 1 });
    else {
      this.#context.schedule(Math.round(latencyNs * factor), CONFIRM, publisher, message);
      this.#service.accepted(publisher, message);
    }
  }

  #fail(publisher: number, message: number, about: { attempt: number; failure: number }): void {
    const { latencyNs, retry } = this.#callers[publisher]!;
    const { attempt, failure } = about;
    if (attempt > retry.retries) {
      this.#context.schedule(latencyNs, REFUSE + failure, publisher, message);
      return;
    }
    const row = this.#rows.take();
    const at = row * INTEGERS;
    const cells = this.#rows.integers;
    cells[at + PUBLISHER] = publisher;
    cells[at + MESSAGE] = message;
    cells[at + ATTEMPT] = attempt + 1;
    // The refusal travels back, and the next attempt travels there.
    const pauseNs = Math.round(retryPauseNs(retry, attempt) * this.#random.uniform());
    this.#context.schedule(pauseNs + 2 * latencyNs, AGAIN, row, 0);
  }
}
