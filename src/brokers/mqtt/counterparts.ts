// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Roles of the channel kinds, and parameters by the concept behind them. */
export const mqttCounterparts: Counterparts = {
  roles: { topic: "log" },
  parameters: [
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "publish", concept: "message kept for", field: "message_expiry_interval" },
    { place: "consume", concept: "unacknowledged at once", field: "receive_maximum" },
    { place: "consume", concept: "network latency", field: "latency" },
  ],
};
