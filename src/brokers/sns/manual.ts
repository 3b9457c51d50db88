// What is modelled of SNS and what is not, its bindings in AsyncAPI documents, what reaches its channels, and what it finds
// wrong.

import { snsCounterparts } from "./counterparts.ts";
import { snsFieldSources } from "./fieldSources.ts";
import { valuesOf } from "../../base/fields.ts";
import { parseJson } from "../mechanisms/routing/messageFacts.ts";
import type { SubscriptionConfig, TechnologyBindings, TechnologyManual } from "../technology.ts";
import { checkSns } from "./check.ts";
import { consumeFields, topicFields } from "./fields.ts";
import { deadLetterTarget, reachOfSns } from "./reach.ts";
import { subscriptionUnlikeQueue } from "./unlikeQueue.ts";

const bindingVersion = "1.0.0";
const inSeconds = (ms: number) => Math.round(ms / 1000);

const asyncapi: TechnologyBindings = {
  protocol: "sns",
  host: "sns.eu-central-1.amazonaws.com",
  key: "sns",
  channel: (_config, { kind, name, parameters }) => {
    if (kind !== "topic") return undefined;
    const { FifoTopic } = valuesOf(topicFields, parameters);
    return {
      name: FifoTopic && !name.endsWith(".fifo") ? `${name}.fifo` : name,
      ...(FifoTopic && { ordering: { type: "FIFO", contentBasedDeduplication: false } }),
      bindingVersion,
    };
  },
  publish: () => undefined,
  consume: (_config, subscription) => ({
    consumers: [consumerOf(subscription)],
    bindingVersion,
  }),
  parametersIn: (level, content) => {
    if (level === "channel") {
      const type = membersOf(content["ordering"])["type"];
      return type === undefined ? {} : { FifoTopic: type === "FIFO" };
    }
    if (level === "publish") return {};
    // Foreign data: what the list holds is looked at member by member.
    const consumers: readonly unknown[] = Array.isArray(content["consumers"])
      ? content["consumers"]
      : [];
    const { protocol, filterPolicy, filterPolicyScope, rawMessageDelivery, ...rest } = membersOf(
      consumers[0],
    );
    const queue = membersOf(membersOf(rest["redrivePolicy"])["deadLetterQueue"])["name"];
    const policy = membersOf(rest["deliveryPolicy"]);
    const counts = ["numRetries", "numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries"];
    const stated = [...counts, "backoffFunction", "maxReceivesPerSecond"];
    return {
      ...(protocol !== undefined && { Protocol: protocolOf(protocol) }),
      ...(filterPolicy !== undefined && { FilterPolicy: JSON.stringify(filterPolicy) }),
      ...(filterPolicyScope !== undefined && { FilterPolicyScope: filterPolicyScope }),
      ...(rawMessageDelivery !== undefined && { RawMessageDelivery: rawMessageDelivery }),
      ...(queue !== undefined && { RedrivePolicy: queue }),
      ...Object.fromEntries(
        stated.flatMap((name) => (policy[name] === undefined ? [] : [[name, policy[name]]])),
      ),
      ...Object.fromEntries(
        ["minDelayTarget", "maxDelayTarget"].flatMap((name) => {
          const seconds = policy[name];
          return typeof seconds === "number" ? [[name, seconds * 1000]] : [];
        }),
      ),
    };
  },
};

/** The protocols of the binding are more than differ here. */
function protocolOf(protocol: unknown): unknown {
  if (protocol === "http") return "https";
  if (protocol === "firehose") return "sqs";
  return ["email-json", "sms", "application"].some((one) => one === protocol) ? "email" : protocol;
}

function consumerOf({ node, parameters }: SubscriptionConfig): object {
  const values = valuesOf(consumeFields, parameters);
  const policy = parseJson(values.FilterPolicy);
  const isHttps = values.Protocol === "https";
  return {
    protocol: values.Protocol,
    endpoint: { name: node },
    ...(values.FilterPolicy !== "" &&
      policy.ok && { filterPolicy: policy.value, filterPolicyScope: values.FilterPolicyScope }),
    rawMessageDelivery: values.RawMessageDelivery,
    ...(values.RedrivePolicy !== "" && {
      redrivePolicy: { deadLetterQueue: { name: values.RedrivePolicy } },
    }),
    ...(isHttps && {
      deliveryPolicy: {
        minDelayTarget: inSeconds(values.minDelayTarget),
        maxDelayTarget: inSeconds(values.maxDelayTarget),
        numRetries: values.numRetries,
        numNoDelayRetries: values.numNoDelayRetries,
        numMinDelayRetries: values.numMinDelayRetries,
        numMaxDelayRetries: values.numMaxDelayRetries,
        backoffFunction: values.backoffFunction,
        ...(values.maxReceivesPerSecond !== null && {
          maxReceivesPerSecond: values.maxReceivesPerSecond,
        }),
      },
    }),
  };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMembers(value) ? value : {};
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The manual of SNS. */
export const snsManual: TechnologyManual = {
  guarantees: {
    order:
      "None on standard topics; on FIFO topics within a message group, for each subscription by itself.",
    delivery:
      "At least once to every subscription whose filter accepts the message, until its retries end; then its dead-letter queue, or lost.",
    retention:
      "None: who subscribes later gets nothing, and without a subscription a message is gone.",
  },
  modelled: [
    "Fan-out of copies to subscriptions with filter policies on attributes or body: exact values, prefix, suffix, equals-ignore-case, anything-but, numeric, exists, cidr, $or; at most 5 keys and 150 combinations. Filtered is neither failed nor a dead letter.",
    "Retries by protocol: HTTP/S with its four phases (3 retries 20 s apart by default), 100,015 attempts over 23 days to SQS, 50 over 6 hours to email, SMS and mobile push, each with ±10 % jitter.",
    "Lambda: errors of a function are Lambda's own retries after 1 and 2 minutes; SNS retries only while nobody takes the invocation.",
    "A dead-letter queue per subscription; endpoints that are gone or forbidden are not retried.",
    "HTTP endpoints: 15 s to answer, maxReceivesPerSecond.",
    "FIFO topics: order per message group with blocking, five minutes of deduplication over the whole topic, SQS subscriptions only, FIFO dead-letter queues.",
    "Publish quotas with throttling and the retries of the AWS SDK; zones that fail without losing anything.",
  ],
  simplified: [
    "Whatever the service behind an HTTP endpoint fails at is retried; answers with 4xx, which SNS gives up at once, are not told apart: set the endpoint to gone.",
    "The growth of delays within the backoff phase is not published: exponential doubles up to the longest delay, arithmetic grows by steps that grow, geometric by a factor. The phases to AWS's and customers' endpoints grow by a factor.",
    "MessageDeduplicationId is a text with the key in it; bodies are not compared, so that ContentBasedDeduplication would find nothing. A repetition is counted as dropped (duplicate-id) at each subscription.",
    "A message without a key is in a group with all others without one; SNS would refuse it on a FIFO topic.",
    "A request that times out at a busy endpoint before any worker took it is not worked on.",
    "Dead-letter queues deliver one message at a time to each reader, at once. Zones concern calls of publishers only.",
    "RawMessageDelivery changes what exports say, not a run.",
  ],
  notModelled: [
    "Changes of a filter policy while a run goes on; in AWS they take up to 15 minutes.",
    "Message archiving and replay of FIFO topics, batches of PublishBatch, data protection, cross-Region delivery.",
    "The special schedule of Firehose while it throttles, high throughput of FIFO topics, quotas of subscriptions.",
    "Wildcards in filter policies, and anything-but with more than a prefix: uncertain whether SNS takes them.",
  ],
  sources: [
    "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html",
    "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html",
    "https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html",
    "https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html",
    "https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html",
    "https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html",
    "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
    "https://github.com/localstack/localstack/pull/10691 (operators, checked there against AWS)",
    "asyncapi/bindings, sns",
  ],
  counterparts: snsCounterparts,
  fieldSources: snsFieldSources,
  asyncapi,
  unlikeQueue: subscriptionUnlikeQueue,
  check: checkSns,
  reach: reachOfSns,
  deadLetterTarget,
};
