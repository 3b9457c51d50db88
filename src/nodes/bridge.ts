// A bridge between two brokers: a connection that consumes on one side and publishes on the other. Its own parameters,
// and the names under which users know bridges; what such a name means stands in bridgeStyles.ts.

import { choice, count, duration, durations, type Fields, ratio, text } from "../base/fields.ts";
import { retryFields } from "./patterns/backoff.ts";

const { backoff, growth, backoffMax, jitter } = retryFields;

/** The bridge's own parameters; beside them stand those of its subscription and of its publications. */
export const bridgeFields = {
  tasks: count({
    label: "Tasks",
    min: 1,
    max: 100,
    default: 1,
    help: "Consumers at the source that work side by side; Kafka Connect's tasks.max.",
  }),
  time: durations({
    label: "Time per message",
    default: { distribution: "constant", value: 1 },
    help: "How long a task converts one message before it hands it to the target.",
    live: true,
  }),
  maxInFlight: count({
    label: "In flight per task",
    min: 1,
    max: 10_000,
    default: 100,
    help: "How many messages of a task may wait for the target's confirmation.",
    live: true,
  }),
  order: choice({
    label: "Order",
    options: [
      { value: "kept", label: "Kept: a retry holds back what follows" },
      { value: "free", label: "Free: others overtake a retry" },
    ],
    default: "kept",
    help: "Whether a task goes on while one of its messages waits to be tried again; what is in flight already overtakes it in any case.",
  }),
  key: choice({
    label: "Key",
    options: [
      { value: "kept", label: "Kept" },
      { value: "none", label: "Left out" },
    ],
    default: "kept",
    help: "Whether a message goes on with its key.",
  }),
  errorRate: ratio({
    label: "Error rate",
    default: 0,
    help: "Share of the attempts that fail in the bridge, before the target is asked.",
    live: true,
  }),
  attempts: count({
    label: "Attempts",
    min: 1,
    max: 1_000_000,
    default: 1,
    help: "How often a message is tried before it counts as failed, the first time included.",
    live: true,
  }),
  retryFor: duration({
    label: "Retries at most for",
    none: "no limit",
    default: null,
    help: "A message that is older in the bridge is not tried again; errors.retry.timeout.",
  }),
  backoff,
  growth,
  backoffMax,
  jitter,
  onFailure: choice({
    label: "On failure",
    options: [
      { value: "give-back", label: "Give back: the source decides" },
      { value: "stop", label: "Stop the task" },
      { value: "skip", label: "Skip the message" },
      { value: "dead-letter", label: "Dead-letter channel" },
    ],
    default: "give-back",
    help: "What becomes of a message that has failed for good. A stopped task gives back what it holds and waits for a restart of the bridge.",
  }),
  deadLetterChannel: text({
    label: "Dead-letter channel",
    default: "",
    help: "Id or name of a channel of the target's or the source's broker.",
    onlyIf: { field: "onFailure", is: ["dead-letter"] },
  }),
} as const satisfies Fields;

/** Names under which users know bridges, in the order on screen. */
export const bridgeStyleIds = [
  "kafka-connect-sink",
  "kafka-connect-source",
  "mirror-maker",
  "sns-subscription",
  "eventbridge-target",
  "mqtt-bridge",
] as const;

/** One of the names. */
export type BridgeStyleId = (typeof bridgeStyleIds)[number];
