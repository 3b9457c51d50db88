// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Roles of the channel kinds, and parameters by the concept behind them. */
export const kafkaCounterparts: Counterparts = {
  roles: { topic: "log" },
  parameters: [
    { place: "broker", concept: "nodes", field: "nodes" },
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "partitions", field: "partitions" },
    { place: "channel", concept: "replicas", field: "replication.factor" },
    { place: "channel", concept: "minimum in sync", field: "min.insync.replicas" },
    { place: "channel", concept: "kept for", field: "retention.ms" },
    { place: "channel", concept: "kept bytes", field: "retention.bytes" },
    { place: "publish", concept: "network latency", field: "network.latency.ms" },
    { place: "publish", concept: "wait for a batch", field: "linger.ms" },
    { place: "publish", concept: "bytes of a batch", field: "batch.size" },
    { place: "publish", concept: "time until given up", field: "delivery.timeout.ms" },
    { place: "consume", concept: "taken at once", field: "max.poll.records" },
    { place: "consume", concept: "network latency", field: "network.latency.ms" },
  ],
};
