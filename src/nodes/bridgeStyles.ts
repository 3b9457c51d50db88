// What the names mean under which users know bridges: each fills in parameters as its product has them; the mechanism is
// one. Sources: ../shared/brokers/kafka.md, sns.md, eventbridge.md, mqtt.md, section 2 of each.

import type { Parameters } from "../base/fields.ts";
import type { BridgeStyleId } from "./bridge.ts";

/** What a bridge is called, and what that name says of its parameters. */
export interface BridgeStyle {
  readonly label: string;
  /** Whom it takes the defaults from. */
  readonly help: string;
  /** Parameters that differ from those of a plain bridge, by their names in the document; those that a bridge between
   *  other technologies does not have are left out. */
  readonly fills: Parameters;
}

const connectOffsets = {
  "source.commit": "auto",
  "source.auto.commit.interval.ms": 60_000,
} as const;

/** Names under which users know bridges. */
export const bridgeStyles: Readonly<Record<BridgeStyleId, BridgeStyle>> = {
  "kafka-connect-sink": {
    label: "Kafka Connect sink",
    help: "errors.tolerance none: the first bad record stops its task. Offsets are committed every 60 s (offset.flush.interval.ms), so a crash repeats up to 60 s.",
    fills: { onFailure: "stop", ...connectOffsets },
  },
  "kafka-connect-source": {
    label: "Kafka Connect source",
    help: "Acknowledges at the source when Kafka has confirmed; the first error that Kafka's client does not retry stops its task.",
    fills: { onFailure: "stop" },
  },
  "mirror-maker": {
    label: "MirrorMaker 2",
    help: "Keeps keys and the order in a partition; its own offsets are flushed every 60 s, so a crash repeats up to 60 s. Groups and their offsets are not translated.",
    fills: { onFailure: "stop", maxInFlight: 500, ...connectOffsets },
  },
  "sns-subscription": {
    label: "SNS → SQS subscription",
    help: "Retries 100,015 times over 23 days, then the message is lost unless there is a dead-letter queue.",
    fills: {
      time: { distribution: "constant", value: 0 },
      maxInFlight: 10_000,
      order: "free",
      attempts: 100_015,
      backoff: 1000,
      onFailure: "skip",
    },
  },
  "eventbridge-target": {
    label: "EventBridge target",
    help: "Retries up to 185 times for 24 hours, with back-off and jitter, then the event is lost unless there is a dead-letter queue.",
    fills: {
      time: { distribution: "constant", value: 0 },
      maxInFlight: 10_000,
      order: "free",
      attempts: 186,
      retryFor: 86_400_000,
      onFailure: "skip",
    },
  },
  "mqtt-bridge": {
    label: "MQTT bridge",
    help: "As a client of both sides: 20 messages in flight (max_inflight_messages), tried again until the target takes them.",
    fills: {
      time: { distribution: "constant", value: 0 },
      maxInFlight: 20,
      attempts: 1_000_000,
      backoff: 1000,
      backoffMax: 30_000,
    },
  },
};
