// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Roles of the channel kinds, and parameters by the concept behind them. */
export const rabbitmqCounterparts: Counterparts = {
  roles: { exchange: "router", queue: "queue" },
  parameters: [
    { place: "broker", concept: "nodes", field: "nodes" },
    { place: "channel", concept: "replicas", field: "x-quorum-initial-group-size" },
    { place: "channel", concept: "kept for", field: "x-message-ttl" },
    { place: "channel", concept: "maximum length", field: "x-max-length" },
    { place: "channel", concept: "dead-letter channel", field: "x-dead-letter-exchange" },
    // A limit of n allows n + 1 deliveries.
    { place: "channel", concept: "deliveries", field: "x-delivery-limit", offset: 1 },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "publish", concept: "attributes", field: "headers" },
    { place: "publish", concept: "message kept for", field: "expiration" },
    { place: "consume", concept: "unacknowledged at once", field: "prefetch_count" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
