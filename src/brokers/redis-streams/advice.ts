// What we advise on Redis Streams: nobody redelivers unless somebody claims. Sources are those of the manual.

import { valuesOf } from "../../base/fields.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { type BrokerAdvice, type BrokerFacts, channelAt } from "../advice.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields, streamFields } from "./fields.ts";

/** All advice on a Redis. */
export function adviseRedisStreams(
  config: BrokerConfig,
  facts: BrokerFacts,
): readonly BrokerAdvice[] {
  return config.subscriptions.flatMap((subscription) => {
    const stream = channelAt(config, subscription);
    if (stream?.kind !== "stream") return [];
    return [
      ...acknowledgedUnread(facts, subscription, stream),
      ...unclaimed(facts, subscription, stream),
      ...trimmedAway(facts, subscription, stream),
    ];
  });
}

/** Idle time after which an entry may be claimed: well beyond the work [ms]. */
function idleMs(longWorkMs: number): number {
  return Math.max(1000, Math.ceil(2 * longWorkMs));
}

function claiming(id: string, longWorkMs: number) {
  return [
    { id, parameter: "claim", value: "XAUTOCLAIM" },
    { id, parameter: "min-idle-time", value: idleMs(longWorkMs) },
  ];
}

function acknowledgedUnread(
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
  stream: ChannelConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  if (values.command !== "XREADGROUP" || !values.noack) return [];
  const { longWorkMs } = facts.consumer(subscription.id);
  return [
    {
      code: "redis-streams/noack",
      element: subscription.id,
      risk: `Entries of ${stream.name} count as acknowledged when they are read (NOACK).`,
      why: "What was read and not yet dealt with is lost when the consumer crashes.",
      remedy: "Acknowledge after the work, and claim what lies idle",
      settings: [
        { id: subscription.id, parameter: "noack", value: false },
        ...claiming(subscription.id, longWorkMs),
      ],
    },
  ];
}

function unclaimed(
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
  stream: ChannelConfig,
): readonly BrokerAdvice[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { mayFail, downMs, longWorkMs } = facts.consumer(subscription.id);
  const isOpen = values.command === "XREADGROUP" && !values.noack && values.claim === "nobody";
  const isLeft = mayFail && values.on_failure === "leave";
  const isAbandoned = downMs > 0 && (values.consumer === "new" || values.start === ">");
  if (!isOpen || (!isLeft && !isAbandoned)) return [];
  return [
    {
      code: "redis-streams/nobody-claims",
      element: subscription.id,
      risk: `Nobody claims entries of ${stream.name} that were handed out and not acknowledged.`,
      why: "Redis never hands them out again by itself: what failed, or was in the hands of a consumer that is gone, stays pending for ever.",
      remedy: `Claim what lies idle for ${formatDurationMs(idleMs(longWorkMs))}`,
      settings: claiming(subscription.id, longWorkMs),
    },
  ];
}

function trimmedAway(
  facts: BrokerFacts,
  subscription: SubscriptionConfig,
  stream: ChannelConfig,
): readonly BrokerAdvice[] {
  const { trim, maxlen } = valuesOf(streamFields, stream.parameters);
  const { downMs, arrivalsPerS } = facts.consumer(subscription.id);
  const coming = ((arrivalsPerS ?? 0) * downMs) / 1000;
  if (trim !== "MAXLEN" || coming <= maxlen) return [];
  const value = Math.ceil(2 * coming);
  return [
    {
      code: "redis-streams/trimmed-in-outage",
      element: stream.id,
      risk: `${stream.name} keeps ${formatNumber(maxlen)} entries, and ${formatNumber(coming)} come while its consumer is down for ${formatDurationMs(downMs)}.`,
      why: "Trimming takes the oldest, read or not: they are gone before the consumer is back.",
      remedy: `Keep ${formatNumber(value)} entries`,
      settings: [{ id: stream.id, parameter: "maxlen", value }],
    },
  ];
}
