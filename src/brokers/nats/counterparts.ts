// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Parameters of NATS by the concept behind them; the roles of its channels follow from what they can do. */
export const natsCounterparts: Counterparts = {
  roles: {},
  parameters: [
    { place: "broker", concept: "nodes", field: "nodes" },
    { place: "channel", concept: "replicas", field: "num_replicas" },
    { place: "channel", concept: "kept for", field: "max_age" },
    { place: "channel", concept: "kept bytes", field: "max_bytes" },
    { place: "channel", concept: "maximum length", field: "max_msgs" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "publish", concept: "time until given up", field: "timeout" },
    { place: "consume", concept: "taken at once", field: "batch" },
    { place: "consume", concept: "unacknowledged at once", field: "max_ack_pending" },
    { place: "consume", concept: "lease", field: "ack_wait" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
