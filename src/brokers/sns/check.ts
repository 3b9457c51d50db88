// What SNS would refuse, and what surprises people: findings about one broker of a document.

import { valuesOf } from "../../base/fields.ts";
import { findQueue, missingQueue } from "../mechanisms/awsService.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { totalDelayNs } from "../mechanisms/retry.ts";
import type { BrokerConfig, Finding, PublisherConfig, SubscriptionConfig } from "../technology.ts";
import { backoffRetries, phasesOf } from "./deliveryPolicy.ts";
import { consumeFields, publishFields, queueFields } from "./fields.ts";
import { readPolicy } from "./filterPolicy.ts";
import { isFifo, subscriptionsOf } from "./settings.ts";

const NS_PER_S = 1e9;
const HTTP_SECONDS_MAX = 3600;

/** All findings about a broker. */
export function checkSns(config: BrokerConfig): readonly Finding[] {
  return [
    ...config.channels.flatMap((topic) => {
      const isHeard = config.subscriptions.some(({ channel }) => channel === topic.index);
      if (topic.kind !== "topic" || isHeard) return [];
      const message = `Topic ${topic.name} has no subscription: every message is accepted and gone. Subscribe somebody.`;
      const finding: Finding = {
        code: "sns/no-subscription",
        severity: "warning",
        element: topic.id,
        message,
      };
      return [finding];
    }),
    ...config.publishers.flatMap(checkPublisher),
    ...subscriptionsOf(config).flatMap((subscription) => checkSubscription(config, subscription)),
  ];
}

function problem(code: string, about: Omit<Finding, "code" | "severity">): Finding {
  return { code: `sns/${code}`, severity: "error", ...about };
}

function checkPublisher(publisher: PublisherConfig): readonly Finding[] {
  const values = valuesOf(publishFields, publisher.parameters);
  return (["MessageAttributes", "Message"] as const).flatMap((parameter) => {
    const facts = parseFacts(values[parameter]);
    const message = facts.ok ? "" : `${parameter}: ${facts.failure}`;
    return facts.ok ? [] : [problem("facts", { element: publisher.id, parameter, message })];
  });
}

function checkSubscription(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const findings: Finding[] = [];
  const refuse = (code: string, parameter: string, message: string) =>
    void findings.push(problem(code, { element: subscription.id, parameter, message }));
  const policy = readPolicy(values.FilterPolicy, values.FilterPolicyScope);
  if (!policy.ok)
    refuse("filter-policy", "FilterPolicy", `Invalid filter policy: ${policy.failure}`);
  const topic = config.channels.find(({ index }) => index === subscription.channel);
  const isOrdered = isFifo(topic);
  if (isOrdered && values.Protocol !== "sqs")
    refuse(
      "fifo-protocol",
      "Protocol",
      "A FIFO topic delivers to SQS queues only. Put a queue between, or take a standard topic.",
    );
  const isLambda = values.Protocol === "lambda";
  const names = ["RedrivePolicy", ...(isLambda ? ["lambda.DeadLetterConfig"] : [])];
  const missing = missingQueue(config, subscription.parameters, names);
  if (missing !== undefined)
    refuse(
      "dead-letter-missing",
      missing.parameter,
      `There is no dead-letter queue "${missing.called}". Name one of this broker, or leave it empty.`,
    );
  const queue = findQueue(config, values.RedrivePolicy);
  if (queue !== undefined && valuesOf(queueFields, queue.parameters).FifoQueue !== isOrdered)
    refuse(
      "dead-letter-kind",
      "RedrivePolicy",
      isOrdered
        ? "The dead-letter queue of a FIFO topic's subscription must be a FIFO queue."
        : "The dead-letter queue of a standard topic's subscription must be a standard queue.",
    );
  if (values.Protocol === "https") findings.push(...checkDeliveryPolicy(subscription));
  return findings;
}

function checkDeliveryPolicy(subscription: SubscriptionConfig): readonly Finding[] {
  const values = valuesOf(consumeFields, subscription.parameters);
  const element = subscription.id;
  if (values.minDelayTarget > values.maxDelayTarget)
    return [
      problem("delay-targets", {
        element,
        parameter: "minDelayTarget",
        message: "minDelayTarget must not be longer than maxDelayTarget.",
      }),
    ];
  if (backoffRetries(subscription) < 0)
    return [
      problem("retry-phases", {
        element,
        parameter: "numRetries",
        message: `numRetries (${values.numRetries}) counts the retries of all phases together and must not be less than their sum.`,
      }),
    ];
  const seconds = Math.round(totalDelayNs(phasesOf(subscription)) / NS_PER_S);
  if (seconds <= HTTP_SECONDS_MAX) return [];
  const message = `The retries take ${seconds} s in all; SNS takes ${HTTP_SECONDS_MAX} s at most. Lower numRetries or the delays.`;
  return [problem("retry-time", { element, parameter: "numRetries", message })];
}
