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

/** A recording as a run needs it; rows in the order of their times. */
export interface ReplayPlan {
  /** [ns] */
  readonly timesNs: Float64Array;
  /** When it begins again, counted from its beginning [ns]; Infinity when it does not. */
  readonly periodNs: number;
  /** Numbers among the keys of the producer, −1 for none; undefined where the producer chooses keys. */
  readonly keys: Int32Array | undefined;
  /** [bytes]; 0 where the connection decides. */
  readonly sizes: Int32Array;
  /** Index into `routes`. */
  readonly routeOf: Int32Array;
  /** Connections over which a row goes. */
  readonly routes: readonly Route[];
}

/** Rows of connections over which an event goes. */
export interface Route {
  readonly publishes: readonly number[];
  readonly calls: readonly number[];
}

/** Where arrivals go: the producer, which gives each event a key and sends it. */
export interface Outlet {
  /** Sends one event over every connection. A client (−1: nobody) learns of the end of each through `ended`. */
  send(client: number): void;
  /** Sends what a row of the recording says. */
  sendRecorded(row: number): void;
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
