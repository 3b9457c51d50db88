// How SNS is set up: a CloudFormation template with topics, subscriptions and queues, and a container of LocalStack that
// loads it.

import { valuesOf } from "../../base/fields.ts";
import type { TechnologyDeployment } from "../deployment.ts";
import { deadLetterKind, findQueue } from "../mechanisms/awsService.ts";
import {
  localstack,
  logicalNames,
  queuePolicy,
  queueResource,
  type Template,
  templateFiles,
} from "../mechanisms/cloudFormation.ts";
import { parseJson } from "../mechanisms/routing/messageFacts.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";
import { consumeFields, queueFields } from "./fields.ts";
import { isFifo, subscriptionsOf } from "./settings.ts";

const inSeconds = (ms: number) => Math.round(ms / 1000);

function templateOf(config: BrokerConfig): Template {
  const nameFor = logicalNames();
  const names = new Map(
    config.channels.map((channel) => [
      channel,
      nameFor(channel.kind === deadLetterKind ? "Queue" : "Topic", channel.name),
    ]),
  );
  const resources: Record<string, object> = {};
  const parameters: Record<string, object> = {};
  const queues: string[] = [];
  for (const [channel, logical] of names) {
    if (channel.kind === deadLetterKind) {
      const values = valuesOf(queueFields, channel.parameters);
      queues.push(logical);
      resources[logical] = queueResource(awsName(channel), {
        visibilityMs: values.VisibilityTimeout,
        retentionMs: values.MessageRetentionPeriod,
        isFifo: values.FifoQueue,
      });
    } else
      resources[logical] = {
        Type: "AWS::SNS::Topic",
        Properties: isFifo(channel)
          ? { TopicName: `${awsName(channel)}.fifo`, FifoTopic: true }
          : { TopicName: awsName(channel) },
      };
  }
  for (const subscription of subscriptionsOf(config)) {
    const logical = nameFor("Subscription", subscription.node);
    const parameter = `${logical}Endpoint`;
    resources[logical] = subscriptionResource(config, subscription, { names, parameter });
    parameters[parameter] = {
      Type: "String",
      Description: `Where ${subscription.node} is: an address or an ARN`,
      Default: defaultEndpoint(subscription),
    };
  }
  if (queues.length > 0)
    resources[nameFor("PolicyOf", "queues")] = queuePolicy(queues, "sns.amazonaws.com");
  return { resources, parameters, remarks: [] };
}

/** A name that AWS takes. */
function awsName({ name }: ChannelConfig): string {
  return name
    .replace(/\.fifo$/u, "")
    .replaceAll(/[^A-Za-z0-9_-]+/gu, "-")
    .slice(0, 75);
}

function defaultEndpoint({ node, parameters }: SubscriptionConfig): string {
  const { Protocol } = valuesOf(consumeFields, parameters);
  if (Protocol === "https") return `https://${node}.example.com/sns`;
  if (Protocol === "email") return `${node}@example.com`;
  const resource = Protocol === "lambda" ? `function:${node}` : node;
  return `arn:aws:${Protocol}:us-east-1:000000000000:${resource}`;
}

function subscriptionResource(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
  about: { readonly names: ReadonlyMap<ChannelConfig, string>; readonly parameter: string },
): object {
  const values = valuesOf(consumeFields, subscription.parameters);
  const topic = config.channels.find(({ index }) => index === subscription.channel);
  const policy = parseJson(values.FilterPolicy);
  const queue = findQueue(config, values.RedrivePolicy);
  const nameOf = (channel: ChannelConfig | undefined) =>
    channel === undefined ? "" : (about.names.get(channel) ?? "");
  return {
    Type: "AWS::SNS::Subscription",
    Properties: {
      TopicArn: { Ref: nameOf(topic) },
      Protocol: values.Protocol,
      Endpoint: { Ref: about.parameter },
      ...(values.FilterPolicy !== "" &&
        policy.ok && { FilterPolicy: policy.value, FilterPolicyScope: values.FilterPolicyScope }),
      ...(values.RawMessageDelivery && { RawMessageDelivery: true }),
      ...(queue !== undefined && {
        RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [nameOf(queue), "Arn"] } },
      }),
      ...(values.Protocol === "https" && { DeliveryPolicy: deliveryPolicy(subscription) }),
    },
  };
}

function deliveryPolicy({ parameters }: SubscriptionConfig): object {
  const values = valuesOf(consumeFields, parameters);
  return {
    healthyRetryPolicy: {
      minDelayTarget: inSeconds(values.minDelayTarget),
      maxDelayTarget: inSeconds(values.maxDelayTarget),
      numRetries: values.numRetries,
      numNoDelayRetries: values.numNoDelayRetries,
      numMinDelayRetries: values.numMinDelayRetries,
      numMaxDelayRetries: values.numMaxDelayRetries,
      backoffFunction: values.backoffFunction,
    },
    ...(values.maxReceivesPerSecond !== null && {
      throttlePolicy: { maxReceivesPerSecond: values.maxReceivesPerSecond },
    }),
  };
}

/** How SNS is set up. */
export const snsDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "sns",
      label: "SNS: CloudFormation",
      description: "Topics, subscriptions and queues for aws cloudformation deploy.",
      files: ({ config }) => templateFiles(templateOf(config)),
    },
  ],
  compose: ({ config, host }, portFrom) =>
    localstack(templateOf(config), { host, services: "sns,sqs", port: portFrom(4566) }),
  resourceType: ({ kind }) => (kind === deadLetterKind ? "sqs-queue" : "sns-topic"),
};
