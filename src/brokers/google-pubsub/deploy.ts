// How Pub/Sub is set up: a script around the gcloud tool, a configuration for Terraform, and the emulator as a container.

import { valuesOf } from "../../base/fields.ts";
import type { ComposePart, Deployable, Deployed, TechnologyDeployment } from "../deployment.ts";
import { subscriptionFields, topicFields } from "./fields.ts";
import { findTopic } from "./routing.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";

const image = "gcr.io/google.com/cloudsdktool/google-cloud-cli:emulators";
const emulatorPort = 8085;
const project = "spillway";
const endpoint = "https://example.com/push";

/** A topic or subscription with a name that Pub/Sub accepts. */
interface Resource {
  readonly channel: ChannelConfig;
  readonly name: string;
}

/** Names that Pub/Sub accepts, and sentences about the others. Topics and subscriptions may share a name. */
function resourcesOf(config: BrokerConfig): {
  readonly topics: readonly Resource[];
  readonly subscriptions: readonly (Resource & { readonly topic: string })[];
  readonly remarks: readonly string[];
} {
  const remarks: string[] = [];
  const taken = new Set<string>();
  const accepted: Resource[] = [];
  for (const channel of config.channels) {
    const { name, kind } = channel;
    const isValid = /^[A-Za-z][\w.~+%-]{2,254}$/u.test(name) && !/^goog/iu.test(name);
    if (!isValid)
      remarks.push(
        `${kindWord(kind)} “${name}” is left out: names begin with a letter, not with goog, and have 3 to 255 letters, digits and -_.~+%.`,
      );
    else if (taken.has(`${kind} ${name}`))
      remarks.push(`${kindWord(kind)} “${name}” (${channel.id}) is left out: the name is taken.`);
    else accepted.push({ channel, name });
    taken.add(`${kind} ${name}`);
  }
  const topics = accepted.filter(({ channel }) => channel.kind === "topic");
  const subscriptions = accepted
    .filter(({ channel }) => channel.kind === "subscription")
    .flatMap((resource) => {
      const topic = topics.find(({ channel }) =>
        config.bindings.some(
          ({ from, to }) => from === channel.index && to === resource.channel.index,
        ),
      );
      if (topic === undefined)
        remarks.push(`Subscription “${resource.name}” is left out: it belongs to no topic.`);
      return topic === undefined ? [] : [{ ...resource, topic: topic.name }];
    });
  return { topics, subscriptions, remarks };
}

function kindWord(kind: string): string {
  return kind === "topic" ? "Topic" : "Subscription";
}

/** A duration [ms] in whole seconds, as the API writes it. */
function seconds(ms: number): string {
  return `${Math.round(ms / 1000)}s`;
}

/** The dead-letter topic's name, where it is set up too. */
function deadLetterName(
  config: BrokerConfig,
  called: string,
  topics: readonly Resource[],
): string | undefined {
  const topic = called === "" ? undefined : findTopic(config, called);
  return topics.find(({ channel }) => channel === topic)?.name;
}

function script(config: BrokerConfig): Deployed {
  const { topics, subscriptions, remarks } = resourcesOf(config);
  const lines = [
    ...topics.map(({ channel, name }) => {
      const { message_retention_duration: kept } = valuesOf(topicFields, channel.parameters);
      const retention = kept === null ? [] : [`--message-retention-duration=${seconds(kept)}`];
      return command("topics", name, retention);
    }),
    ...subscriptions.map(({ channel, name, topic }) =>
      command("subscriptions", name, [
        `--topic=${topic}`,
        ...subscriptionFlags(config, channel, topics),
      ]),
    ),
  ];
  const text = [...scriptHead, ...lines, ""].join("\n");
  return { files: lines.length === 0 ? [] : [{ name: "create-pubsub.sh", text }], remarks };
}

const scriptHead = [
  "#!/usr/bin/env bash",
  "# Creates the topics and subscriptions with gcloud, in the project that it is set to.",
  "# Where dead letters are forwarded, Pub/Sub's service account needs the roles of a publisher and a subscriber.",
  "set -euo pipefail",
  "",
];

function command(what: string, name: string, flags: readonly string[]): string {
  return [
    `gcloud pubsub ${what} create ${quoted(name)}`,
    ...flags.map((flag) => quoted(flag)),
  ].join(" \\\n  ");
}

/** A word for a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function subscriptionFlags(
  config: BrokerConfig,
  channel: ChannelConfig,
  topics: readonly Resource[],
): readonly string[] {
  const values = valuesOf(subscriptionFields, channel.parameters);
  const ttl = values["expiration_policy.ttl"];
  const deadLetters = deadLetterName(config, values.dead_letter_topic, topics);
  return [
    `--ack-deadline=${Math.round(values.ack_deadline_seconds / 1000)}`,
    `--message-retention-duration=${seconds(values.message_retention_duration)}`,
    `--expiration-period=${ttl === null ? "never" : seconds(ttl)}`,
    ...(values.retain_acked_messages ? ["--retain-acked-messages"] : []),
    ...(values.filter === "" ? [] : [`--message-filter=${values.filter}`]),
    ...(values.enable_message_ordering ? ["--enable-message-ordering"] : []),
    ...(values.enable_exactly_once_delivery ? ["--enable-exactly-once-delivery"] : []),
    ...(values.delivery_type === "push" ? [`--push-endpoint=${endpoint}`] : []),
    ...(values.retry_policy === "backoff"
      ? [
          `--min-retry-delay=${seconds(values.minimum_backoff)}`,
          `--max-retry-delay=${seconds(values.maximum_backoff)}`,
        ]
      : []),
    ...(deadLetters === undefined
      ? []
      : [
          `--dead-letter-topic=${deadLetters}`,
          `--max-delivery-attempts=${values.max_delivery_attempts}`,
        ]),
  ];
}

/** Terraform's JSON syntax, for the google provider. */
function terraform(config: BrokerConfig): Deployed {
  const { topics, subscriptions, remarks } = resourcesOf(config);
  if (topics.length === 0) return { files: [], remarks };
  const labels = new Map(topics.map(({ channel }, at) => [channel, `topic_${at + 1}`]));
  const idOf = (channel: ChannelConfig | undefined) =>
    `\${google_pubsub_topic.${channel === undefined ? "" : labels.get(channel)}.id}`;
  const google_pubsub_topic = topics.map(({ channel, name }) => {
    const { message_retention_duration: kept } = valuesOf(topicFields, channel.parameters);
    const retention = kept === null ? {} : { message_retention_duration: seconds(kept) };
    return [labels.get(channel) ?? name, { name, ...retention }] as const;
  });
  const google_pubsub_subscription = subscriptions.map(({ channel, name, topic }, at) => {
    const values = valuesOf(subscriptionFields, channel.parameters);
    const dead = deadLetterName(config, values.dead_letter_topic, topics);
    const byName = (called: string) => topics.find((one) => one.name === called)?.channel;
    const block = {
      name,
      topic: idOf(byName(topic)),
      ...plainSettings(values),
      ...(dead === undefined
        ? {}
        : {
            dead_letter_policy: {
              dead_letter_topic: idOf(byName(dead)),
              max_delivery_attempts: values.max_delivery_attempts,
            },
          }),
    };
    return [`subscription_${at + 1}`, block] as const;
  });
  const json = {
    resource: {
      google_pubsub_topic: Object.fromEntries(google_pubsub_topic),
      ...(google_pubsub_subscription.length > 0 && {
        google_pubsub_subscription: Object.fromEntries(google_pubsub_subscription),
      }),
    },
  };
  return { files: [{ name: "pubsub.tf.json", json }], remarks };
}

/** Settings of a subscription that name no other resource. */
function plainSettings(values: ReturnType<typeof valuesOf<typeof subscriptionFields>>): object {
  const ttl = values["expiration_policy.ttl"];
  return {
    ack_deadline_seconds: Math.round(values.ack_deadline_seconds / 1000),
    message_retention_duration: seconds(values.message_retention_duration),
    retain_acked_messages: values.retain_acked_messages,
    enable_message_ordering: values.enable_message_ordering,
    enable_exactly_once_delivery: values.enable_exactly_once_delivery,
    expiration_policy: { ttl: ttl === null ? "" : seconds(ttl) },
    ...(values.filter === "" ? {} : { filter: values.filter.replaceAll("${", () => "$${") }),
    ...(values.delivery_type === "push" ? { push_config: { push_endpoint: endpoint } } : {}),
    ...(values.retry_policy === "backoff"
      ? {
          retry_policy: {
            minimum_backoff: seconds(values.minimum_backoff),
            maximum_backoff: seconds(values.maximum_backoff),
          },
        }
      : {}),
  };
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const { files, remarks } = script(config);
  const port = portFrom(emulatorPort);
  const services: Record<string, object> = {
    [host]: {
      image,
      command: `gcloud beta emulators pubsub start --project=${project} --host-port=0.0.0.0:${emulatorPort}`,
      ports: [`${port}:${emulatorPort}`],
    },
  };
  if (files.length > 0)
    services[`${host}-setup`] = {
      image,
      depends_on: [host],
      environment: {
        CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `http://${host}:${emulatorPort}/`,
        CLOUDSDK_AUTH_DISABLE_CREDENTIALS: "true",
        CLOUDSDK_CORE_PROJECT: project,
      },
      volumes: [`./${host}/create-pubsub.sh:/create-pubsub.sh:ro`],
      entrypoint: [
        "/bin/bash",
        "-c",
        `until curl -s http://${host}:${emulatorPort}; do sleep 1; done; bash /create-pubsub.sh`,
      ],
      restart: "no",
    };
  return {
    services,
    files,
    remarks: [
      ...remarks,
      "The emulator of Pub/Sub does not do all that the service does: it ignores among others retention, expiration and exactly-once delivery.",
    ],
  };
}

/** How Pub/Sub is set up. */
export const googlePubsubDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "gcloud-pubsub",
      label: "Pub/Sub: gcloud script",
      description: "A shell script that creates topics and subscriptions with gcloud.",
      files: ({ config }) => script(config),
    },
    {
      id: "terraform-pubsub",
      label: "Pub/Sub: Terraform",
      description: "Topics and subscriptions for Terraform's google provider, in its JSON syntax.",
      files: ({ config }) => terraform(config),
    },
  ],
  compose,
  resourceType: ({ kind }) => (kind === "topic" ? "pubsub-topic" : "pubsub-subscription"),
};
