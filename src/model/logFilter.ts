// Which lines of the event log somebody wants to see: one rule for the log, for breakpoints and for the terminal.

import type { MessageEvent, MessageHappening } from "./events.ts";

/** What a line must fulfil; absent parts allow everything. */
export interface LogFilter {
  /** Ids of nodes, channels and connections: one of them must occur in the line. */
  readonly places?: readonly string[];
  /** Id of a contract. */
  readonly contract?: string;
  readonly events?: readonly MessageHappening[];
  readonly key?: string;
  /** Number of a message. */
  readonly message?: number;
  /** A later attempt than this. */
  readonly attemptAbove?: number;
  /** Must occur in the line, whatever the case of its letters. */
  readonly text?: string;
}

/** Kinds of lines in the words of a filter, in the order in which they are offered. */
export const logGroups: Readonly<Record<string, readonly MessageHappening[]>> = {
  publications: ["published", "confirmed", "refused"],
  "in brokers": ["stored", "routed", "unroutable", "lost", "expired", "dropped", "dead-lettered"],
  deliveries: ["delivered", "returned", "acknowledged", "rejected"],
  work: ["started", "handled", "retried", "failed", "declined"],
  stores: ["written", "read"],
  calls: ["requested", "arrived", "answered", "timed-out"],
  failures: [
    "refused",
    "unroutable",
    "lost",
    "returned",
    "rejected",
    "expired",
    "dropped",
    "dead-lettered",
    "retried",
    "failed",
    "declined",
    "timed-out",
  ],
};

/** Whether a line fulfils a filter. */
export function matchesLog(record: MessageEvent, filter: LogFilter): boolean {
  const { places, contract, events, key, message, attemptAbove, text } = filter;
  if (contract !== undefined && record.contract !== contract) return false;
  if (events !== undefined && !events.includes(record.event)) return false;
  if (key !== undefined && record.key !== key) return false;
  if (message !== undefined && record.message !== message) return false;
  if (attemptAbove !== undefined && !((record.attempt ?? 0) > attemptAbove)) return false;
  if (places !== undefined && !isAt(record, places)) return false;
  return text === undefined || text === "" || textOf(record).includes(text.toLowerCase());
}

function isAt(record: MessageEvent, places: readonly string[]): boolean {
  const { channel, subscription, consumer, connection } = record;
  return [channel, subscription, consumer, connection].some(
    (place) => place !== undefined && places.includes(place),
  );
}

function textOf(record: MessageEvent): string {
  return Object.values(record).join(" ").toLowerCase();
}
