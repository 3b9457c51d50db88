// Parameter combinations that Event Hubs refuses, or whose consequences surprise.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, hubFields } from "./fields.ts";
import { consumerGroupOf } from "./plan.ts";
import type { BrokerConfig, ChannelConfig, Finding, SubscriptionConfig } from "../technology.ts";

const DAY = 86_400_000;

/** Limits by tier: partitions of a hub, retention [ms], consumer groups of a hub. */
const limits = {
  Basic: { partitions: 32, retention: DAY, groups: 1 },
  Standard: { partitions: 32, retention: 7 * DAY, groups: 20 },
  Premium: { partitions: 100, retention: 90 * DAY, groups: 100 },
  Dedicated: { partitions: 1024, retention: 90 * DAY, groups: 1000 },
} as const;

/** Finds what is wrong or doubtful in a namespace. */
export function checkEventHubs(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((channel) => checkHub(config, channel)),
    ...config.subscriptions.flatMap((one) => checkProcessors(config, one)),
  ];
}

function find(
  severity: Finding["severity"],
  code: string,
  at: { readonly id: string },
  about: { readonly parameter: string; readonly message: string },
): Finding {
  return { code: `event-hubs/${code}`, severity, element: at.id, ...about };
}

function checkHub(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  const { tier } = valuesOf(clusterFields, config.parameters);
  const values = valuesOf(hubFields, channel.parameters);
  const most = limits[tier];
  const groups = new Set(
    config.subscriptions.filter((one) => one.channel === channel.index).map(consumerGroupOf),
  );
  const findings: Finding[] = [];
  if (values.partitionCount > most.partitions)
    findings.push(
      find("error", "too-many-partitions", channel, {
        parameter: "partitionCount",
        message: `The ${tier} tier has at most ${most.partitions} partitions per event hub. Use fewer, or another tier.`,
      }),
    );
  if (values.retention > most.retention)
    findings.push(
      find("error", "retention-too-long", channel, {
        parameter: "retention",
        message: `The ${tier} tier keeps events for at most ${most.retention / DAY} days. Shorten the retention, or use another tier.`,
      }),
    );
  if (groups.size > most.groups)
    findings.push(
      find("error", "too-many-groups", channel, {
        parameter: "partitionCount",
        message: `The ${tier} tier has at most ${most.groups} consumer groups per event hub; there are ${groups.size}. Let services share one, or use another tier.`,
      }),
    );
  if (tier === "Basic" && values.captureEnabled)
    findings.push(
      find("error", "no-capture", channel, {
        parameter: "captureEnabled",
        message: "The Basic tier has no Capture. Turn it off, or use another tier.",
      }),
    );
  return findings;
}

function checkProcessors(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const findings: Finding[] = [];
  if (values.partitionOwnershipExpirationInterval <= values.loadBalancingUpdateInterval)
    findings.push(
      find("error", "ownership-too-short", subscription, {
        parameter: "partitionOwnershipExpirationInterval",
        message:
          "Ownerships expire before they are renewed (LoadBalancingUpdateInterval), so processors steal from each other for ever. Make them last for several cycles.",
      }),
    );
  if (values.checkpointInterval === null && values.checkpointEvery > 1)
    findings.push(
      find("warning", "last-events-again", subscription, {
        parameter: "checkpointInterval",
        message: `The last ${values.checkpointEvery - 1} events of a partition may stay without checkpoint for ever, and come again after a restart. State a time too.`,
      }),
    );
  const name = consumerGroupOf(subscription);
  const rivals = config.subscriptions.filter(
    (one) => one.channel === subscription.channel && consumerGroupOf(one) === name,
  );
  const workers = rivals.reduce((sum, one) => sum + one.workers, 0);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const { partitionCount } = valuesOf(hubFields, channel?.parameters ?? {});
  if (workers > partitionCount && rivals[0] === subscription)
    findings.push(
      find("warning", "idle-processors", subscription, {
        parameter: "consumerGroup",
        message: `Consumer group ${name} has ${workers} processors for ${partitionCount} partitions: ${workers - partitionCount} stay idle. Use more partitions or fewer workers.`,
      }),
    );
  return findings;
}
