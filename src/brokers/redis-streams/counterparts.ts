// What corresponds to what in other technologies, for changing the technology of a broker in place.

import type { Counterparts } from "../technology.ts";

/** Roles of the channel kinds, and parameters by the concept behind them. */
export const redisStreamsCounterparts: Counterparts = {
  roles: { stream: "log", pubsub: "log" },
  parameters: [
    { place: "channel", concept: "maximum length", field: "maxlen" },
    { place: "publish", concept: "network latency", field: "latency" },
    { place: "consume", concept: "taken at once", field: "count" },
    { place: "consume", concept: "network latency", field: "latency" },
    { place: "consume", concept: "lease", field: "min-idle-time" },
  ],
};
