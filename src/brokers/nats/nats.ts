// NATS: core subjects without storage, and JetStream's streams with consumers. What the drawing shows of it; the running
// broker is in runtime.ts, all else about it in manual.ts.

import {
  bindFields,
  clusterFields,
  consumeFields,
  publishFields,
  streamFields,
  subjectFields,
} from "./fields.ts";
import type { Technology } from "../technology.ts";

/** NATS, semantics of nats-server 2.10. */
export const nats: Technology = {
  id: "nats",
  label: "NATS",
  version: "2.10",
  words: { message: "message", subscription: "consumer", node: "server" },
  summary:
    "Core subjects reach who listens; JetStream stores them and redelivers until acknowledged.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    stream: {
      label: "Stream (JetStream)",
      help: "Captures subjects into a log with limits; consumers acknowledge message by message.",
      fields: streamFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
    },
    subject: {
      label: "Subjects (core)",
      help: "Reach who is subscribed at that moment, and nobody else.",
      fields: subjectFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
    },
  },
  quickConnect: { publish: "stream", consume: "stream" },
};
