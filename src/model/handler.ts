// The handlers of a service in the document: what sets them off, and their steps. Keys beginning with `x-` are kept.

import type { Distribution } from "../base/distribution.ts";

/** What a service does with messages and requests of some contracts, or from time to time. */
export interface Handler {
  readonly [extension: `x-${string}`]: unknown;
  /** Ids of the contracts; absent without `every`: whatever no other handler names. */
  readonly on?: readonly string[];
  /** It begins by itself, again and again after such a time [ms]. */
  readonly every?: Distribution;
  readonly steps: readonly HandlerStep[];
  /** After a step was refused for a reason of the business. */
  readonly whenRefused?: readonly HandlerStep[];
  /** After it has finally failed. */
  readonly whenFailed?: readonly HandlerStep[];
  /** An attempt that takes longer fails [ms]; absent: none does. */
  readonly timeout?: number;
}

/** One step of a handler. */
export type HandlerStep = WorkStep | ConnectionStep;

/** Work of the service itself. */
export interface WorkStep {
  readonly [extension: `x-${string}`]: unknown;
  readonly do: "work";
  /** How long it takes [ms]; absent: the service time. */
  readonly time?: Distribution;
  /** Share of the attempts that fail at its end; absent: the error rate of the service. */
  readonly errorRate?: number;
  /** Share of the messages that are refused at its end for a reason of the business, the same messages (or keys, where
   *  they have some) at every attempt; absent: none. */
  readonly refusalRate?: number;
}

/** Something done over an outgoing connection of the service. */
export interface ConnectionStep {
  readonly [extension: `x-${string}`]: unknown;
  readonly do: "call" | "read" | "write" | "publish";
  /** Id of the connection. */
  readonly over: string;
  /** Id of the connection over which it is taken back when a later step is refused or finally fails. */
  readonly undo?: string;
}
