// A span: one stretch in the life of a message, at one place.

import type { Outcome } from "./result.ts";

/** What a span is about. */
export type SpanKind =
  /** From handing over to the broker until it is confirmed. */
  | "publish"
  /** A copy waits in a channel. */
  | "wait"
  /** A copy is with a consumer, until it is settled. */
  | "delivery"
  /** Waits inside a service for a worker. */
  | "queue"
  /** One attempt of a worker. */
  | "work"
  /** The pause before another attempt. */
  | "back-off"
  | "read"
  | "write"
  /** One attempt of a call, as its caller sees it. */
  | "call";

/** Spans in which nobody works on the message. */
export const waitingKinds: readonly SpanKind[] = ["wait", "queue", "back-off"];

/** One stretch in the life of a message. */
export interface Span {
  /** Position in the list of spans. */
  readonly id: number;
  /** The span in whose course it happened; −1 for none. */
  readonly parent: number;
  /** How deep it lies below the first one. */
  readonly depth: number;
  readonly message: number;
  readonly contract: string | undefined;
  readonly key: string | undefined;
  readonly kind: SpanKind;
  /** Id of the node or channel where it happens. */
  readonly place: string;
  /** Id of the other end: where it is published to, delivered from, or who is called. */
  readonly peer: string | undefined;
  readonly connection: string | undefined;
  readonly startNs: number;
  /** Absent where it has not ended yet. */
  readonly endNs: number | undefined;
  readonly outcome: Outcome;
  readonly attempt: number | undefined;
  readonly reason: string | undefined;
  readonly partition: number | undefined;
  readonly offset: number | undefined;
}
