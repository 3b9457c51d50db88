// Parameter combinations that Pulsar refuses, or whose consequences surprise.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, publishFields, topicFields } from "./fields.ts";
import { subscriptionNameOf, topicNamed } from "./plan.ts";
import type {
  BrokerConfig,
  ChannelConfig,
  Finding,
  PublisherConfig,
  SubscriptionConfig,
} from "../technology.ts";

/** Finds what is wrong or doubtful in a cluster. */
export function checkPulsar(config: BrokerConfig): readonly Finding[] {
  return [
    ...checkCluster(config),
    ...config.channels.flatMap((channel) => checkTopic(config, channel)),
    ...config.publishers.flatMap((publisher) => checkProducer(config, publisher)),
    ...config.subscriptions.flatMap((one) => checkConsumer(config, one)),
    ...config.subscriptions.flatMap((one) => checkRivals(config, one)),
  ];
}

function find(
  severity: Finding["severity"],
  code: string,
  at: { readonly id: string },
  about: { readonly parameter: string; readonly message: string },
): Finding {
  return { code: `pulsar/${code}`, severity, element: at.id, ...about };
}

function checkCluster(config: BrokerConfig): readonly Finding[] {
  const {
    bookies,
    managedLedgerDefaultEnsembleSize: ensemble,
    managedLedgerDefaultWriteQuorum: write,
    managedLedgerDefaultAckQuorum: ack,
  } = valuesOf(clusterFields, config.parameters);
  const findings: Finding[] = [];
  if (ensemble > bookies)
    findings.push(
      find("error", "ensemble-too-large", config, {
        parameter: "managedLedgerDefaultEnsembleSize",
        message: `BookKeeper has not enough bookies for an ensemble of ${ensemble}: there are ${bookies}. Add bookies, or lower it.`,
      }),
    );
  if (write > ensemble)
    findings.push(
      find("error", "write-quorum-too-large", config, {
        parameter: "managedLedgerDefaultWriteQuorum",
        message: `The write quorum (${write}) is larger than the ensemble (${ensemble}); BookKeeper refuses that. Lower it.`,
      }),
    );
  if (ack > write)
    findings.push(
      find("error", "ack-quorum-too-large", config, {
        parameter: "managedLedgerDefaultAckQuorum",
        message: `The ack quorum (${ack}) is larger than the write quorum (${write}); BookKeeper refuses that. Lower it.`,
      }),
    );
  if (ensemble === bookies && bookies > 1)
    findings.push(
      find("warning", "one-bookie-stops-writes", config, {
        parameter: "managedLedgerDefaultEnsembleSize",
        message: `The ensemble takes all ${bookies} bookies: when one is gone, no ledger can be opened and nothing is written. Have a bookie more.`,
      }),
    );
  return findings;
}

function checkTopic(config: BrokerConfig, channel: ChannelConfig): readonly Finding[] {
  const values = valuesOf(topicFields, channel.parameters);
  const { retentionTime: time, retentionSize: size } = values;
  if (values.persistence === "persistent" && (time === 0) !== (size === 0))
    return [
      find("error", "retention-half-zero", channel, {
        parameter: time === 0 ? "retentionTime" : "retentionSize",
        message:
          "Pulsar refuses a retention with 0 for one of time and size and something else for the other. Set both to 0, or both to more.",
      }),
    ];
  const hasReader = config.subscriptions.some((one) => one.channel === channel.index);
  const hasWriter = config.publishers.some((one) => one.channel === channel.index);
  return hasWriter && !hasReader && time === 0
    ? [
        find("warning", "no-subscription", channel, {
          parameter: "retentionTime",
          message:
            "Without a subscription and without retention the topic keeps nothing: what is published is confirmed and gone. Add a subscription or a retention.",
        }),
      ]
    : [];
}

function checkProducer(config: BrokerConfig, publisher: PublisherConfig): readonly Finding[] {
  const values = valuesOf(publishFields, publisher.parameters);
  const findings: Finding[] = [];
  const types = config.subscriptions
    .filter(({ channel }) => channel === publisher.channel)
    .map(({ parameters }) => valuesOf(consumeFields, parameters).subscriptionType);
  if (types.includes("Key_Shared") && values.batchingEnabled && values.batcherBuilder === "DEFAULT")
    findings.push(
      find("warning", "batches-mix-keys", publisher, {
        parameter: "batcherBuilder",
        message:
          "A Key_Shared subscription gives a whole batch to the consumer of its first key, so keys lose their order. Use KEY_BASED, or no batching.",
      }),
    );
  if (values.deliverAfter > 0 && types.some((type) => type === "Exclusive" || type === "Failover"))
    findings.push(
      find("warning", "delay-without-effect", publisher, {
        parameter: "deliverAfter",
        message:
          "Exclusive and Failover subscriptions of the topic deliver at once: delays count for Shared and Key_Shared only.",
      }),
    );
  const { brokerDeduplicationEnabled } = valuesOf(clusterFields, config.parameters);
  if (brokerDeduplicationEnabled && values.sendTimeout !== null)
    findings.push(
      find("warning", "deduplication-with-timeout", publisher, {
        parameter: "sendTimeout",
        message:
          "With deduplication a producer should never give up (sendTimeout 0): an application that sends again after a time-out makes a new message.",
      }),
    );
  return findings;
}

function checkConsumer(config: BrokerConfig, subscription: SubscriptionConfig): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { subscriptionType: type, "on.failure": onFailure } = values;
  const isShared = type === "Shared" || type === "Key_Shared";
  const findings: Finding[] = [];
  if (isShared && values.acknowledgment === "cumulative")
    findings.push(
      find("error", "cumulative-on-shared", subscription, {
        parameter: "acknowledgment",
        message: `Pulsar does not allow cumulative acknowledgement on a ${type} subscription. Acknowledge individually.`,
      }),
    );
  if (!isShared && onFailure === "reconsumeLater")
    findings.push(
      find("error", "reconsume-later-not-shared", subscription, {
        parameter: "on.failure",
        message: `reconsumeLater needs a Shared or Key_Shared subscription; this one is ${type}. Use a negative acknowledgement.`,
      }),
    );
  if (!isShared && onFailure === "nack" && values.acknowledgment === "cumulative")
    findings.push(
      find("warning", "nack-with-cumulative", subscription, {
        parameter: "on.failure",
        message:
          "A later cumulative acknowledgement covers a message that was acknowledged negatively before: it does not come back.",
      }),
    );
  if (onFailure === "nothing" && values.ackTimeout === null)
    findings.push(
      find("warning", "stays-for-ever", subscription, {
        parameter: "ackTimeout",
        message:
          "ackTimeout is off: what is not acknowledged stays with the consumer until it disconnects. Set a time-out, or acknowledge negatively.",
      }),
    );
  return [...findings, ...checkDeadLetters(config, subscription)];
}

function checkDeadLetters(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const isShared = values.subscriptionType === "Shared" || values.subscriptionType === "Key_Shared";
  if (!isShared || (values.maxRedeliverCount === null && values["on.failure"] !== "reconsumeLater"))
    return [];
  const name = values.deadLetterTopic;
  const target = name === "" ? undefined : topicNamed(config, name);
  if (name !== "" && target === undefined)
    return [
      find("error", "dead-letter-topic-missing", subscription, {
        parameter: "deadLetterTopic",
        message: `There is no topic “${name}” in this cluster. Name a topic, or leave it empty.`,
      }),
    ];
  const keeps =
    target !== undefined &&
    (config.subscriptions.some(({ channel }) => channel === target.index) ||
      valuesOf(topicFields, target.parameters).retentionTime !== 0);
  return keeps
    ? []
    : [
        find("warning", "dead-letters-lost", subscription, {
          parameter: "deadLetterTopic",
          message:
            "The dead letter topic has no subscription, so it keeps nothing: dead letters are lost. Name a topic that somebody subscribes to.",
        }),
      ];
}

function checkRivals(config: BrokerConfig, subscription: SubscriptionConfig): readonly Finding[] {
  const name = subscriptionNameOf(subscription);
  const rivals = config.subscriptions.filter(
    (one) => one.channel === subscription.channel && subscriptionNameOf(one) === name,
  );
  const first = rivals[0] ?? subscription;
  const { subscriptionType: type } = valuesOf(consumeFields, first.parameters);
  if (first !== subscription) {
    const own = valuesOf(consumeFields, subscription.parameters).subscriptionType;
    return own === type
      ? []
      : [
          find("error", "subscription-types-differ", subscription, {
            parameter: "subscriptionType",
            message: `Subscription ${name} is ${type} for connection ${first.id}; Pulsar refuses a consumer of another type. Make them alike.`,
          }),
        ];
  }
  const workers = rivals.reduce((sum, one) => sum + one.workers, 0);
  const channel = config.channels.find(({ index }) => index === subscription.channel);
  const { partitions } = valuesOf(topicFields, channel?.parameters ?? {});
  const most = type === "Exclusive" ? 1 : Math.max(1, partitions);
  if ((type !== "Exclusive" && type !== "Failover") || workers <= most) return [];
  return [
    find(
      "warning",
      type === "Exclusive" ? "second-consumer-refused" : "standby-consumers",
      subscription,
      {
        parameter: "subscriptionType",
        message:
          type === "Exclusive"
            ? `An Exclusive subscription refuses a second consumer (“Exclusive consumer is already connected”); there are ${workers}. Use one, or another type.`
            : `${workers} consumers for ${most} ${most === 1 ? "partition" : "partitions"}: ${workers - most} stand by (Failover). Use Shared, Key_Shared or more partitions.`,
      },
    ),
  ];
}
