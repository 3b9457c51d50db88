// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Parameters of Azure Service Bus by the concept behind them; the roles of its channels follow from what they can do. */
export const serviceBusCounterparts: Counterparts = {
  roles: {},
  parameters: [
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "kept for", field: "DefaultMessageTimeToLive" },
    { place: "channel", concept: "lease", field: "LockDuration" },
    { place: "channel", concept: "deliveries", field: "MaxDeliveryCount" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "publish", concept: "attributes", field: "ApplicationProperties" },
    { place: "publish", concept: "message kept for", field: "TimeToLive" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
