// Where a publication goes: exchanges, bindings between them, alternate exchanges, the default exchange.
// Everything here is a pure function of the configuration; caches may be dropped.

import { valuesOf } from "../../base/fields.ts";
import {
  type FactsTemplate,
  factsOf,
  type JsonObject,
  noFacts,
  parseFacts,
} from "../mechanisms/routing/messageFacts.ts";
import { amqpTopics, matchesTopic, topicLevels } from "../mechanisms/routing/topicPattern.ts";
import { bindFields, exchangeFields, publishFields, queueFields } from "./fields.ts";
import { type HeadersBinding, keysIn, matchesHeaders, parseArguments, without } from "./headers.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";

/** A channel by id or, failing that, by name. */
export function findChannel(config: BrokerConfig, called: string): ChannelConfig | undefined {
  const { channels } = config;
  return (
    channels.find((channel) => channel.id === called) ??
    channels.find((channel) => channel.name === called)
  );
}

/** An exchange that is declared, by id or name. */
function findExchange(config: BrokerConfig, called: string): ChannelConfig | undefined {
  const found = findChannel(config, called);
  return found?.kind === "exchange" && isDeclared(found) ? found : undefined;
}

/** Whether a channel exists: queues do, and exchanges that somebody has declared. */
export function isDeclared(channel: ChannelConfig): boolean {
  return channel.kind !== "exchange" || valuesOf(exchangeFields, channel.parameters).declared;
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

interface BoundTo {
  readonly words: readonly string[];
  readonly key: string;
  /** What a binding to a headers exchange wants; undefined when its arguments are none: it matches nothing. */
  readonly headers: HeadersBinding | undefined;
  readonly to: number;
}

/** What a publisher states for the routing of its messages; `{key}` stands for the message's key. */
interface Stated {
  readonly key: string;
  /** The key is the name of a queue, in which nothing is replaced. */
  readonly isName: boolean;
  readonly headers: FactsTemplate;
  readonly event: string;
  readonly usesKey: boolean;
}

/** What a message shows to exchanges. */
interface Shown {
  readonly keys: readonly string[];
  readonly headers: JsonObject;
}

/** Most results kept for keys that depend on the message. */
const CACHED_ROUTES_MAX = 20_000;

/** Routes of one broker. Channels are positions in `config.channels`, queues positions among its queues. A template is
 *  what a message shows to exchanges: that of a publisher is its position, and for each dead-letter routing key there is
 *  one more for every publisher. */
export class Router {
  #config: BrokerConfig;
  #published: readonly Stated[];
  #deadLetterKeys: readonly string[];
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
    const positions = new Map(config.channels.map((channel, at) => [channel.index, at]));
    this.#published = statedBy(config);
    this.#deadLetterKeys = deadLetterKeys(config);
    let queues = 0;
    this.#queueOf = config.channels.map((channel) => (channel.kind === "queue" ? queues++ : -1));
    this.#bindings = config.channels.map((channel) =>
      config.bindings
        .filter((binding) => binding.from === channel.index)
        .map((binding) => {
          const values = valuesOf(bindFields, binding.parameters);
          return {
            key: values.routing_key,
            words: topicLevels(amqpTopics, values.routing_key),
            headers: parseArguments(values.arguments),
            to: positions.get(binding.to) ?? -1,
          };
        }),
    );
    this.#alternate = config.channels.map((channel) => {
      if (channel.kind !== "exchange") return -1;
      const called = valuesOf(exchangeFields, channel.parameters)["alternate-exchange"];
      const found = called === "" ? undefined : findExchange(config, called);
      return found === undefined ? -1 : (positions.get(found.index) ?? -1);
    });
  }

  /** The template of a message of another template once it is a dead letter with a routing key of its own, by the
   *  position of that key in `deadLetterKeys`. */
  deadLetterTemplate(template: number, deadLetterKey: number): number {
    const publishers = this.#published.length;
    return (1 + deadLetterKey) * publishers + (template % publishers);
  }

  /** The queues that get a copy, each once. `key` is that of the message, -1 without one; `keyText` gives its text.
   *  Hand in the same function each time: one per message would be garbage. */
  route(
    channel: number,
    template: number,
    key: number,
    keyText: (key: number) => string,
  ): readonly number[] {
    const { usesKey } = this.#published[template % this.#published.length]!;
    const slot = template * this.#config.channels.length + channel;
    const known = usesKey ? this.#perKey.get(slot)?.get(key) : this.#fixed.get(slot);
    if (known !== undefined) return known;
    if (!usesKey) {
      const always = this.#find(channel, template, "");
      this.#fixed.set(slot, always);
      return always;
    }
    const found = this.#find(channel, template, key >= 0 ? keyText(key) : "");
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

  #find(channel: number, template: number, key: string): readonly number[] {
    const queues = new Set<number>();
    const seen = new Set<number>();
    const shown = this.#show(template, key);
    const visit = (at: number) => {
      if (at < 0 || seen.has(at)) return;
      seen.add(at);
      const queue = this.#queueOf[at]!;
      if (queue >= 0) {
        queues.add(queue);
        return;
      }
      const targets = this.#matching(at, shown);
      if (targets.length === 0) visit(this.#alternate[at]!);
      for (const target of targets) visit(target);
    };
    visit(channel);
    if (template < this.#published.length && this.#queueOf[channel]! >= 0)
      for (const queue of this.#named(channel, shown)) visit(queue);
    // In the order of the queues, so that the result does not depend on the order of bindings.
    return [...queues].toSorted((a, b) => a - b);
  }

  /** What a message shows: BCC is taken out before exchanges look at the headers, CC by a dead-letter routing key. */
  #show(template: number, key: string): Shown {
    const publishers = this.#published.length;
    const stated = this.#published[template % publishers]!;
    const headers = factsOf(stated.headers, key, stated.event);
    const dead = Math.floor(template / publishers) - 1;
    if (dead >= 0)
      return { keys: [this.#deadLetterKeys[dead]!], headers: without(headers, ["CC", "BCC"]) };
    // A function, because a key may contain what `replaceAll` takes for a pattern.
    const first = stated.isName ? stated.key : stated.key.replaceAll("{key}", () => key);
    return {
      keys: [first, ...keysIn(headers, "CC"), ...keysIn(headers, "BCC")],
      headers: without(headers, ["BCC"]),
    };
  }

  /** The queues that further keys name for the default exchange, when a publisher goes straight to a queue. */
  #named(channel: number, { keys }: Shown): readonly number[] {
    return this.#config.channels.flatMap(({ name }, at) =>
      at !== channel && this.#queueOf[at]! >= 0 && keys.includes(name) ? [at] : [],
    );
  }

  #matching(exchange: number, { keys, headers }: Shown): readonly number[] {
    const { type } = valuesOf(exchangeFields, this.#config.channels[exchange]!.parameters);
    const words = keys.map((key) => topicLevels(amqpTopics, key));
    const fits = (bound: BoundTo) => {
      if (type === "fanout") return true;
      if (type === "headers")
        return bound.headers !== undefined && matchesHeaders(bound.headers, headers);
      return type === "direct"
        ? keys.includes(bound.key)
        : words.some((key) => matchesTopic(amqpTopics, bound.words, key));
    };
    return this.#bindings[exchange]!.filter(fits).map((bound) => bound.to);
  }
}

function statedBy(config: BrokerConfig): readonly Stated[] {
  return config.publishers.map((publisher) => {
    const target = config.channels.find(({ index }) => index === publisher.channel);
    const values = valuesOf(publishFields, publisher.parameters);
    const facts = parseFacts(values.headers);
    const headers = facts.ok ? facts.value : noFacts;
    const stated = values.routing_key === "" ? dottedName(publisher.contract) : values.routing_key;
    const isName = target?.kind === "queue";
    const key = isName ? target.name : stated;
    const usesKey = (!isName && key.includes("{key}")) || headers.usesKey;
    return { key, isName, headers, event: publisher.contract, usesKey };
  });
}

/** The distinct dead-letter routing keys, in the order of the queues. */
export function deadLetterKeys(config: BrokerConfig): readonly string[] {
  const keys = config.channels
    .filter((channel) => channel.kind === "queue")
    .map((channel) => valuesOf(queueFields, channel.parameters)["x-dead-letter-routing-key"]);
  return [...new Set(keys)].filter((key) => key !== "");
}
