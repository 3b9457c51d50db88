// MQTT 3.1.1 and 5.0 with Mosquitto 2.0 as the broker: topics, sessions, QoS per hop. What the drawing shows of it; the
// running broker is in runtime.ts, all else about it in manual.ts.

import { bindFields, clusterFields, consumeFields, publishFields, topicFields } from "./fields.ts";
import type { Technology } from "../technology.ts";

/** MQTT on Mosquitto. */
export const mqtt: Technology = {
  id: "mqtt",
  label: "MQTT",
  version: "Mosquitto 2.0",
  words: { message: "message", subscription: "subscription", node: "broker" },
  summary:
    "Clients publish to topics; the broker sends copies to every filter that matches, and keeps nothing else.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    topic: {
      label: "Topic",
      help: "A name under which messages are published. It keeps nothing but, if asked, the latest message.",
      fields: topicFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
    },
  },
  quickConnect: { publish: "topic", consume: "topic" },
};
