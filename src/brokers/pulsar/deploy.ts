// How topics and clusters of Apache Pulsar are set up: a script around pulsar-admin, and a container that runs broker and
// bookie in one process. Policies are written out per topic, so that a namespace's defaults change nothing.

import { valuesOf } from "../../base/fields.ts";
import type { ComposePart, Deployable, Deployed, TechnologyDeployment } from "../deployment.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import { clusterFields, consumeFields, topicFields } from "./fields.ts";
import { subscriptionNameOf } from "./plan.ts";

/** The image of the version that is modelled. */
const image = "apachepulsar/pulsar:3.0.0";

const namespace = "public/default";
const binaryPort = 6650;
const adminPort = 8080;
const bytesPerMegabyte = 1_048_576;

/** What Pulsar takes for the last part of a topic's name. */
const namePattern = /^[-=:.\w]{1,200}$/u;

function topicOf(channel: ChannelConfig): string {
  const { persistence } = valuesOf(topicFields, channel.parameters);
  return `${persistence}://${namespace}/${channel.name}`;
}

/** The topics that Pulsar accepts, and what is to be said of the others. */
function topicsOf(config: BrokerConfig): {
  readonly topics: readonly ChannelConfig[];
  readonly remarks: readonly string[];
} {
  const topics: ChannelConfig[] = [];
  const remarks: string[] = [];
  const taken = new Set<string>();
  for (const channel of config.channels) {
    const topic = topicOf(channel);
    if (!namePattern.test(channel.name))
      remarks.push(
        `Topic “${channel.name}” is left out: Pulsar's names have letters, digits and the characters - = : . _ only.`,
      );
    else if (taken.has(topic))
      remarks.push(`Topic “${channel.name}” (${channel.id}) is left out: another has that name.`);
    else topics.push(channel);
    taken.add(topic);
  }
  return { topics, remarks };
}

function commandsFor(channel: ChannelConfig): readonly string[] {
  const values = valuesOf(topicFields, channel.parameters);
  const topic = quoted(topicOf(channel));
  const create =
    values.partitions > 0
      ? `create topics create-partitioned-topic ${topic} --partitions ${values.partitions}`
      : `create topics create ${topic}`;
  if (values.persistence === "non-persistent") return [create];
  const { messageTTL: ttl, retentionTime: time, retentionSize: size } = values;
  const commands = [create];
  if (ttl !== null)
    commands.push(`admin topicPolicies set-message-ttl --ttl ${seconds(ttl)} ${topic}`);
  if (time !== 0 && size !== 0)
    commands.push(
      `admin topicPolicies set-retention --time ${time === null ? -1 : `${seconds(time)}s`} --size ${size === null ? -1 : megabytes(size)} ${topic}`,
    );
  const { backlogQuotaLimitSize, backlogQuotaLimitTime, backlogQuotaPolicy: policy } = values;
  if (backlogQuotaLimitSize !== null)
    commands.push(
      `admin topicPolicies set-backlog-quota --type destination_storage --limit ${Math.round(backlogQuotaLimitSize)} --policy ${policy} ${topic}`,
    );
  if (backlogQuotaLimitTime !== null)
    commands.push(
      `admin topicPolicies set-backlog-quota --type message_age --limitTime ${seconds(backlogQuotaLimitTime)} --policy ${policy} ${topic}`,
    );
  return commands;
}

function seconds(durationMs: number): number {
  return Math.max(1, Math.round(durationMs / 1000));
}

function megabytes(size: number): string {
  return `${Math.max(1, Math.round(size / bytesPerMegabyte))}M`;
}

function subscriptionCommands(
  config: BrokerConfig,
  topics: readonly ChannelConfig[],
): readonly string[] {
  const commands = config.subscriptions.flatMap((subscription) => {
    const channel = topics.find(({ index }) => index === subscription.channel);
    // A subscription of a non-persistent topic lasts no longer than its consumers.
    if (channel === undefined || topicOf(channel).startsWith("non-")) return [];
    const { subscriptionInitialPosition: position } = valuesOf(
      consumeFields,
      subscription.parameters,
    );
    const name = quoted(subscriptionNameOf(subscription));
    return [
      `create topics create-subscription ${quoted(topicOf(channel))} --subscription ${name} --messageId ${position.toLowerCase()}`,
    ];
  });
  return [...new Set(commands)];
}

function namespaceCommands(config: BrokerConfig): readonly string[] {
  const values = valuesOf(clusterFields, config.parameters);
  const quorums = [
    `--bookkeeper-ensemble ${values.managedLedgerDefaultEnsembleSize}`,
    `--bookkeeper-write-quorum ${values.managedLedgerDefaultWriteQuorum}`,
    `--bookkeeper-ack-quorum ${values.managedLedgerDefaultAckQuorum}`,
    "--ml-mark-delete-max-rate 1",
  ].join(" ");
  return [
    `if [ "\${SET_PERSISTENCE:-}" = yes ]; then admin namespaces set-persistence ${quorums} ${namespace}; fi`,
    ...(values.brokerDeduplicationEnabled
      ? [`admin namespaces set-deduplication --enable ${namespace}`]
      : []),
  ];
}

function topicScript(config: BrokerConfig): Deployed {
  const { topics, remarks } = topicsOf(config);
  const lines = [
    ...namespaceCommands(config),
    ...topics.flatMap(commandsFor),
    ...subscriptionCommands(config, topics),
  ];
  const text = [...scriptHead, ...lines, ""].join("\n");
  return { files: topics.length === 0 ? [] : [{ name: "create-topics.sh", text }], remarks };
}

const scriptHead = [
  "#!/usr/bin/env bash",
  "# Creates topics and subscriptions that are not there yet, and sets the policies of all.",
  "# ADMIN_URL and PULSAR_ADMIN (the tool) may be set; SET_PERSISTENCE=yes sets ensemble and quorums of the namespace too,",
  "# which needs that many bookies.",
  "set -euo pipefail",
  "",
  `: "\${ADMIN_URL:=http://localhost:${adminPort}}"`,
  ': "${PULSAR_ADMIN:=pulsar-admin}"',
  "",
  'admin() { "$PULSAR_ADMIN" --admin-url "$ADMIN_URL" "$@"; }',
  "create() {",
  "  local said",
  '  if said=$(admin "$@" 2>&1); then return; fi',
  '  case "$said" in *"already exist"*) ;; *) echo "$said" >&2; return 1 ;; esac',
  "}",
  "",
];

/** A word for a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const { files, remarks } = topicScript(config);
  const { nodes, bookies } = valuesOf(clusterFields, config.parameters);
  const services: Record<string, object> = {
    [host]: {
      image,
      hostname: host,
      command: ["bin/pulsar", "standalone", "--no-functions-worker"],
      ports: [`${portFrom(binaryPort)}:${binaryPort}`, `${portFrom(adminPort)}:${adminPort}`],
      healthcheck: {
        test: ["CMD", "bin/pulsar-admin", "brokers", "healthcheck"],
        interval: "10s",
        timeout: "10s",
        retries: 12,
        start_period: "40s",
      },
    },
  };
  if (files.length > 0)
    services[`${host}-topics`] = {
      image,
      depends_on: { [host]: { condition: "service_healthy" } },
      environment: {
        ADMIN_URL: `http://${host}:${adminPort}`,
        PULSAR_ADMIN: "/pulsar/bin/pulsar-admin",
      },
      volumes: [`./${host}/create-topics.sh:/create-topics.sh:ro`],
      entrypoint: ["/bin/bash", "/create-topics.sh"],
      restart: "no",
    };
  const single =
    nodes + bookies > 2
      ? [
          `${host}: the ${nodes} brokers and ${bookies} bookies run as one standalone process, without replication.`,
        ]
      : [];
  return { services, files, remarks: [...remarks, ...single] };
}

/** How Apache Pulsar is set up. */
export const pulsarDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "pulsar-admin",
      label: "Pulsar: topic script",
      description:
        "A shell script that creates topics, policies and subscriptions with pulsar-admin.",
      files: ({ config }) => topicScript(config),
    },
  ],
  compose,
  resourceType: () => "pulsar-topic",
};
