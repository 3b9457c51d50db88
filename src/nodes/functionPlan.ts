// A function as the run needs it: what the compiler makes of the document.

import type { ValuesOf } from "../base/fields.ts";
import type { TriggerKind } from "../brokers/functionTrigger.ts";
import type { functionFields } from "./function.ts";
import type { ServicePlan } from "./servicePlan.ts";

/** One source of a function. A lane is a batch at a time: what has room for one. */
export interface TriggerPlan {
  /** Row of the consume connection. */
  readonly subscription: number;
  readonly kind: TriggerKind;
  readonly batchMax: number;
  readonly windowNs: number;
  /** Consumers that fill one lane; less than 1 where one consumer fills several (parallelisation). */
  readonly consumersPerLane: number;
  readonly lanesPerConsumer: number;
  /** Lanes at the start, and at most. */
  readonly lanesAtFirst: number;
  readonly lanesMax: number;
  /** Lanes that come with each instance (Azure); 0 where lanes do not depend on instances. */
  readonly lanesPerInstance: number;
  /** Backlog per instance that the scale controller aims at (Azure). */
  readonly target: number;
  /** Whether the code reports which messages failed. */
  readonly reportsItems: boolean;
  /** Whether a batch ends at the first message that fails even then. */
  readonly isOrdered: boolean;
  /** Streams: how often a batch is tried again, and until which age of its oldest message [ns]; Infinity: no limit. */
  readonly retries: number;
  readonly ageNsMax: number;
  readonly bisects: boolean;
  /** Waits before a batch is tried again: the first, and the longest; each is twice the one before [ns]. */
  readonly waitNs: number;
  readonly waitNsMax: number;
}

/** A function as the run needs it. */
export interface FunctionPlan {
  readonly id: string;
  readonly values: ValuesOf<typeof functionFields>;
  /** What the code does with one message, as a service of its own; without subscriptions. */
  readonly code: ServicePlan;
  readonly triggers: readonly TriggerPlan[];
  /** By row of the contract: the publish connection of the on-failure destination, −1 for none. */
  readonly destinations: Int32Array;
}
