// Which of several instances of a service something belongs to.

import type { InstanceStates } from "../nodes/instanceStates.ts";

/** One of several instances of a service. */
export interface Seat {
  readonly instance: number;
  /** The most that there can be. */
  readonly instances: number;
  readonly states: InstanceStates;
}
