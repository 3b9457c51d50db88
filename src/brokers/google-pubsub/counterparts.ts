// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Roles of the channel kinds, and parameters by the concept behind them. */
export const pubsubCounterparts: Counterparts = {
  roles: { topic: "router", subscription: "queue" },
  parameters: [
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "kept for", field: "message_retention_duration" },
    { place: "channel", concept: "lease", field: "ack_deadline_seconds" },
    { place: "channel", concept: "dead-letter channel", field: "dead_letter_topic" },
    { place: "channel", concept: "deliveries", field: "max_delivery_attempts" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "publish", concept: "attributes", field: "attributes" },
    { place: "publish", concept: "wait for a batch", field: "max_latency" },
    { place: "publish", concept: "bytes of a batch", field: "max_bytes" },
    { place: "publish", concept: "time until given up", field: "total_timeout" },
    { place: "consume", concept: "unacknowledged at once", field: "max_messages" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
