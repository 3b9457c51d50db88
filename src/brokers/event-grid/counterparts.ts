// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Parameters of Azure Event Grid by the concept behind them; the roles of its channels follow from what they can do. */
export const eventGridCounterparts: Counterparts = {
  roles: {},
  parameters: [
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "kept for", field: "eventTimeToLiveInMinutes" },
    { place: "channel", concept: "dead-letter channel", field: "deadLetterDestination" },
    { place: "channel", concept: "deliveries", field: "maxDeliveryAttempts" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
