// Google Cloud Pub/Sub: topics, and subscriptions that each get a copy of every message. What the drawing shows of it; the
// running service is in runtime.ts, all else about it in manual.ts.

import {
  bindFields,
  clusterFields,
  consumeFields,
  publishFields,
  subscriptionFields,
  topicFields,
} from "./fields.ts";
import type { Technology } from "../technology.ts";

/** Google Cloud Pub/Sub, API v1. */
export const googlePubsub: Technology = {
  id: "google-pubsub",
  label: "Google Cloud Pub/Sub",
  version: "v1",
  words: { message: "message", subscription: "subscription", node: "zone" },
  summary: "Topics copy messages to subscriptions, which lease them to clients or push them.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    topic: {
      label: "Topic",
      help: "Takes messages and gives each of its subscriptions a copy; without a subscription they are gone.",
      fields: topicFields,
      publishable: true,
      consumable: false,
      bindsTo: ["subscription"],
    },
    subscription: {
      label: "Subscription",
      help: "Belongs to one topic and keeps its messages until a client acknowledges them. All its clients share them.",
      fields: subscriptionFields,
      publishable: false,
      consumable: true,
      bindsTo: [],
      onlyOne: {
        source:
          "A subscription belongs to one topic; make another subscription for the other topic.",
      },
    },
  },
  nodeFields: ["zones"],
  quickConnect: { publish: "topic", consume: "subscription" },
};
