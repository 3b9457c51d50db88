// How EventBridge is set up: a CloudFormation template with buses, rules, targets and queues, and a container of LocalStack
// that loads it.

import { valuesOf } from "../../base/fields.ts";
import type { TechnologyDeployment } from "../deployment.ts";
import { deadLetterQueueFields, findQueue } from "../mechanisms/awsService.ts";
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
import { clusterFields, consumeFields, ruleFields } from "./fields.ts";

const customRemark =
  "This is a Custom Event Bus (AWS::EventsV2); the template describes a classic one with the same rules. Make subscribers of the rules.";

/** Logical names of channels. */
type Names = ReadonlyMap<ChannelConfig, string>;

function templateOf(config: BrokerConfig): Template {
  const nameFor = logicalNames();
  const names = new Map(
    config.channels.map((channel) => [
      channel,
      nameFor(prefixes[channel.kind] ?? "", channel.name),
    ]),
  );
  const resources: Record<string, object> = {};
  const parameters: Record<string, object> = {};
  const remarks: string[] = [];
  for (const channel of config.channels) {
    const logical = names.get(channel) ?? "";
    if (channel.kind === "bus")
      resources[logical] = {
        Type: "AWS::Events::EventBus",
        Properties: { Name: awsName(channel) },
      };
    if (channel.kind === "dlq") {
      const values = valuesOf(deadLetterQueueFields, channel.parameters);
      resources[logical] = queueResource(awsName(channel), {
        visibilityMs: values.VisibilityTimeout,
        retentionMs: values.MessageRetentionPeriod,
        isFifo: false,
      });
    }
    if (channel.kind !== "rule") continue;
    const rule = ruleResource(config, channel, names);
    if (rule === undefined)
      remarks.push(`Rule “${channel.name}” is left out: it has no bus, or no valid event pattern.`);
    else {
      resources[logical] = rule.resource;
      Object.assign(parameters, rule.parameters);
    }
  }
  const queues = config.channels
    .filter(({ kind }) => kind === "dlq")
    .map((one) => names.get(one) ?? "");
  if (queues.length > 0)
    resources[nameFor("PolicyOf", "queues")] = queuePolicy(queues, "events.amazonaws.com");
  const isCustom = valuesOf(clusterFields, config.parameters).version === "custom-2026";
  return { resources, parameters, remarks: isCustom ? [customRemark, ...remarks] : remarks };
}

const prefixes: Readonly<Record<string, string>> = { bus: "Bus", rule: "Rule", dlq: "Queue" };

/** A name that AWS takes. */
function awsName({ name }: ChannelConfig): string {
  return name.replaceAll(/[^A-Za-z0-9_-]+/gu, "-").slice(0, 64);
}

function ruleResource(
  config: BrokerConfig,
  rule: ChannelConfig,
  names: Names,
): { resource: object; parameters: Record<string, object> } | undefined {
  const { EventPattern, State } = valuesOf(ruleFields, rule.parameters);
  const pattern = parseJson(EventPattern);
  const binding = config.bindings.find(({ to }) => to === rule.index);
  const bus = config.channels.find(({ index }) => index === binding?.from);
  if (!pattern.ok || bus === undefined) return undefined;
  const subscriptions = config.subscriptions.filter(({ channel }) => channel === rule.index);
  const targets = subscriptions.map((target, at) =>
    targetOf(config, target, names, {
      id: `target-${at + 1}`,
      parameter: `${names.get(rule) ?? "Rule"}Target${at + 1}Arn`,
    }),
  );
  return {
    resource: {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: awsName(rule),
        EventBusName: { Ref: names.get(bus) ?? "" },
        EventPattern: pattern.value,
        State,
        Targets: targets.map(({ target }) => target),
      },
    },
    parameters: Object.fromEntries(targets.map(({ parameter }) => parameter)),
  };
}

function targetOf(
  config: BrokerConfig,
  subscription: SubscriptionConfig,
  names: Names,
  about: { readonly id: string; readonly parameter: string },
): { target: object; parameter: readonly [string, object] } {
  const values = valuesOf(consumeFields, subscription.parameters);
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: ageMs } = values;
  const queue = findQueue(config, values.DeadLetterConfig);
  const retryPolicy = {
    ...(attempts !== null && { MaximumRetryAttempts: attempts }),
    ...(ageMs !== null && { MaximumEventAgeInSeconds: Math.round(ageMs / 1000) }),
  };
  return {
    target: {
      Id: about.id,
      Arn: { Ref: about.parameter },
      ...(Object.keys(retryPolicy).length > 0 && { RetryPolicy: retryPolicy }),
      ...(queue !== undefined && {
        DeadLetterConfig: { Arn: { "Fn::GetAtt": [names.get(queue) ?? "", "Arn"] } },
      }),
    },
    parameter: [
      about.parameter,
      {
        Type: "String",
        Description: `What ${subscription.node} is in AWS`,
        Default: `arn:aws:lambda:us-east-1:000000000000:function:${subscription.node}`,
      },
    ],
  };
}

/** How EventBridge is set up. */
export const eventbridgeDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "eventbridge",
      label: "EventBridge: CloudFormation",
      description: "Buses, rules, targets and queues for aws cloudformation deploy.",
      files: ({ config }) => templateFiles(templateOf(config)),
    },
  ],
  compose: ({ config, host }, portFrom) =>
    localstack(templateOf(config), { host, services: "events,sqs", port: portFrom(4566) }),
  resourceType: ({ kind }) => (kind === "dlq" ? "sqs-queue" : `eventbridge-${kind}`),
};
