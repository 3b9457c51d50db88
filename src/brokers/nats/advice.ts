// What we advise on JetStream's settings. Sources are those of the manual.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt } from "../advice.ts";
import type { BrokerConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields } from "./fields.ts";

/** All advice on a cluster. */
export function adviseNats(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((consumer) => {
    if (channelAt(config, consumer)?.kind !== "stream") return [];
    return [
      ...unacknowledged(config, consumer),
      ...shortWait(config, facts, consumer),
      ...endlessDelivery(config, facts, consumer),
    ];
  });
}

function nameOf(config: BrokerConfig, consumer: SubscriptionConfig): string {
  return channelAt(config, consumer)?.name ?? "";
}

function unacknowledged(
  config: BrokerConfig,
  consumer: SubscriptionConfig,
): readonly BrokerAdvice[] {
  if (valuesOf(consumeFields, consumer.parameters).ack_policy !== "none") return [];
  return [
    {
      code: "nats/no-acknowledgement",
      element: consumer.id,
      risk: `Messages of ${nameOf(config, consumer)} count as dealt with when they are sent to ${consumer.node}.`,
      why: "What was on its way or in work is lost when the consumer crashes.",
      remedy: "Acknowledge each message after the work",
      settings: [{ id: consumer.id, parameter: "ack_policy", value: "explicit" }],
    },
  ];
}

function shortWait(
  config: BrokerConfig,
  facts: BrokerFacts,
  consumer: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, consumer.parameters);
  const { longWorkMs } = facts.consumer(consumer.id);
  const needed = longWorkMs * (values.delivery === "pull" ? values.batch : 1);
  if (values.ack_policy === "none" || values.in_progress || values.ack_wait > needed) return [];
  const value = Math.ceil(2 * needed);
  return [
    {
      code: "nats/ack-wait-below-work",
      element: consumer.id,
      risk: `A message of ${nameOf(config, consumer)} has to be acknowledged within ${formatDurationMs(values.ack_wait)}, and the work takes up to ${formatDurationMs(needed)}.`,
      why: "It is delivered again while it is worked on.",
      remedy: `Set ack_wait to ${formatDurationMs(value)}`,
      settings: [{ id: consumer.id, parameter: "ack_wait", value }],
    },
  ];
}

function endlessDelivery(
  config: BrokerConfig,
  facts: BrokerFacts,
  consumer: SubscriptionConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, consumer.parameters);
  const isEndless = values.max_deliver === -1 && values.on_failure !== "term";
  if (values.ack_policy === "none" || !isEndless || !facts.consumer(consumer.id).mayFail) return [];
  return [
    {
      code: "nats/endless-delivery",
      element: consumer.id,
      risk: `${nameOf(config, consumer)} delivers what fails at ${consumer.node} again and again, without a limit.`,
      why: "A message that always fails takes a worker for as long as the stream keeps it.",
      remedy: "Give up after 5 deliveries, with pauses that grow",
      settings: [
        { id: consumer.id, parameter: "max_deliver", value: 5 },
        { id: consumer.id, parameter: "nak_delay", value: 1000 },
      ],
    },
  ];
}
