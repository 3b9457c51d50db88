// How SQS queues are set up: Terraform, a script for the AWS command line, and ElasticMQ as a container that answers like
// SQS on a developer's machine.

import { valuesOf } from "../../base/fields.ts";
import type { ComposePart, Deployable, Deployed, TechnologyDeployment } from "../deployment.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import { queueFields } from "./fields.ts";
import { deadLetterTarget } from "./reach.ts";

const image = "softwaremill/elasticmq-native:1.6.11";

/** A queue as SQS will know it. */
interface NamedQueue {
  readonly channel: ChannelConfig;
  /** At most 80 letters, digits, hyphens and underscores, and .fifo for FIFO queues. */
  readonly name: string;
  /** The same without .fifo, for Terraform and variables of a shell. */
  readonly label: string;
  readonly target: ChannelConfig | undefined;
}

/** Dead-letter queues first, because others refer to them. */
function namedQueues(config: BrokerConfig): readonly NamedQueue[] {
  const taken = new Set<string>();
  const all = config.channels.map((channel): NamedQueue => {
    const { FifoQueue } = valuesOf(queueFields, channel.parameters);
    const wish = channel.name.replace(/\.fifo$/u, "").replaceAll(/[^a-zA-Z0-9_-]/gu, "-");
    const start = /^[a-zA-Z_]/u.test(wish) ? wish : `queue-${wish}`;
    let label = start.slice(0, 70);
    for (let number = 2; taken.has(label); number++) label = `${start.slice(0, 70)}-${number}`;
    taken.add(label);
    const target = deadLetterTarget(config, channel);
    return { channel, name: FifoQueue ? `${label}.fifo` : label, label, target };
  });
  const isTarget = (queue: NamedQueue) => all.some(({ target }) => target === queue.channel);
  return [...all.filter(isTarget), ...all.filter((queue) => !isTarget(queue))];
}

const inSeconds = (ms: number): number => Math.round(ms / 1000);

function terraform(config: BrokerConfig): Deployed {
  const queues = namedQueues(config);
  const labelOf = (channel: ChannelConfig | undefined) =>
    queues.find((queue) => queue.channel === channel)?.label;
  const resources = queues.map(({ channel, name, label }) => {
    const values = valuesOf(queueFields, channel.parameters);
    const resource = {
      name,
      fifo_queue: values.FifoQueue,
      visibility_timeout_seconds: inSeconds(values.VisibilityTimeout),
      message_retention_seconds: inSeconds(values.MessageRetentionPeriod),
      delay_seconds: inSeconds(values.DelaySeconds),
      receive_wait_time_seconds: inSeconds(values.ReceiveMessageWaitTimeSeconds),
      max_message_size: values.MaximumMessageSize,
      ...(values.FifoQueue && {
        content_based_deduplication: values.ContentBasedDeduplication,
        deduplication_scope: values.DeduplicationScope,
        fifo_throughput_limit: values.FifoThroughputLimit,
      }),
    };
    return [label, resource] as const;
  });
  const redrives = queues.flatMap(({ channel, label, target }) => {
    const targetLabel = labelOf(target);
    if (targetLabel === undefined) return [];
    const { maxReceiveCount } = valuesOf(queueFields, channel.parameters);
    const policy = `\${jsonencode({deadLetterTargetArn = aws_sqs_queue.${targetLabel}.arn, maxReceiveCount = ${maxReceiveCount}})}`;
    const redrive = { queue_url: `\${aws_sqs_queue.${label}.id}`, redrive_policy: policy };
    return [[label, redrive] as const];
  });
  const allowances = queues.flatMap(({ channel, label }) => {
    const { RedriveAllowPolicy } = valuesOf(queueFields, channel.parameters);
    if (RedriveAllowPolicy === "allowAll") return [];
    const policy = JSON.stringify({ redrivePermission: RedriveAllowPolicy });
    const allowance = {
      queue_url: `\${aws_sqs_queue.${label}.id}`,
      redrive_allow_policy: policy,
    };
    return [[label, allowance] as const];
  });
  const json = {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0" } } },
    resource: {
      aws_sqs_queue: Object.fromEntries(resources),
      ...(redrives.length > 0 && {
        aws_sqs_queue_redrive_policy: Object.fromEntries(redrives),
      }),
      ...(allowances.length > 0 && {
        aws_sqs_queue_redrive_allow_policy: Object.fromEntries(allowances),
      }),
    },
  };
  const files = queues.length === 0 ? [] : [{ name: "sqs.tf.json", json }];
  return { files, remarks: remarksOf(config, queues) };
}

function script(config: BrokerConfig): Deployed {
  const queues = namedQueues(config);
  const lines = queues.flatMap((queue) => {
    const { channel, name, target } = queue;
    const values = valuesOf(queueFields, channel.parameters);
    const attributes = {
      ...(values.FifoQueue && {
        FifoQueue: "true",
        ContentBasedDeduplication: String(values.ContentBasedDeduplication),
        DeduplicationScope: values.DeduplicationScope,
        FifoThroughputLimit: values.FifoThroughputLimit,
      }),
      VisibilityTimeout: String(inSeconds(values.VisibilityTimeout)),
      MessageRetentionPeriod: String(inSeconds(values.MessageRetentionPeriod)),
      DelaySeconds: String(inSeconds(values.DelaySeconds)),
      ReceiveMessageWaitTimeSeconds: String(inSeconds(values.ReceiveMessageWaitTimeSeconds)),
      MaximumMessageSize: String(values.MaximumMessageSize),
      ...(values.RedriveAllowPolicy === "denyAll" && {
        RedriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
      }),
    };
    const made = `url=$(aws sqs create-queue --queue-name '${name}' --attributes '${JSON.stringify(attributes)}' --query QueueUrl --output text)`;
    const dead = queues.find((other) => other.channel === target);
    if (dead === undefined) return [made];
    const { maxReceiveCount } = values;
    return [
      made,
      `dead=$(aws sqs get-queue-attributes --queue-url "$(aws sqs get-queue-url --queue-name '${dead.name}' --query QueueUrl --output text)" --attribute-names QueueArn --query Attributes.QueueArn --output text)`,
      `aws sqs set-queue-attributes --queue-url "$url" --attributes "{\\"RedrivePolicy\\":\\"{\\\\\\"deadLetterTargetArn\\\\\\":\\\\\\"$dead\\\\\\",\\\\\\"maxReceiveCount\\\\\\":${maxReceiveCount}}\\"}"`,
    ];
  });
  const text = ["#!/bin/sh", "set -eu", ...lines, ""].join("\n");
  const files = queues.length === 0 ? [] : [{ name: "sqs.sh", text }];
  return { files, remarks: remarksOf(config, queues) };
}

function remarksOf(config: BrokerConfig, queues: readonly NamedQueue[]): readonly string[] {
  const renamed = queues.filter(({ channel, name }) => channel.name !== name);
  const names = renamed.map(({ channel, name }) => `${channel.name} is called ${name}`);
  return [
    ...(names.length > 0 ? [`Names are as SQS allows them: ${names.join(", ")}.`] : []),
    ...(config.subscriptions.length > 0
      ? ["Batch size, wait time and heartbeats of consumers are settings of their programs."]
      : []),
  ];
}

/** The configuration of ElasticMQ, in its own notation (HOCON takes JSON). */
function elasticmq(config: BrokerConfig): string {
  const all = namedQueues(config);
  const queues = all.map(({ channel, name, target }) => {
    const values = valuesOf(queueFields, channel.parameters);
    const dead = all.find((other) => other.channel === target);
    const queue = {
      fifo: values.FifoQueue,
      contentBasedDeduplication: values.ContentBasedDeduplication,
      defaultVisibilityTimeout: `${inSeconds(values.VisibilityTimeout)} seconds`,
      delay: `${inSeconds(values.DelaySeconds)} seconds`,
      receiveMessageWait: `${inSeconds(values.ReceiveMessageWaitTimeSeconds)} seconds`,
      ...(dead !== undefined && {
        deadLettersQueue: { name: dead.name, maxReceiveCount: values.maxReceiveCount },
      }),
    };
    return [name, queue] as const;
  });
  const settings = JSON.stringify(Object.fromEntries(queues), undefined, 2);
  return `include classpath("application.conf")\nqueues = ${settings}\n`;
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const file = "elasticmq.conf";
  return {
    services: {
      [host]: {
        image,
        ports: [`${portFrom(9324)}:9324`, `${portFrom(9325)}:9325`],
        volumes: [`./${host}/${file}:/opt/${file}:ro`],
      },
    },
    files: [{ name: file, text: elasticmq(config) }],
    remarks: [
      "ElasticMQ stands for SQS: it has no retention, no quotas, and one server instead of availability zones.",
    ],
  };
}

/** How SQS is set up. */
export const sqsDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "sqs-terraform",
      label: "Amazon SQS: Terraform",
      description: "Queues and redrive policies as Terraform reads them.",
      files: ({ config }) => terraform(config),
    },
    {
      id: "sqs-cli",
      label: "Amazon SQS: AWS CLI",
      description: "A shell script that makes the queues with the AWS command line.",
      files: ({ config }) => script(config),
    },
  ],
  compose,
  resourceType: () => "sqs-queue",
};
