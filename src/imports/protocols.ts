// The protocols of AsyncAPI servers and how they are drawn. A protocol whose broker is modelled is drawn as that one, all
// others as the one that comes nearest. To add a technology, change its rows here.

import type { TechnologyId } from "../brokers/index.ts";

/** How a protocol is drawn. */
export interface ProtocolEntry {
  /** Protocols of one family are the same kind of broker: kafka and kafka-secure. */
  readonly family: string;
  readonly label: string;
  readonly technology: TechnologyId;
  /** Whether the technology is the protocol's own broker, not merely its nearest relative. */
  readonly isModelled: boolean;
  /** A channel is one log that every application reads at its own pace, or an exchange with a queue for each of them, or
   *  what the technology connects by itself, with its own bindings. */
  readonly style: "log" | "exchange" | "own";
}

const log = { technology: "kafka", isModelled: false, style: "log" } as const;
const exchange = { technology: "rabbitmq", isModelled: false, style: "exchange" } as const;

const families: readonly ProtocolEntry[] = [
  { ...log, family: "kafka", label: "Kafka", isModelled: true },
  { ...exchange, family: "amqp", label: "AMQP 0-9-1", isModelled: true },
  { ...exchange, family: "amqp1", label: "AMQP 1.0" },
  { technology: "mqtt", isModelled: true, style: "log", family: "mqtt", label: "MQTT" },
  { ...exchange, family: "http", label: "HTTP" },
  { ...exchange, family: "ws", label: "WebSocket" },
  { ...exchange, family: "jms", label: "JMS" },
  { ...exchange, family: "ibmmq", label: "IBM MQ" },
  { ...exchange, family: "anypointmq", label: "Anypoint MQ" },
  { ...exchange, family: "solace", label: "Solace" },
  { ...exchange, family: "stomp", label: "STOMP" },
  { family: "nats", label: "NATS", technology: "nats", isModelled: true, style: "log" },
  {
    family: "redis",
    label: "Redis",
    technology: "redis-streams",
    isModelled: true,
    style: "log",
  },
  { family: "sqs", label: "Amazon SQS", technology: "sqs", isModelled: true, style: "own" },
  { technology: "sns", isModelled: true, style: "own", family: "sns", label: "Amazon SNS" },
  {
    technology: "eventbridge",
    isModelled: true,
    style: "own",
    family: "eventbridge",
    label: "Amazon EventBridge",
  },
  { ...exchange, family: "mercure", label: "Mercure" },
  { family: "pulsar", label: "Pulsar", technology: "pulsar", isModelled: true, style: "own" },
  {
    family: "googlepubsub",
    label: "Google Pub/Sub",
    technology: "google-pubsub",
    isModelled: true,
    style: "own",
  },
];

const unknown: ProtocolEntry = { ...log, family: "unknown", label: "an unknown protocol" };

/** Other names of the same protocols. */
const aliases: Readonly<Record<string, string>> = {
  "kafka-secure": "kafka",
  amqps: "amqp",
  rabbitmq: "amqp",
  mqtts: "mqtt",
  mqtt5: "mqtt",
  "secure-mqtt": "mqtt",
  https: "http",
  wss: "ws",
  websocket: "ws",
  "ibmmq-secure": "ibmmq",
  stomps: "stomp",
  "jms-secure": "jms",
  rediss: "redis",
  "pulsar+ssl": "pulsar",
  pubsub: "googlepubsub",
};

const byName: ReadonlyMap<string, ProtocolEntry> = new Map(
  families.map((entry) => [entry.family, entry]),
);

/** How a protocol or binding key is drawn; protocols that nobody knows keep a family of their own. */
export function protocolEntry(protocol: string): ProtocolEntry {
  const name = protocol.toLowerCase();
  const known = byName.get(Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name);
  if (known !== undefined) return known;
  return name === "" ? unknown : { ...unknown, family: `other ${name}`, label: name };
}
