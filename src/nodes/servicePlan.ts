// A service as the run needs it: what the compiler makes of the document.

import type { Distribution } from "../base/distribution.ts";
import type { ValuesOf } from "../base/fields.ts";
import type { Inbox } from "./patterns/inbox.ts";
import type { service } from "./service.ts";
import type { Step } from "./steps/kind.ts";

/** What a service does with messages of one contract: its steps, and those that follow where a step was refused or the
 *  handling has finally failed. */
export interface Handler {
  readonly steps: readonly Step[];
  readonly whenRefused: readonly Step[];
  readonly whenFailed: readonly Step[];
  /** An attempt that takes longer fails [ns]; Infinity for none. */
  readonly timeoutNs: number;
  /** Whether any of its steps can be taken back. */
  readonly undoes: boolean;
}

/** What a service does by itself from time to time. */
export interface TimerPlan {
  /** Gap between two beginnings [ms]. */
  readonly every: Distribution;
  readonly handler: Handler;
}

/** A service as the run needs it. */
export interface ServicePlan {
  readonly id: string;
  readonly values: ValuesOf<(typeof service)["fields"]>;
  /** Rows of its consume connections. */
  readonly subscriptions: readonly number[];
  /** How many of its workers can get messages at the same time; Infinity where nothing bounds them. */
  readonly parallel: number;
  /** Whether it may get messages that it cannot read, because their contract has several versions. */
  readonly readsVersions: boolean;
  /** By row of the contract. */
  readonly handlers: readonly Handler[];
  readonly timers: readonly TimerPlan[];
}

/** What instances of one service share. */
export interface SharedByInstances {
  /** Id of the service. */
  readonly id: string;
  /** The inbox lies in their database. */
  readonly inbox: Inbox;
}
