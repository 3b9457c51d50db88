// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Parameters of Azure Event Hubs by the concept behind them; the roles of its channels follow from what they can do. */
export const eventHubsCounterparts: Counterparts = {
  roles: {},
  parameters: [
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "partitions", field: "partitionCount" },
    { place: "channel", concept: "kept for", field: "retention" },
    { place: "publish", concept: "network latency", field: "network.latency.ms" },
    { place: "consume", concept: "network latency", field: "network.latency.ms" },
  ],
};
