// What an MQTT broker says of a client while it runs: the age of what waits, and why nothing moves. Reads only.

import type { Sessions } from "./sessions.ts";

/** How many copies of a client are looked at for the oldest one. They are nearly in order of age. */
const LOOKED_AT_MAX = 256;

/** Publication time of the oldest copy of a subscription [ns], -1 without. */
export function oldestOf(
  sessions: Sessions,
  of: { readonly client: number; readonly subscription: number },
  publishedNs: (message: number) => number,
): number {
  let oldestNs = Infinity;
  for (const ring of [sessions.flying[of.client]!, sessions.queued[of.client]!])
    for (let at = 0; at < Math.min(ring.size(), LOOKED_AT_MAX); at++) {
      const copy = ring.at(at);
      if (sessions.copies.subscription(copy) !== of.subscription) continue;
      oldestNs = Math.min(oldestNs, publishedNs(sessions.copies.message(copy)));
    }
  return oldestNs === Infinity ? -1 : oldestNs;
}

/** Why nothing is sent to a client for which something waits, "" when it flows. */
export function blockedBecause(sessions: Sessions, client: number, window: number): string {
  if (!sessions.isOnline(client))
    return "the client is not connected: its session queues QoS 1 and 2";
  const inFlight = sessions.inFlight(client);
  return inFlight >= window ? `${inFlight} of ${window} in flight, not acknowledged` : "";
}
