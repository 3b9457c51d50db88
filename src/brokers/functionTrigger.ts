// What a technology says about functions that its channels trigger: how their platform takes messages from it. What the
// platform then does is the same for all technologies, and is in src/nodes/functions.

import type { Parameters } from "../base/fields.ts";

/** How the functions of a cloud come to what is in a channel. queue: its platform polls batches, and what fails is left to
 *  the channel. stream: one batch after the other from each partition, tried again by the platform. event: pushed into the
 *  platform's own queue, which answers at once. request: pushed, and the outcome is the answer. */
export type TriggerKind = "queue" | "stream" | "event" | "request";

/** What a function asks of its subscription. */
export interface TriggerWish {
  /** Messages that one consumer may hold. */
  readonly batch: number;
  /** How long its platform gathers a batch, and how long the function may run [ms]. */
  readonly windowMs: number;
  readonly timeoutMs: number;
  /** Parameters of the channel. */
  readonly channel: Parameters;
}

/** A channel kind that functions can be triggered by. */
export interface FunctionTrigger {
  /** By platform; absent: it has no trigger for it. */
  readonly lambda?: TriggerKind;
  readonly azure?: TriggerKind;
  /** What the platform sets in its subscription, by the names of the technology's consume fields: always the same names. */
  subscription(wish: TriggerWish): Parameters;
  /** Most messages that one consumer gets at once; absent: as many as wished. */
  readonly receiveMax?: number;
  /** Whether messages of a key keep their order in a channel with these parameters, so that a batch ends at the first that
   *  fails; absent: never. */
  isOrdered?(channel: Parameters): boolean;
  /** The parameter of the channel that says how long it keeps a message [ms]. */
  readonly retentionField?: string;
  /** The parameter of the channel that hides a message while somebody works on it [ms]. */
  readonly visibilityField?: string;
}
