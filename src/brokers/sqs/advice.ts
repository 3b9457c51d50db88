// What we advise on SQS's settings. Sources are those of the manual. Codes that the check has too are the same.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt, freeName } from "../advice.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields, publishFields, queueFields } from "./fields.ts";

/** All advice on the queues of a Region. */
export function adviseSqs(config: BrokerConfig, facts: BrokerFacts): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((subscription) => {
    const queue = channelAt(config, subscription);
    return queue === undefined
      ? []
      : [
          ...shortVisibility(facts, subscription, queue),
          ...noDeadLetters(config, facts, { subscription, queue }),
          ...oneGroup(config, subscription, queue),
        ];
  });
}

/** The longest that SQS lets a message be hidden [ms]. */
const visibilityMaxMs = 12 * 3_600_000;

function shortVisibility(
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
  queue: ChannelConfig,
): readonly BrokerAdvice[] {
  const own = valuesOf(consumeFields, subscription.parameters);
  const hiddenMs =
    own.VisibilityTimeout ?? valuesOf(queueFields, queue.parameters).VisibilityTimeout;
  const { longWorkMs } = facts.consumer(subscription.id);
  const needed = longWorkMs * own.MaxNumberOfMessages;
  if (own.heartbeat !== null || hiddenMs > needed) return [];
  const value = Math.min(visibilityMaxMs, Math.max(1000, Math.ceil(needed / 1000) * 2000));
  const isOwn = own.VisibilityTimeout !== null;
  return [
    {
      code: "sqs/visibility-below-work",
      element: subscription.id,
      risk: `A message of ${queue.name} is hidden for ${formatDurationMs(hiddenMs)}, and the work takes up to ${formatDurationMs(needed)}.`,
      why: "It comes back while it is worked on: the work is done twice, and twice again.",
      remedy: `Set VisibilityTimeout to ${formatDurationMs(value)}`,
      settings: [{ id: isOwn ? subscription.id : queue.id, parameter: "VisibilityTimeout", value }],
    },
  ];
}

interface Consumption {
  readonly subscription: SubscriptionConfig;
  readonly queue: ChannelConfig;
}

function noDeadLetters(
  config: BrokerConfig,
  facts: BrokerFacts,
  { subscription, queue }: Consumption,
): readonly BrokerAdvice[] {
  const values = valuesOf(queueFields, queue.parameters);
  if (values.deadLetterTargetArn !== "" || !facts.consumer(subscription.id).mayFail) return [];
  const stem = queue.name.replace(/\.fifo$/u, "");
  const name = freeName(config, `${stem}-dead-letters${values.FifoQueue ? ".fifo" : ""}`);
  return [
    {
      code: "sqs/no-dead-letter-queue",
      element: queue.id,
      risk: `${queue.name} has no dead-letter queue.`,
      why: "A message that always fails comes back until its retention ends, days of it, and takes a worker each time.",
      remedy: "Move it into a dead-letter queue after 5 receives",
      settings: [
        { id: queue.id, parameter: "deadLetterTargetArn", value: name },
        { id: queue.id, parameter: "maxReceiveCount", value: 5 },
      ],
      channels: [
        {
          kind: "queue",
          name,
          parameters: {
            MessageRetentionPeriod: 1_209_600_000,
            ...(values.FifoQueue && { FifoQueue: true }),
          },
        },
      ],
    },
  ];
}

function oneGroup(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
  queue: ChannelConfig,
): readonly BrokerAdvice[] {
  if (!valuesOf(queueFields, queue.parameters).FifoQueue || subscription.workers < 2) return [];
  const fixed = config.publishers.filter(
    ({ channel, parameters }) =>
      channel === queue.index && !valuesOf(publishFields, parameters).MessageGroupId.includes("{"),
  );
  if (fixed.length === 0) return [];
  return [
    {
      code: "sqs/one-message-group",
      element: queue.id,
      risk: `All messages of ${queue.name} are in one message group.`,
      why: "A group has one message in work at a time: all workers but one idle, and one failure holds up everything behind it.",
      remedy: "Make a group of each key",
      settings: fixed.map(({ id }) => ({ id, parameter: "MessageGroupId", value: "{key}" })),
    },
  ];
}
