// How topics and clusters of Apache Kafka are set up: manifests for Strimzi's topic operator, a script around Kafka's own
// tool, and containers in KRaft mode. Settings are written out, so that a cluster's defaults change nothing.

import { valuesOf, type ValuesOf } from "../../base/fields.ts";
import type { ComposePart, Deployable, Deployed, TechnologyDeployment } from "../deployment.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import { clusterFields, topicFields } from "./fields.ts";

/** The image of the version that is modelled. */
const image = "apache/kafka:4.0.0";

/** 16 bytes as Kafka writes cluster ids. */
const clusterId = "c3BpbGx3YXkta2Fma2EtMQ";

/** Most nodes that are controllers too; more are of no use in a small cluster. */
const controllersMax = 3;

const containerPort = 9092;
const internalPort = 19_092;
const controllerPort = 29_093;

interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly settings: Readonly<Record<string, number | boolean | string>>;
}

function topicOf(channel: ChannelConfig): Topic {
  const values = valuesOf(topicFields, channel.parameters);
  const orUnlimited = (value: number | null) => (value === null ? -1 : Math.round(value));
  return {
    name: channel.name,
    partitions: values.partitions,
    replicas: values["replication.factor"],
    settings: {
      "min.insync.replicas": values["min.insync.replicas"],
      "cleanup.policy": values["cleanup.policy"],
      ...compactionOf(values),
      "retention.ms": orUnlimited(values["retention.ms"]),
      "retention.bytes": orUnlimited(values["retention.bytes"]),
      "segment.ms": Math.round(values["segment.ms"]),
      "segment.bytes": Math.round(values["segment.bytes"]),
      "unclean.leader.election.enable": values["unclean.leader.election.enable"],
    },
  };
}

/** Settings of compaction, where there is any. */
function compactionOf(values: ValuesOf<typeof topicFields>): Topic["settings"] {
  if (values["cleanup.policy"] === "delete") return {};
  const mostMs = values["max.compaction.lag.ms"];
  return {
    "min.cleanable.dirty.ratio": values["min.cleanable.dirty.ratio"],
    "min.compaction.lag.ms": Math.round(values["min.compaction.lag.ms"]),
    ...(mostMs !== null && { "max.compaction.lag.ms": Math.round(mostMs) }),
    "delete.retention.ms": Math.round(values["delete.retention.ms"]),
  };
}

/** The topics that Kafka accepts, and what is to be said of the others. */
function topicsOf(config: BrokerConfig): {
  readonly topics: readonly Topic[];
  readonly remarks: readonly string[];
} {
  const topics: Topic[] = [];
  const remarks: string[] = [];
  // Kafka's metrics write dots as underscores, so it refuses names that differ in nothing else.
  const taken = new Set<string>();
  for (const channel of config.channels) {
    const mark = channel.name.replaceAll(".", "_");
    if (!/^[\w.-]{1,249}$/u.test(channel.name) || /^\.{1,2}$/u.test(channel.name))
      remarks.push(
        `Topic “${channel.name}” is left out: Kafka's names have letters, digits, dots, hyphens and underscores only, 249 at most.`,
      );
    else if (taken.has(mark))
      remarks.push(
        `Topic “${channel.name}” (${channel.id}) is left out: another topic has that name, or one that differs only in dots and underscores.`,
      );
    else topics.push(topicOf(channel));
    taken.add(mark);
  }
  return { topics, remarks };
}

function strimziManifests({ config, host }: Deployable): Deployed {
  const { topics, remarks } = topicsOf(config);
  const taken = new Set<string>();
  const yaml = topics.map(({ name, partitions, replicas, settings }) => {
    const resource = resourceName(name, taken);
    return {
      apiVersion: "kafka.strimzi.io/v1",
      kind: "KafkaTopic",
      metadata: { name: resource, labels: { "strimzi.io/cluster": host } },
      spec: {
        ...(resource === name ? {} : { topicName: name }),
        partitions,
        replicas,
        config: settings,
      },
    };
  });
  return { files: yaml.length === 0 ? [] : [{ name: "kafka-topics.yaml", yaml }], remarks };
}

/** A name that Kubernetes allows for a resource (RFC 1123), and that is not taken yet. */
function resourceName(topic: string, taken: Set<string>): string {
  const stem =
    topic
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/gu, "-")
      .split(".")
      .map((label) => label.replace(/^-+|-+$/gu, ""))
      .filter((label) => label !== "")
      .join(".") || "topic";
  let name = stem;
  for (let number = 2; taken.has(name); number++) name = `${stem}-${number}`;
  taken.add(name);
  return name;
}

function topicScript(config: BrokerConfig): Deployed {
  const { topics, remarks } = topicsOf(config);
  const lines = topics.map(({ name, partitions, replicas, settings }) =>
    [
      `create --topic ${quoted(name)} --partitions ${partitions} --replication-factor ${replicas}`,
      ...Object.entries(settings).map(([key, value]) => `--config ${quoted(`${key}=${value}`)}`),
    ].join(" \\\n  "),
  );
  const text = [...scriptHead, ...lines, ""].join("\n");
  return { files: lines.length === 0 ? [] : [{ name: "create-topics.sh", text }], remarks };
}

const scriptHead = [
  "#!/usr/bin/env bash",
  "# Creates the topics that are not there yet; topics that are there stay as they are.",
  "# BOOTSTRAP_SERVER, KAFKA_TOPICS (the tool) and COMMAND_CONFIG (a file with credentials) may be set.",
  "set -euo pipefail",
  "",
  `: "\${BOOTSTRAP_SERVER:=localhost:${containerPort}}"`,
  ': "${KAFKA_TOPICS:=kafka-topics.sh}"',
  "",
  "create() {",
  '  "$KAFKA_TOPICS" --bootstrap-server "$BOOTSTRAP_SERVER" \\',
  '    ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} --create --if-not-exists "$@"',
  "}",
  "",
];

/** A word for a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const values = valuesOf(clusterFields, config.parameters);
  const names = Array.from({ length: values.nodes }, (_, node) =>
    values.nodes === 1 ? host : `${host}-${node + 1}`,
  );
  const controllers = names.slice(0, values.nodes < controllersMax ? 1 : controllersMax);
  const shared = {
    KAFKA_CONTROLLER_QUORUM_VOTERS: controllers
      .map((name, index) => `${index + 1}@${name}:${controllerPort}`)
      .join(","),
    ...clusterSettings(config),
  };
  const services: Record<string, object> = {};
  for (const [index, name] of names.entries())
    services[name] = node(name, {
      id: index + 1,
      isController: controllers.includes(name),
      port: portFrom(containerPort),
      shared,
    });
  const { files, remarks } = topicScript(config);
  if (files.length > 0) services[`${host}-topics`] = topicJob(host, names);
  return { services, files, remarks };
}

/** Settings of every node, as the image reads them from its environment. */
function clusterSettings(config: BrokerConfig): Readonly<Record<string, string>> {
  const values = valuesOf(clusterFields, config.parameters);
  const copies = String(Math.min(values.nodes, 3));
  const written = [
    "broker.session.timeout.ms",
    "broker.heartbeat.interval.ms",
    "replica.lag.time.max.ms",
    "log.retention.check.interval.ms",
    "log.cleaner.backoff.ms",
    "group.initial.rebalance.delay.ms",
  ] as const;
  return {
    CLUSTER_ID: clusterId,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
      "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_INTER_BROKER_LISTENER_NAME: "INTERNAL",
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: copies,
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: copies,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: values.nodes < 3 ? "1" : "2",
    ...Object.fromEntries(
      written.map((name) => [
        `KAFKA_${name.toUpperCase().replaceAll(".", "_")}`,
        String(Math.round(values[name])),
      ]),
    ),
  };
}

function node(
  name: string,
  about: {
    readonly id: number;
    readonly isController: boolean;
    readonly port: number;
    readonly shared: Readonly<Record<string, string>>;
  },
): object {
  const { id, isController, port, shared } = about;
  const control = isController ? `,CONTROLLER://:${controllerPort}` : "";
  return {
    image,
    hostname: name,
    ports: [`${port}:${containerPort}`],
    environment: {
      KAFKA_NODE_ID: String(id),
      KAFKA_PROCESS_ROLES: isController ? "broker,controller" : "broker",
      KAFKA_LISTENERS: `INTERNAL://:${internalPort},EXTERNAL://:${containerPort}${control}`,
      KAFKA_ADVERTISED_LISTENERS: `INTERNAL://${name}:${internalPort},EXTERNAL://localhost:${port}`,
      ...shared,
    },
    healthcheck: {
      test: [
        "CMD-SHELL",
        `/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server localhost:${internalPort} > /dev/null`,
      ],
      interval: "10s",
      timeout: "10s",
      retries: 12,
      start_period: "20s",
    },
  };
}

/** A container that creates the topics once every node is there, and ends. */
function topicJob(host: string, nodes: readonly string[]): object {
  return {
    image,
    depends_on: Object.fromEntries(nodes.map((name) => [name, { condition: "service_healthy" }])),
    environment: {
      BOOTSTRAP_SERVER: `${nodes[0] ?? host}:${internalPort}`,
      KAFKA_TOPICS: "/opt/kafka/bin/kafka-topics.sh",
    },
    volumes: [`./${host}/create-topics.sh:/create-topics.sh:ro`],
    entrypoint: ["/bin/bash", "/create-topics.sh"],
    restart: "no",
  };
}

/** How Apache Kafka is set up. */
export const kafkaDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "strimzi",
      label: "Kafka: Strimzi topics",
      description: "KafkaTopic manifests for Strimzi's topic operator on Kubernetes.",
      files: strimziManifests,
    },
    {
      id: "kafka-topics",
      label: "Kafka: topic script",
      description: "A shell script that creates the topics with kafka-topics.sh.",
      files: ({ config }) => topicScript(config),
    },
  ],
  compose,
  resourceType: () => "kafka-topic",
};
