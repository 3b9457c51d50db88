// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Parameters of Amazon SNS by the concept behind them; the roles of its channels follow from what they can do. */
export const snsCounterparts: Counterparts = {
  roles: {},
  parameters: [
    { place: "broker", concept: "zones", field: "zones" },
    { place: "channel", concept: "kept for", field: "MessageRetentionPeriod" },
    { place: "channel", concept: "lease", field: "VisibilityTimeout" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "publish", concept: "attributes", field: "MessageAttributes" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
