// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Parameters of Apache Pulsar by the concept behind them; the roles of its channels follow from what they can do. */
export const pulsarCounterparts: Counterparts = {
  roles: {},
  parameters: [
    { place: "broker", concept: "nodes", field: "nodes" },
    { place: "channel", concept: "partitions", field: "partitions" },
    { place: "channel", concept: "kept for", field: "messageTTL" },
    { place: "publish", concept: "network latency", field: "network.latency.ms" },
    { place: "publish", concept: "wait for a batch", field: "batchingMaxPublishDelay" },
    { place: "publish", concept: "bytes of a batch", field: "batchingMaxBytes" },
    { place: "publish", concept: "time until given up", field: "sendTimeout" },
    { place: "consume", concept: "network latency", field: "network.latency.ms" },
  ],
};
