// What the kinds of arrivals have in common, and the plan that all of them are made from.

import type { ValuesOf } from "../../base/fields.ts";
import type { ProducerContext } from "../context.ts";
import type { producerFields } from "../producerFields.ts";

/** Complete parameters of a producer. */
export type ProducerValues = ValuesOf<typeof producerFields>;

/** What a source of arrivals is made from. */
export interface SourcePlan {
  readonly id: string;
  readonly values: ProducerValues;
  /** When it stops [ns]: what would come at this time or later does not come. */
  readonly stopNs: number;
  /** Where its arrivals go. */
  readonly outlet: Outlet;
  readonly context: ProducerContext;
}

/** Where arrivals go: the producer, which gives each event a key and sends it. */
export interface Outlet {
  /** Sends one event over every connection. A client (−1: nobody) learns of the end of each through `ended`. */
  send(client: number): void;
}

/** Decides when events come. It sets its own timers, and hands every event to its outlet. */
export interface Source {
  /** Sets out at time 0. */
  start(): void;
  /** A timer of it has fired. */
  wake(code: number, a: number, b: number): void;
  /** Changes a live parameter now. */
  set(parameter: string, value: number): void;
  /** What a client sent over one connection has been answered or confirmed, or has failed. */
  ended(client: number): void;
}
