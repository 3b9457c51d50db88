// Apache Pulsar 3.0: topics that brokers serve and bookies keep, read by subscriptions that acknowledge one by one. What
// the drawing shows of it; the running cluster is in broker.ts, all else about it in manual.ts.

import { clusterFields, consumeFields, publishFields, topicFields } from "./fields.ts";
import type { Technology } from "../technology.ts";

/** Apache Pulsar. */
export const pulsar: Technology = {
  id: "pulsar",
  label: "Apache Pulsar",
  version: "3.0",
  words: { message: "message", subscription: "subscription", node: "node" },
  summary:
    "Topics kept by bookies; subscriptions with single acknowledgements, shared in four ways.",
  clusterFields,
  nodeFields: ["nodes", "bookies"],
  publishFields,
  consumeFields,
  bindFields: {},
  channelKinds: {
    topic: {
      label: "Topic",
      help: "Every subscription gets every message; what all have acknowledged is deleted.",
      fields: topicFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
    },
  },
  quickConnect: { publish: "topic", consume: "topic" },
};
