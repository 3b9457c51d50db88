// Apache Kafka 4.0 with classic consumer groups: partitioned replicated logs that groups read at their own pace.
// What it consists of is in plan.ts, what it does in broker.ts, its settings in fields.ts and clientFields.ts, all else about it in manual.ts.

import { consumeFields, publishFields } from "./clientFields.ts";
import { clusterFields, topicFields } from "./fields.ts";
import { topicTrigger } from "./trigger.ts";
import type { Technology } from "../technology.ts";

/** Apache Kafka. */
export const kafka: Technology = {
  id: "kafka",
  label: "Apache Kafka",
  version: "4.0",
  words: { message: "record", subscription: "consumer group", node: "broker" },
  summary: "Partitioned, replicated logs; each consumer group reads at its own pace.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields: {},
  channelKinds: {
    topic: {
      label: "Topic",
      help: "A set of append-only logs; reading a record does not remove it.",
      fields: topicFields,
      publishable: true,
      consumable: true,
      bindsTo: [],
      parallelismField: "partitions",
      functions: topicTrigger,
    },
  },
  quickConnect: { publish: "topic", consume: "topic" },
};
