// What we advise on Pulsar's settings. Sources are those of the manual.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt, freeName } from "../advice.ts";
import type { BrokerConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields } from "./fields.ts";

/** All advice on a cluster. */
export function advisePulsar(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((subscription) => [
    ...shortTimeout(config, facts, subscription),
    ...noDeadLetters(config, facts, subscription),
  ]);
}

function shortTimeout(
  config: BrokerConfig,
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const { ackTimeout } = valuesOf(consumeFields, subscription.parameters);
  const { longWorkMs } = facts.consumer(subscription.id);
  if (ackTimeout === null || ackTimeout > longWorkMs) return [];
  const value = Math.ceil(Math.max(1000, 4 * longWorkMs));
  return [
    {
      code: "pulsar/ack-timeout-below-work",
      element: subscription.id,
      risk: `${subscription.node} has messages of ${channelAt(config, subscription)?.name ?? ""} delivered again after ${formatDurationMs(ackTimeout)}, and the work takes up to ${formatDurationMs(longWorkMs)}.`,
      why: "The time runs from receipt, waiting in the consumer included: work is done twice.",
      remedy: `Set ackTimeout to ${formatDurationMs(value)}`,
      settings: [{ id: subscription.id, parameter: "ackTimeout", value }],
    },
  ];
}

function noDeadLetters(
  config: BrokerConfig,
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const isShared = ["Shared", "Key_Shared"].includes(values.subscriptionType);
  const topic = channelAt(config, subscription);
  if (!isShared || topic === undefined || values.maxRedeliverCount !== null) return [];
  if (values["on.failure"] !== "nack" || !facts.consumer(subscription.id).mayFail) return [];
  const name = freeName(config, `${topic.name}-dead-letters`);
  return [
    {
      code: "pulsar/no-dead-letter-topic",
      element: subscription.id,
      risk: `What fails at ${subscription.node} comes back to it without a limit.`,
      why: "A message that always fails takes a worker again and again, for good.",
      remedy: "Move it into a dead-letter topic after 3 redeliveries",
      settings: [
        { id: subscription.id, parameter: "maxRedeliverCount", value: 3 },
        { id: subscription.id, parameter: "deadLetterTopic", value: name },
      ],
      channels: [{ kind: "topic", name }],
    },
  ];
}
