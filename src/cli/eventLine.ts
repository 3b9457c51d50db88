// A record of the event log as one JSON line. Other tools read these lines: fields are added at the end, never changed.

import type { MessageEvent } from "../model/events.ts";

// A record without one of the fields of the log does not compile, so the lines never lack one.
const order: Readonly<Record<keyof MessageEvent, true>> = {
  t: true,
  event: true,
  message: true,
  contract: true,
  channel: true,
  subscription: true,
  consumer: true,
  attempt: true,
  partition: true,
  offset: true,
  key: true,
  cause: true,
  reason: true,
  version: true,
  connection: true,
  worker: true,
};

const fields = Object.keys(order);

/** The line of a record, without the line break; always in the same order, without what does not apply. */
export function eventLine(record: MessageEvent): string {
  return JSON.stringify(record, fields);
}
