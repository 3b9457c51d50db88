// How NATS is set up: a script of the nats command for streams and consumers, and containers.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields, streamFields } from "./fields.ts";
import { consumerName, subjectsOf } from "./settings.ts";
import type { ComposePart, Deployable, TechnologyDeployment } from "../deployment.ts";
import type { BrokerConfig, ChannelConfig, SubscriptionConfig } from "../technology.ts";

/** A word of a shell, whatever it contains. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

const ms = (duration: number) => `${Math.round(duration)}ms`;

function streamCommand(channel: ChannelConfig): string {
  const values = valuesOf(streamFields, channel.parameters);
  const retention = values.retention === "workqueue" ? "work" : values.retention;
  const limits = [
    ["--max-msgs", values.max_msgs],
    ["--max-bytes", values.max_bytes],
    ["--max-msgs-per-subject", values.max_msgs_per_subject],
  ] as const;
  return [
    `nats stream add ${quoted(channel.name)}`,
    `--subjects ${quoted(subjectsOf(channel).join(","))}`,
    `--retention ${retention} --storage ${values.storage} --replicas ${values.num_replicas}`,
    `--discard ${values.discard}${values.discard_new_per_subject ? " --discard-per-subject" : ""}`,
    ...limits.map(([flag, limit]) => `${flag}=${limit ?? -1}`),
    `--max-age ${values.max_age === null ? "0s" : ms(values.max_age)}`,
    `--dupe-window ${ms(values.duplicate_window)} --defaults`,
  ].join(" ");
}

function consumerCommand(channel: ChannelConfig, subscription: SubscriptionConfig): string {
  const values = valuesOf(consumeFields, subscription.parameters);
  const name = consumerName(subscription);
  return [
    `nats consumer add ${quoted(channel.name)} ${quoted(name)}`,
    values.delivery === "pull"
      ? "--pull"
      : `--target ${quoted(`deliver.${name}`)} --deliver-group ${quoted(name)}`,
    `--filter ${quoted(values.filter_subject)} --ack ${values.ack_policy} --wait ${ms(values.ack_wait)}`,
    `--max-deliver=${values.max_deliver} --max-pending=${values.max_ack_pending} --defaults`,
  ].join(" ");
}

function commands(config: BrokerConfig): readonly string[] {
  const streams = config.channels.filter((channel) => channel.kind === "stream");
  const lines = streams.flatMap((stream) => [
    streamCommand(stream),
    ...config.subscriptions
      .filter(({ channel }) => channel === stream.index)
      .map((subscription) => consumerCommand(stream, subscription)),
  ]);
  return [...new Set(lines)];
}

const remarks = [
  "A back-off is a list in the consumer's JSON configuration and stands in no command; core subjects need no set-up.",
];

function filesOf(config: BrokerConfig) {
  const lines = commands(config);
  return lines.length === 0
    ? []
    : [{ name: "streams.sh", text: `#!/bin/sh\nset -e\n${lines.join("\n")}\n` }];
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const { nodes, sync_interval: sync } = valuesOf(clusterFields, config.parameters);
  const names = Array.from({ length: nodes }, (_, node) =>
    nodes === 1 ? host : `${host}-${node + 1}`,
  );
  const routes = names.map((name) => `nats://${name}:6222`).join(",");
  const text = `jetstream { store_dir: /data, sync_interval: ${sync === 0 ? "always" : `"${ms(sync)}"`} }\n`;
  const services: Record<string, object> = {};
  for (const name of names)
    services[name] = {
      image: "nats:2.10.27",
      hostname: name,
      command: [
        "--config",
        "/etc/nats.conf",
        "--name",
        name,
        ...(nodes === 1
          ? []
          : ["--cluster_name", host, "--cluster", "nats://0.0.0.0:6222", "--routes", routes]),
      ],
      ports: [`${portFrom(4222)}:4222`],
      volumes: [`./${host}/nats.conf:/etc/nats.conf:ro`],
    };
  return { services, files: [{ name: "nats.conf", text }, ...filesOf(config)], remarks };
}

/** How NATS is set up. */
export const natsDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "nats",
      label: "NATS: streams and consumers",
      description: "Commands of the nats tool that make streams and consumers.",
      files: ({ config }) => ({ files: filesOf(config), remarks }),
    },
  ],
  compose,
  resourceType: ({ kind }) => `nats-${kind}`,
};
