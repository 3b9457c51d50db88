// How Service Bus is set up: a script for the Azure command line, and Microsoft's emulator as containers.

import { valuesOf } from "../../base/fields.ts";
import type { ComposePart, Deployable, Deployed, TechnologyDeployment } from "../deployment.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import { bindFields, clusterFields } from "./fields.ts";
import { findChannel } from "./settings.ts";

const emulator = "mcr.microsoft.com/azure-messaging/servicebus-emulator:latest";
const sqlServer = "mcr.microsoft.com/mssql/server:2022-latest";

/** For machines of developers only. */
const password = "Spillway-dev-1";

/** A duration [ms] as ISO 8601 writes it. */
function inIso(ms: number): string {
  return `PT${Math.max(1, Math.round(ms / 1000))}S`;
}

/** Parameters as the service's own tools know them; what they state is left out where it is absent. */
function propertiesOf(config: BrokerConfig, channel: ChannelConfig): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const known = [
    "DefaultMessageTimeToLive",
    "LockDuration",
    "MaxDeliveryCount",
    "DeadLetteringOnMessageExpiration",
    "RequiresSession",
    "RequiresDuplicateDetection",
    "DuplicateDetectionHistoryTimeWindow",
  ];
  for (const name of known) {
    const value = channel.parameters[name] ?? null;
    if (value === null) continue;
    found[name] = typeof value === "number" && name !== "MaxDeliveryCount" ? inIso(value) : value;
  }
  const target = findChannel(config, channel.parameters["ForwardTo"]);
  if (target !== undefined) found["ForwardTo"] = nameOf(target);
  return found;
}

function nameOf(channel: ChannelConfig): string {
  return channel.name.replaceAll(/[^a-zA-Z0-9._-]/gu, "-").slice(0, 50);
}

interface Rule {
  readonly name: string;
  readonly filter: "TrueFilter" | "CorrelationFilter" | "SqlFilter";
  readonly expression: string;
}

/** The subscriptions of a topic with their rules. */
function subscriptionsOf(config: BrokerConfig, topic: ChannelConfig) {
  return config.channels
    .filter(({ index }) => config.bindings.some((b) => b.from === topic.index && b.to === index))
    .map((channel) => {
      const lines = config.bindings.filter(
        ({ from, to }) => from === topic.index && to === channel.index,
      );
      const rules = lines.map(({ parameters }, at): Rule => {
        const { filter, correlation, sqlExpression } = valuesOf(bindFields, parameters);
        const expression =
          filter === "SqlFilter" ? sqlExpression : filter === "TrueFilter" ? "1=1" : correlation;
        return { name: `rule-${at + 1}`, filter, expression };
      });
      return { channel, rules };
    });
}

/** A text between single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function script(config: BrokerConfig): Deployed {
  const { tier } = valuesOf(clusterFields, config.parameters);
  const at = '--resource-group "$GROUP" --namespace-name "$NAMESPACE"';
  const flags = (channel: ChannelConfig) =>
    Object.entries(propertiesOf(config, channel))
      .map(([name, value]) => `${options[name] ?? ""} ${quoted(String(value))}`)
      .join(" ");
  const lines: string[] = [];
  const isForwarding = ({ parameters }: ChannelConfig) => (parameters["ForwardTo"] ?? "") !== "";
  // What others forward to comes first.
  const queues = config.channels.filter(({ kind }) => kind === "queue");
  const topics = config.channels.filter(({ kind }) => kind === "topic");
  for (const topic of topics)
    lines.push(`az servicebus topic create ${at} --name ${quoted(nameOf(topic))} ${flags(topic)}`);
  for (const queue of queues.toSorted((a, b) => Number(isForwarding(a)) - Number(isForwarding(b))))
    lines.push(`az servicebus queue create ${at} --name ${quoted(nameOf(queue))} ${flags(queue)}`);
  for (const topic of topics)
    for (const { channel, rules } of subscriptionsOf(config, topic)) {
      const inTopic = `${at} --topic-name ${quoted(nameOf(topic))}`;
      lines.push(
        `az servicebus topic subscription create ${inTopic} --name ${quoted(nameOf(channel))} ${flags(channel)}`,
      );
      const inSubscription = `${inTopic} --subscription-name ${quoted(nameOf(channel))}`;
      const own = rules.filter(({ filter }) => filter === "SqlFilter");
      for (const { name, expression } of own)
        lines.push(
          `az servicebus topic subscription rule create ${inSubscription} --name ${name} --filter-type SqlFilter --filter-sql-expression ${quoted(expression)}`,
        );
      if (own.length > 0 && own.length === rules.length)
        lines.push(
          `az servicebus topic subscription rule delete ${inSubscription} --name '$Default'`,
        );
    }
  const text = [
    "#!/bin/sh",
    "# Wants GROUP (a resource group) and NAMESPACE (a name that is free in all of Azure).",
    "set -eu",
    `az servicebus namespace create --resource-group "$GROUP" --name "$NAMESPACE" --sku ${tier}`,
    ...lines.map((line) => line.trimEnd()),
    "",
  ].join("\n");
  return {
    files: config.channels.length === 0 ? [] : [{ name: "service-bus.sh", text }],
    remarks: remarksOf(config),
  };
}

/** Options of the command line for parameters. */
const options: Readonly<Record<string, string>> = {
  DefaultMessageTimeToLive: "--default-message-time-to-live",
  LockDuration: "--lock-duration",
  MaxDeliveryCount: "--max-delivery-count",
  DeadLetteringOnMessageExpiration: "--enable-dead-lettering-on-message-expiration",
  RequiresSession: "--enable-session",
  RequiresDuplicateDetection: "--enable-duplicate-detection",
  DuplicateDetectionHistoryTimeWindow: "--duplicate-detection-history-time-window",
  ForwardTo: "--forward-to",
};

function remarksOf(config: BrokerConfig): readonly string[] {
  const rules = config.bindings.map(({ parameters }) => valuesOf(bindFields, parameters).filter);
  return [
    ...(rules.includes("CorrelationFilter")
      ? [
          "Correlation filters are not in the script: add them with az servicebus topic subscription rule create.",
        ]
      : []),
    ...(config.channels.some(({ kind }) => kind === "dead-letter")
      ? ["Dead-letter queues are not made: each queue and subscription has its $DeadLetterQueue."]
      : []),
  ];
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const queues = config.channels
    .filter(({ kind }) => kind === "queue")
    .map((queue) => ({ Name: nameOf(queue), Properties: propertiesOf(config, queue) }));
  const topics = config.channels
    .filter(({ kind }) => kind === "topic")
    .map((topic) => ({
      Name: nameOf(topic),
      Properties: propertiesOf(config, topic),
      Subscriptions: subscriptionsOf(config, topic).map(({ channel, rules }) => ({
        Name: nameOf(channel),
        Properties: propertiesOf(config, channel),
        Rules: rules
          .filter(({ filter }) => filter === "SqlFilter")
          .map(({ name, expression }) => ({
            Name: name,
            Properties: { FilterType: "Sql", SqlFilter: { SqlExpression: expression } },
          })),
      })),
    }));
  const json = {
    UserConfig: {
      Namespaces: [{ Name: "sbemulatorns", Queues: queues, Topics: topics }],
      Logging: { Type: "Console" },
    },
  };
  return {
    services: {
      [host]: {
        image: emulator,
        ports: [`${portFrom(5672)}:5672`],
        environment: { SQL_SERVER: `${host}-sql`, MSSQL_SA_PASSWORD: password, ACCEPT_EULA: "Y" },
        volumes: [`./${host}/Config.json:/ServiceBus_Emulator/ConfigFiles/Config.json:ro`],
        depends_on: [`${host}-sql`],
      },
      [`${host}-sql`]: {
        image: sqlServer,
        environment: { ACCEPT_EULA: "Y", MSSQL_SA_PASSWORD: password },
      },
    },
    files: [{ name: "Config.json", json }],
    remarks: [
      "Microsoft's emulator and its SQL Server start only when their licences are accepted: ACCEPT_EULA is set.",
      ...remarksOf(config),
    ],
  };
}

/** How Service Bus is set up. */
export const serviceBusDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "service-bus",
      label: "Azure Service Bus: Azure CLI",
      description: "A shell script that makes queues, topics, subscriptions and rules with az.",
      files: ({ config }) => script(config),
    },
  ],
  compose,
  resourceType: ({ kind }) => `service-bus-${kind}`,
};
