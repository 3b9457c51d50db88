// The event log: one record for everything that happens to a message. Printed as JSON lines by the terminal;
// other tools read it: fields are added, never changed.

/** What can happen to a message. */
export type MessageHappening =
  /** A client has handed it to a broker. */
  | "published"
  /** The broker's client has reported success, or final failure for a reason. */
  | "confirmed"
  | "refused"
  /** A channel has taken it (Kafka: with partition and offset). */
  | "stored"
  /** A copy waits in an account: a queue, or a group's view of a topic. */
  | "routed"
  | "unroutable"
  | "lost"
  | "delivered"
  | "returned"
  | "acknowledged"
  | "rejected"
  | "expired"
  | "dead-lettered"
  | "dropped"
  /** A worker of a service has begun to work on it: an attempt, with its number. */
  | "started"
  /** A service has handled it, will try again, or has finally failed. */
  | "handled"
  | "retried"
  | "failed"
  | "written"
  | "read"
  /** A service has refused it for a reason of the business; it is handled as one that succeeded. */
  | "declined"
  /** Synchronous calls. */
  | "requested"
  | "arrived"
  | "answered"
  | "timed-out"
  /** A write or read of a store begins; only in traces, the event log has its end. */
  | "writing"
  | "reading";

/** One line of the event log; what does not apply is absent. */
export interface MessageEvent {
  /** Simulated time [s]. */
  readonly t: number;
  readonly event: MessageHappening;
  /** Number of the message, unique in the run. */
  readonly message: number;
  /** Id of its contract. */
  readonly contract?: string;
  /** Version in which it is written, where its contract has several. */
  readonly version?: string;
  /** Ids from the document: channel, consume connection, consuming or writing node. */
  readonly channel?: string;
  readonly subscription?: string;
  readonly consumer?: string;
  readonly attempt?: number;
  readonly partition?: number;
  readonly offset?: number;
  readonly key?: string;
  /** Number of the message that caused it. */
  readonly cause?: number;
  readonly reason?: string;
  /** Id of the connection over which it is published, called, written or read; only in traces. */
  readonly connection?: string;
  /** Which of the workers of a service; only in traces. */
  readonly worker?: number;
}
