// Redis Streams and Redis pub/sub: logs with consumer groups that remember what is pending. What the drawing shows of it;
// the running broker is in runtime.ts, all else about it in manual.ts.

import {
  bindFields,
  clusterFields,
  consumeFields,
  publishFields,
  pubsubFields,
  streamFields,
} from "./fields.ts";
import type { Technology } from "../technology.ts";

/** Redis Streams, semantics of 8.0. */
export const redisStreams: Technology = {
  id: "redis-streams",
  label: "Redis Streams",
  version: "8.0",
  words: { message: "entry", subscription: "consumer group", node: "node" },
  summary:
    "Logs in memory whose groups remember who was handed what; nobody redelivers unless claimed.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields,
  channelKinds: {
    stream: {
      label: "Stream",
      help: "A log under one key. Reading and acknowledging remove nothing; trimming removes, read or not.",
      fields: streamFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
    },
    pubsub: {
      label: "Pub/sub channel",
      help: "Reaches who is subscribed at that moment, and nobody else.",
      fields: pubsubFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
    },
  },
  quickConnect: { publish: "stream", consume: "stream" },
};
