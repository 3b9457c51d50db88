// Azure Event Grid: custom topics whose events are pushed to the endpoints of event subscriptions. What the drawing shows of
// it; the running service is in runtime.ts, all else about it in manual.ts.

import {
  bindFields,
  clusterFields,
  consumeFields,
  containerFields,
  publishFields,
  subscriptionFields,
  topicFields,
} from "./fields.ts";
import type { Technology } from "../technology.ts";

/** Azure Event Grid, custom topics with push delivery. */
export const eventGrid: Technology = {
  id: "event-grid",
  label: "Azure Event Grid",
  version: "2025-02-15",
  words: { message: "event", subscription: "event subscription", node: "zone" },
  summary: "Topics push events to the endpoints whose filters match, with a fixed retry schedule.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    topic: {
      label: "Topic",
      help: "Takes events and hands them to its event subscriptions; keeps nothing for later ones.",
      fields: topicFields,
      publishable: true,
      consumable: false,
      bindsTo: ["subscription"],
    },
    subscription: {
      label: "Event subscription",
      help: "A filter, an endpoint, a retry policy and a place for dead letters.",
      fields: subscriptionFields,
      // The runtime answers 200, or 500 after an exception.
      functions: {
        azure: "request",
        subscription: () => ({ success_status: 200, failure_status: 500 }),
      },
      publishable: false,
      consumable: true,
      bindsTo: [],
      onlyOne: {
        source: "An event subscription belongs to one topic; make another one for the other topic.",
        consumer: "An event subscription has one endpoint; make another one for the other service.",
      },
    },
    container: {
      label: "Dead-letter container",
      help: "A blob container that keeps the events that were given up.",
      fields: containerFields,
      publishable: false,
      consumable: false,
      bindsTo: [],
    },
  },
  quickConnect: { publish: "topic", consume: "subscription" },
  nodeFields: ["zones"],
};
