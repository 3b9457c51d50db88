// The exchanges, queues, bindings and policies of a broker as RabbitMQ's definitions file, which `rabbitmqctl
// import_definitions`, the management page and `load_definitions` read (https://www.rabbitmq.com/docs/definitions).

import { type ValuesOf, valuesOf } from "../../base/fields.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import { type JsonObject, parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { bindFields, clusterFields, exchangeFields, queueFields } from "./fields.ts";
import { findChannel, isDeclared } from "./routing.ts";

/** Where the settings of queues stand that can stand in either: with the queue, or in a policy, which can be changed
 *  without declaring the queue anew. */
export type SettingsIn = "arguments" | "policies";

/** A definitions file, and what it cannot say. */
export interface Definitions {
  readonly definitions: object;
  readonly remarks: readonly string[];
}

type Settings = Readonly<Record<string, number | string | boolean>>;

const vhost = "/";

/** RabbitMQ's own limits. */
const nameBytesMax = 255;
const quorumGroupDefault = 3;
const deliveryLimitDefault = 20;

/** The definitions of a broker. */
export function definitionsOf(config: BrokerConfig, settingsIn: SettingsIn): Definitions {
  const { known, remarks } = channelsOf(config);
  const parts = known.map((channel) => ({
    channel,
    ...(channel.kind === "queue"
      ? queueSettings(config, channel)
      : exchangeSettings(config, channel)),
  }));
  const inPolicies = settingsIn === "policies";
  const argumentsOf = ({ fixed, free }: { readonly fixed: Settings; readonly free: Settings }) =>
    inPolicies ? fixed : { ...fixed, ...prefixed(free) };
  const places = { vhost, durable: true, auto_delete: false };
  return {
    definitions: {
      vhosts: [{ name: vhost }],
      policies: inPolicies ? parts.flatMap(({ channel, free }) => policyOf(channel, free)) : [],
      exchanges: parts.flatMap((part) => {
        if (part.channel.kind !== "exchange") return [];
        const { type } = valuesOf(exchangeFields, part.channel.parameters);
        // Exchanges have no prefix before the one argument that they know.
        const own = inPolicies ? {} : part.free;
        const { name } = part.channel;
        return [{ name, type, ...places, arguments: own }];
      }),
      queues: parts.flatMap((part) =>
        part.channel.kind === "queue"
          ? [{ name: part.channel.name, ...places, arguments: argumentsOf(part) }]
          : [],
      ),
      bindings: bindingsOf(config, known),
    },
    remarks: [...remarks, ...missingTargets(config, known)],
  };
}

/** The channels that RabbitMQ accepts, and what is to be said of the others. */
function channelsOf(config: BrokerConfig): {
  readonly known: readonly ChannelConfig[];
  readonly remarks: readonly string[];
} {
  const remarks: string[] = [];
  const taken = new Set<string>();
  const known = config.channels.filter((channel) => {
    if (!isDeclared(channel)) return false;
    const { id, kind, name } = channel;
    const mark = `${kind} ${name}`;
    const why =
      name.startsWith("amq.") || name === ""
        ? "names that begin with “amq.” are RabbitMQ's own"
        : bytesIn(name) > nameBytesMax
          ? `names have at most ${nameBytesMax} bytes`
          : taken.has(mark)
            ? `another ${kind} has that name`
            : undefined;
    taken.add(mark);
    if (why !== undefined) remarks.push(`The ${kind} “${name}” (${id}) is left out: ${why}.`);
    return why === undefined;
  });
  return { known, remarks };
}

/** Length in UTF-8; lone halves of a pair count as the mark that replaces them. */
function bytesIn(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}

interface ChannelSettings {
  /** What only the queue itself can state. */
  readonly fixed: Settings;
  /** What can stand in a policy too, under the names that policies use. */
  readonly free: Settings;
}

function exchangeSettings(config: BrokerConfig, exchange: ChannelConfig): ChannelSettings {
  const called = valuesOf(exchangeFields, exchange.parameters)["alternate-exchange"];
  const alternate = called === "" ? undefined : findChannel(config, called);
  return {
    fixed: {},
    free: alternate === undefined ? {} : { "alternate-exchange": alternate.name },
  };
}

function queueSettings(config: BrokerConfig, queue: ChannelConfig): ChannelSettings {
  const values = valuesOf(queueFields, queue.parameters);
  const isQuorum = values["x-queue-type"] === "quorum";
  // A stream has none of the settings below.
  if (values["x-queue-type"] === "stream") return streamSettings(values);
  const group = values["x-quorum-initial-group-size"];
  const limit = values["x-delivery-limit"];
  const ttl = values["x-message-ttl"];
  const length = values["x-max-length"];
  const [lengthBytes, expires] = [values["x-max-length-bytes"], values["x-expires"]];
  const priorities = values["x-max-priority"];
  const { version } = valuesOf(clusterFields, config.parameters);
  return {
    fixed: {
      "x-queue-type": values["x-queue-type"],
      ...(isQuorum && group !== quorumGroupDefault ? { "x-quorum-initial-group-size": group } : {}),
      ...(values["x-single-active-consumer"] ? { "x-single-active-consumer": true } : {}),
      ...(!isQuorum && priorities !== null ? { "x-max-priority": priorities } : {}),
    },
    free: {
      ...(ttl === null ? {} : { "message-ttl": Math.round(ttl) }),
      ...(length === null ? {} : { "max-length": length }),
      ...(lengthBytes === null ? {} : { "max-length-bytes": lengthBytes }),
      ...(expires === null ? {} : { expires: Math.round(expires) }),
      ...(values["x-overflow"] === "drop-head" ? {} : { overflow: values["x-overflow"] }),
      ...deadLetterSettings(config, values),
      ...(isQuorum && limit !== deliveryLimitDefault ? { "delivery-limit": limit } : {}),
      ...(isQuorum && version === "4.3" ? retrySettings(values) : {}),
    },
  };
}

function streamSettings(values: ValuesOf<typeof queueFields>): ChannelSettings {
  const { "x-max-age": age, "x-max-length-bytes": bytes } = values;
  const segment = values["x-stream-max-segment-size-bytes"];
  const isBounded = age !== null || bytes !== null;
  return {
    fixed: { "x-queue-type": "stream" },
    free: {
      ...(age === null ? {} : { "max-age": `${Math.round(age / 1000)}s` }),
      ...(bytes === null ? {} : { "max-length-bytes": bytes }),
      ...(isBounded ? { "stream-max-segment-size-bytes": segment } : {}),
    },
  };
}

/** Delayed retry, where it is on. */
function retrySettings(values: ValuesOf<typeof queueFields>): Settings {
  if (values["x-delayed-retry-type"] === "disabled") return {};
  return {
    "delayed-retry-type": values["x-delayed-retry-type"],
    "delayed-retry-min": Math.round(values["x-delayed-retry-min"]),
    "delayed-retry-max": Math.round(values["x-delayed-retry-max"]),
  };
}

/** A queue as target stands for the default exchange, which routes to the queue of the key's name. */
function deadLetterSettings(
  config: BrokerConfig,
  values: {
    readonly "x-dead-letter-exchange": string;
    readonly "x-dead-letter-routing-key": string;
  },
): Settings {
  const called = values["x-dead-letter-exchange"];
  const key = values["x-dead-letter-routing-key"];
  if (called === "") return {};
  const target = findChannel(config, called);
  if (target?.kind === "queue")
    return { "dead-letter-exchange": "", "dead-letter-routing-key": target.name };
  return {
    "dead-letter-exchange": target?.name ?? called,
    ...(key === "" ? {} : { "dead-letter-routing-key": key }),
  };
}

function prefixed(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`x-${key}`, value]));
}

function policyOf(channel: ChannelConfig, free: Settings): readonly object[] {
  if (Object.keys(free).length === 0) return [];
  return [
    {
      vhost,
      name: `${channel.kind} ${channel.name}`,
      // Policies find what they are for by a regular expression.
      pattern: `^${channel.name.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`)}$`,
      "apply-to": `${channel.kind}s`,
      definition: free,
      priority: 0,
    },
  ];
}

function bindingsOf(config: BrokerConfig, known: readonly ChannelConfig[]): readonly object[] {
  const at = (index: number) => known.find((channel) => channel.index === index);
  const written = new Set<string>();
  return config.bindings.flatMap((binding) => {
    const [from, to] = [at(binding.from), at(binding.to)];
    if (from === undefined || to === undefined) return [];
    const { routing_key: key, arguments: stated } = valuesOf(bindFields, binding.parameters);
    const { type } = valuesOf(exchangeFields, from.parameters);
    const looksAtKey = type === "direct" || type === "topic";
    const row = {
      source: from.name,
      vhost,
      destination: to.name,
      destination_type: to.kind,
      routing_key: looksAtKey ? key : "",
      arguments: type === "headers" ? objectIn(stated) : {},
    };
    const mark = JSON.stringify(row);
    if (written.has(mark)) return [];
    written.add(mark);
    return [row];
  });
}

function objectIn(text: string): JsonObject {
  const parsed = parseFacts(text);
  return parsed.ok ? parsed.value.facts : {};
}

/** Dead letters into nowhere: RabbitMQ accepts the name and drops them. */
function missingTargets(config: BrokerConfig, known: readonly ChannelConfig[]): readonly string[] {
  return known.flatMap((channel) => {
    if (channel.kind !== "queue") return [];
    const called = valuesOf(queueFields, channel.parameters)["x-dead-letter-exchange"];
    return called === "" || findChannel(config, called) !== undefined
      ? []
      : [`Queue “${channel.name}” names the exchange “${called}”, which is not part of this file.`];
  });
}
