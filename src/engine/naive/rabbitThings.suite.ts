// What a naive RabbitMQ is made of: copies, consumers, what they hold, and where a routing key leads.

import { type Parameters, valuesOf } from "../../base/fields.ts";
import { bindFields, exchangeFields, queueFields } from "../../brokers/rabbitmq/fields.ts";
import { dottedName } from "../../brokers/rabbitmq/routing.ts";
import { nameOf } from "../../model/elements.ts";
import type {
  Channel,
  ConsumeConnection,
  PublishConnection,
  Scenario,
} from "../../model/scenario.ts";
import type { Delivery, Message } from "./things.suite.ts";

/** One dead-lettering that a copy remembers. */
export interface Death {
  readonly queue: string;
  readonly reason: DeathReason;
}

/** Why a copy left its queue for good. */
export type DeathReason = "rejected" | "expired" | "maxlen" | "delivery_limit";

/** A message in a queue, or in the hands of a consumer of it. */
export interface Copy {
  readonly message: Message;
  readonly routingKey: string;
  readonly isPersistent: boolean;
  /** Own time to live [ns], Infinity without. */
  readonly lifetimeNs: number;
  /** The latest one first. */
  readonly deaths: readonly Death[];
  /** When it expires [ns]. */
  expiresNs: number;
  /** Times that it was sent to a consumer. */
  attempts: number;
  /** Original place in its queue. */
  position: number;
}

/** A worker as its queue sees it. */
export interface Consumer {
  readonly link: ConsumeConnection;
  readonly worker: number;
  readonly priority: number;
  readonly isAutomatic: boolean;
  readonly requeues: boolean;
  readonly latencyNs: number;
  /** False once the worker has left, which the broker notices later. */
  isOpen: boolean;
  /** Most copies that it may hold. */
  window: number;
  /** Whether it is served at all. */
  isEnabled: boolean;
  /** In order of sending. */
  held: Held[];
}

/** A copy on its way to a consumer, or there. */
export interface Held {
  readonly copy: Copy;
  readonly consumer: Consumer;
  readonly sinceNs: number;
  /** False when the broker has taken it back or has dealt with it. */
  isLive: boolean;
  /** Undefined while it is on the wire. */
  delivery: Delivery | undefined;
  /** The worker has settled it; the answer is on the wire. */
  isAnswered: boolean;
}

/** A channel of the same broker by id or, failing that, by name. */
export function channelCalled(
  scenario: Scenario,
  broker: string,
  called: string,
): Channel | undefined {
  const own = scenario.channels.filter((channel) => channel.broker === broker);
  return (
    own.find(({ id }) => id === called) ?? own.find(({ id }) => nameOf(scenario, id) === called)
  );
}

/** The parameters of a queue. */
export function queueValues(parameters: Parameters | undefined) {
  return valuesOf(queueFields, parameters ?? {});
}

/** The routing key under which a message is published. */
export function routingKeyOf(
  scenario: Scenario,
  link: PublishConnection,
  { stated, message }: { readonly stated: string; readonly message: Message },
): string {
  const channel = scenario.channels.find(({ id }) => id === link.to);
  if (channel?.kind === "queue") return nameOf(scenario, channel.id);
  const key = stated === "" ? dottedName(nameOf(scenario, link.contract)) : stated;
  return key.split("{key}").join(message.key?.text ?? "");
}

/** Ids of the queues to which a routing key leads from a channel, in the order of the document. */
export function queuesBehind(
  scenario: Scenario,
  from: Channel,
  routingKey: string,
): readonly string[] {
  const reached = new Set<Channel>([from]);
  const byId = (id: string): Channel | undefined => scenario.channels.find((one) => one.id === id);
  for (const channel of reached) {
    if (channel.kind === "queue") continue;
    const values = valuesOf(exchangeFields, channel.parameters ?? {});
    const bindings = scenario.connections.filter(
      (link) =>
        link.kind === "bind" &&
        link.from === channel.id &&
        fits(values.type, valuesOf(bindFields, link.parameters ?? {}).routing_key, routingKey),
    );
    const alternate = channelCalled(scenario, channel.broker, values["alternate-exchange"]);
    const targets = bindings.map((link) => byId(link.to));
    if (bindings.length === 0 && alternate?.kind === "exchange") targets.push(alternate);
    for (const target of targets) if (target !== undefined) reached.add(target);
  }
  const ids = scenario.channels.filter((one) => one.kind === "queue" && reached.has(one));
  return ids.map(({ id }) => id);
}

function fits(type: string, pattern: string, routingKey: string): boolean {
  if (type === "fanout") return true;
  if (type === "direct") return pattern === routingKey;
  return fitsWords(wordsOf(pattern), wordsOf(routingKey));
}

function wordsOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(".");
}

function fitsWords([first, ...others]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0;
  if (first === "#")
    return [...words, ""].some((_, skipped) => fitsWords(others, words.slice(skipped)));
  return (
    (first === "*" ? words.length > 0 : first === words[0]) && fitsWords(others, words.slice(1))
  );
}

/** What the naive RabbitMQ does not know: documents that state any of it need the product's own. */
const unknownParameters = new Set([
  "version",
  "declared",
  "x-max-priority",
  "x-expires",
  "memory",
  "disk",
  "x-delayed-retry-type",
  "headers",
  "priority",
  "arguments",
  "global",
]);
const unknownValues = new Set<unknown>(["headers", "reject-requeue", "stream"]);

/** Whether the naive RabbitMQ knows everything that a document states about a broker. */
export function isKnownToNaive(
  scenario: Scenario,
  broker: string,
  acts: readonly { readonly act: string; readonly target?: string }[],
): boolean {
  // What is set of a broker itself are the readings of its alarms.
  if ([...scenario.timeline, ...acts].some(({ act, target }) => act === "set" && target === broker))
    return false;
  const own = scenario.channels.filter((channel) => channel.broker === broker);
  const ids = new Set([broker, ...own.map(({ id }) => id)]);
  const stated = [
    ...scenario.nodes.filter(({ id }) => id === broker),
    ...own,
    ...scenario.connections.filter(({ from, to }) => ids.has(from) || ids.has(to)),
  ].flatMap(({ parameters }) => Object.entries(parameters ?? {}));
  return stated.every(([name, value]) => !unknownParameters.has(name) && !unknownValues.has(value));
}
