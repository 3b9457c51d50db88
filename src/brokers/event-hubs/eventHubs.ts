// Azure Event Hubs: partitioned logs of a namespace that buys its throughput, read by processors which keep their position
// themselves. What the drawing shows of it; the running service is in broker.ts, all else about it in manual.ts.

import { clusterFields, consumeFields, hubFields, publishFields } from "./fields.ts";
import { hubTrigger } from "./trigger.ts";
import type { Technology } from "../technology.ts";

/** Azure Event Hubs. */
export const eventHubs: Technology = {
  id: "event-hubs",
  label: "Azure Event Hubs",
  version: "2024-01",
  words: { message: "event", subscription: "consumer group", node: "availability zone" },
  summary: "Partitioned logs with bought throughput; processors checkpoint their own positions.",
  clusterFields,
  nodeFields: ["zones"],
  publishFields,
  consumeFields,
  bindFields: {},
  channelKinds: {
    hub: {
      label: "Event hub",
      help: "A set of append-only logs, kept for a time; reading an event does not remove it.",
      fields: hubFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
      parallelismField: "partitionCount",
      functions: hubTrigger,
    },
  },
  quickConnect: { publish: "hub", consume: "hub" },
};
