// What we advise on Pub/Sub's settings. Sources are those of the manual. Codes that the check has too are the same.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt, freeName } from "../advice.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields, subscriptionFields } from "./fields.ts";

/** All advice on a project's subscriptions. */
export function adviseGooglePubsub(
  config: BrokerConfig,
  facts: BrokerFacts,
): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((connection) => {
    const subscription = channelAt(config, connection);
    return subscription === undefined
      ? []
      : [
          ...shortLease(facts, connection, subscription),
          ...noDeadLetters(config, facts, { connection, subscription }),
        ];
  });
}

function shortLease(
  facts: BrokerFacts,
  connection: SubscriptionConfig,
  subscription: ChannelConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(subscriptionFields, subscription.parameters);
  const own = valuesOf(consumeFields, connection.parameters);
  const leaseMs = Math.max(values.ack_deadline_seconds, own.max_extension);
  const { longWorkMs } = facts.consumer(connection.id);
  if (values.delivery_type !== "pull" || leaseMs > longWorkMs) return [];
  return [
    {
      code: "google-pubsub/lease-below-work",
      element: connection.id,
      risk: `A message of ${subscription.name} is leased for ${formatDurationMs(leaseMs)}, and the work takes up to ${formatDurationMs(longWorkMs)}.`,
      why: "It is delivered again while it is worked on.",
      remedy: "Let the client extend leases for an hour",
      settings: [{ id: connection.id, parameter: "max_extension", value: 3_600_000 }],
    },
  ];
}

interface Consumption {
  readonly connection: SubscriptionConfig;
  readonly subscription: ChannelConfig;
}

function noDeadLetters(
  config: BrokerConfig,
  facts: BrokerFacts,
  { connection, subscription }: Consumption,
): readonly BrokerAdvice[] {
  const values = valuesOf(subscriptionFields, subscription.parameters);
  if (values.dead_letter_topic !== "" || !facts.consumer(connection.id).mayFail) return [];
  const topic = freeName(config, `${subscription.name}-dead-letters`);
  const store = freeName(config, `${subscription.name}-failed`);
  return [
    {
      code: "google-pubsub/endless-redelivery",
      element: subscription.id,
      risk: `${subscription.name} has no dead-letter topic.`,
      why: "A message that always fails is delivered again for as long as it is kept, seven days of it.",
      remedy: "Forward it to a dead-letter topic after 5 attempts",
      settings: [
        { id: subscription.id, parameter: "dead_letter_topic", value: topic },
        { id: subscription.id, parameter: "max_delivery_attempts", value: 5 },
      ],
      channels: [
        { kind: "topic", name: topic },
        { kind: "subscription", name: store },
      ],
      bindings: [[topic, store]],
    },
  ];
}
