// When messages come back and clients try again: redelivery back-off of consumers, reconnection of clients.
// Source: apache/pulsar MultiplierRedeliveryBackoff, org.apache.pulsar.client.impl.Backoff.

import type { ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { consumeFields } from "./fields.ts";

type ConsumeValues = ValuesOf<typeof consumeFields>;

/** Delay of a redelivery by MultiplierRedeliveryBackoff [ms]; redeliveries are counted from 0. */
export function backoffMs(values: ConsumeValues, redelivery: number): number {
  const most = values["backoff.maxDelayMs"];
  let delayMs = values["backoff.minDelayMs"];
  // With a multiplier of 1 nothing grows.
  for (let i = 0; i < redelivery && delayMs < most && values["backoff.multiplier"] > 1; i++)
    delayMs *= values["backoff.multiplier"];
  return Math.min(delayMs, most);
}

/** How long a message stays away after a negative acknowledgement [ns], when it was delivered so many times. */
export function nackDelayNs(values: ConsumeValues, fixedNs: number, attempt: number): number {
  return values.redeliveryBackoff ? msToNs(backoffMs(values, attempt - 1)) : fixedNs;
}

/** How long a consumer may take for a message before it comes again [ns]; Infinity without ackTimeout. */
export function ackTimeoutNs(values: ConsumeValues, attempt: number): number {
  if (values.ackTimeout === null) return Infinity;
  const moreMs = values.redeliveryBackoff ? backoffMs(values, attempt - 1) : 0;
  return msToNs(values.ackTimeout + moreMs);
}

const firstReconnectMs = 100;
const longestReconnectMs = 60_000;

/** Pause before a client's attempt (counted from 0) to find its topic again [ns], without jitter. */
export function reconnectNs(attempt: number): number {
  return msToNs(Math.min(longestReconnectMs, firstReconnectMs * 2 ** Math.min(attempt, 20)));
}
