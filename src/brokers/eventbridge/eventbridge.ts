// Amazon EventBridge: buses, rules with event patterns, targets that are called with retries. What the drawing shows of it.

import { deadLetterQueueFields } from "../mechanisms/awsService.ts";
import type { Technology } from "../technology.ts";
import { clusterFields, consumeFields, publishFields, ruleFields } from "./fields.ts";

/** Amazon EventBridge, as documented in 2026: classic buses, and the Custom Event Bus by a switch. */
export const eventbridge: Technology = {
  id: "eventbridge",
  label: "Amazon EventBridge",
  version: "2026",
  words: { message: "event", subscription: "target", node: "zone" },
  summary:
    "Rules match events by their content and call targets, with retries for a day and no order.",
  clusterFields,
  publishFields,
  consumeFields,
  bindFields: {},
  channelKinds: {
    bus: {
      label: "Event bus",
      help: "Takes events and hands each to every rule that matches; keeps nothing itself.",
      fields: {},
      publishable: true,
      consumable: false,
      bindsTo: ["rule"],
    },
    rule: {
      label: "Rule",
      help: "Picks events of one bus by a pattern; its connections are its targets. On a Custom Event Bus: a subscriber.",
      fields: ruleFields,
      functions: { lambda: "event", subscription: () => ({ Target: "lambda" }) },
      publishable: false,
      consumable: true,
      bindsTo: [],
    },
    dlq: {
      label: "Dead-letter queue",
      help: "A standard SQS queue for events that a target could not be given.",
      fields: deadLetterQueueFields,
      publishable: false,
      consumable: true,
      bindsTo: [],
    },
  },
  nodeFields: ["zones"],
  quickConnect: { publish: "bus", consume: "rule" },
};
