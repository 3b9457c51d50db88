// Where a publication goes: exchanges, bindings between them, alternate exchanges, the default exchange.
// Everything here is a pure function of the configuration; caches may be dropped.

import { valuesOf } from "../../base/fields.ts";
import { amqpTopics, matchesTopic, topicLevels } from "../mechanisms/routing/topicPattern.ts";
import { bindFields, exchangeFields, publishFields, queueFields } from "./fields.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";

/** A channel by id or, failing that, by name. */
export function findChannel(config: BrokerConfig, called: string): ChannelConfig | undefined {
  const { channels } = config;
  return (
    channels.find((channel) => channel.id === called) ??
    channels.find((channel) => channel.name === called)
  );
}

/** The default routing key of an event: its name in lower case, a dot before each new word. */
export function dottedName(contract: string): string {
  return contract
    .replace(/([a-z0-9])([A-Z])/gu, "$1.$2")
    .replace(/([A-Z]+)([A-Z][a-z])/gu, "$1.$2")
    .replace(/[^A-Za-z0-9]+/gu, ".")
    .replace(/^\.|\.$/gu, "")
    .toLowerCase();
}

/** A routing key as it is configured; `{key}` in it stands for the message's key. */
export interface KeyTemplate {
  readonly text: string;
  readonly usesKey: boolean;
}

interface BoundTo {
  readonly words: readonly string[];
  readonly key: string;
  readonly to: number;
}

/** Most results kept for keys that depend on the message. */
const CACHED_ROUTES_MAX = 20_000;

/** Routes of one broker. Channels are positions in `config.channels`, queues positions among its queues. */
export class Router {
  /** Publishers first, in order, then the dead-letter routing keys of the queues that state one. */
  readonly templates: readonly KeyTemplate[];
  #config: BrokerConfig;
  #bindings: readonly (readonly BoundTo[])[];
  #queueOf: readonly number[];
  #alternate: readonly number[];
  // Per slot: a template at a channel. Of templates with a key, per key of a message; an integer, because to look
  // up one number made of slot and key would be garbage.
  readonly #fixed = new Map<number, readonly number[]>();
  readonly #perKey = new Map<number, Map<number, readonly number[]>>();
  #keysKept = 0;

  constructor(config: BrokerConfig) {
    this.#config = config;
    this.templates = keyTemplates(config);
    const positions = new Map(config.channels.map((channel, at) => [channel.index, at]));
    let queues = 0;
    this.#queueOf = config.channels.map((channel) => (channel.kind === "queue" ? queues++ : -1));
    this.#bindings = config.channels.map((channel) =>
      config.bindings
        .filter((binding) => binding.from === channel.index)
        .map((binding) => {
          const key = valuesOf(bindFields, binding.parameters).routing_key;
          return { key, words: topicLevels(amqpTopics, key), to: positions.get(binding.to) ?? -1 };
        }),
    );
    this.#alternate = config.channels.map((channel) => {
      if (channel.kind !== "exchange") return -1;
      const called = valuesOf(exchangeFields, channel.parameters)["alternate-exchange"];
      const found = called === "" ? undefined : findChannel(config, called);
      return found?.kind === "exchange" ? (positions.get(found.index) ?? -1) : -1;
    });
  }

  /** The queues that get a copy, each once. `key` is that of the message, -1 without one; `keyText` gives its text.
   *  Hand in the same function each time: one per message would be garbage. */
  route(
    channel: number,
    template: number,
    key: number,
    keyText: (key: number) => string,
  ): readonly number[] {
    const { text, usesKey } = this.templates[template]!;
    const slot = template * this.#config.channels.length + channel;
    const known = usesKey ? this.#perKey.get(slot)?.get(key) : this.#fixed.get(slot);
    if (known !== undefined) return known;
    if (!usesKey) {
      const always = this.#find(channel, text);
      this.#fixed.set(slot, always);
      return always;
    }
    const ofKey = key >= 0 ? keyText(key) : "";
    // A function, because a key may contain what `replaceAll` takes for a pattern.
    const found = this.#find(
      channel,
      text.replaceAll("{key}", () => ofKey),
    );
    this.#keep(slot, key, found);
    return found;
  }

  #keep(slot: number, key: number, found: readonly number[]): void {
    if (this.#keysKept >= CACHED_ROUTES_MAX) {
      this.#perKey.clear();
      this.#keysKept = 0;
    }
    const routes = this.#perKey.get(slot) ?? new Map<number, readonly number[]>();
    this.#perKey.set(slot, routes.set(key, found));
    this.#keysKept++;
  }

  #find(channel: number, routingKey: string): readonly number[] {
    const queues = new Set<number>();
    const seen = new Set<number>();
    const visit = (at: number) => {
      if (at < 0 || seen.has(at)) return;
      seen.add(at);
      const queue = this.#queueOf[at]!;
      if (queue >= 0) {
        queues.add(queue);
        return;
      }
      const targets = this.#matching(at, routingKey);
      if (targets.length === 0) visit(this.#alternate[at]!);
      for (const target of targets) visit(target);
    };
    visit(channel);
    // In the order of the queues, so that the result does not depend on the order of bindings.
    return [...queues].toSorted((a, b) => a - b);
  }

  #matching(exchange: number, routingKey: string): readonly number[] {
    const { type } = valuesOf(exchangeFields, this.#config.channels[exchange]!.parameters);
    const words = topicLevels(amqpTopics, routingKey);
    const fits = (bound: BoundTo) => {
      if (type === "fanout") return true;
      return type === "direct"
        ? bound.key === routingKey
        : matchesTopic(amqpTopics, bound.words, words);
    };
    return this.#bindings[exchange]!.filter(fits).map((bound) => bound.to);
  }
}

function keyTemplates(config: BrokerConfig): readonly KeyTemplate[] {
  const published = config.publishers.map((publisher) => {
    const channel = config.channels.find((one) => one.index === publisher.channel);
    if (channel?.kind === "queue") return { text: channel.name, usesKey: false };
    const stated = valuesOf(publishFields, publisher.parameters).routing_key;
    const text = stated === "" ? dottedName(publisher.contract) : stated;
    return { text, usesKey: text.includes("{key}") };
  });
  const ofDeadLetters = deadLetterKeys(config).map((text) => ({ text, usesKey: false }));
  return [...published, ...ofDeadLetters];
}

/** The distinct dead-letter routing keys, in the order of the queues. */
export function deadLetterKeys(config: BrokerConfig): readonly string[] {
  const keys = config.channels
    .filter((channel) => channel.kind === "queue")
    .map((channel) => valuesOf(queueFields, channel.parameters)["x-dead-letter-routing-key"]);
  return [...new Set(keys)].filter((key) => key !== "");
}
