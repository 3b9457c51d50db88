// Servers, channels, messages and schemas of AsyncAPI documents, each made from the plan on its own.

import { jsonSchemaOf } from "../model/contracts.ts";
import { channelOf, nameOf, nodeOf, statedParameters, technologyOf } from "../model/elements.ts";
import { manualOf } from "../model/manual.ts";
import type { Channel, Contract } from "../model/scenario.ts";
import {
  type Bindings,
  type ChannelObject,
  type MessageObject,
  refTo,
  type ServerObject,
  withoutGaps,
} from "./document.ts";
import { embedSchema } from "./embeddedSchema.ts";
import { messageKey, replyKey } from "./operations.ts";
import type { Plan, Request } from "./routes.ts";

/** Key of the server of a channel: its broker, or the service that answers its requests. */
export function serverKeyOf(plan: Plan, channel: string): string | undefined {
  const request = plan.requests.find(({ key }) => key === channel);
  return request?.service.id ?? channelOf(plan.scenario, channel)?.broker;
}

/** A broker of the scenario, or a service that answers requests over HTTP. */
export function serverObject(plan: Plan, key: string): ServerObject {
  const { scenario } = plan;
  const node = nodeOf(scenario, key);
  const technology = technologyOf(scenario, key);
  const title = nameOf(scenario, key);
  const description = node?.description;
  const asyncapi = manualOf(scenario, key)?.asyncapi;
  if (technology === undefined || asyncapi === undefined)
    return withoutGaps({ host: `${hostName(key)}.example`, protocol: "http", title, description });
  const config = plan.brokers.get(key);
  const content = config && asyncapi.server?.(config);
  return withoutGaps({
    host: asyncapi.host,
    protocol: asyncapi.protocol,
    protocolVersion: asyncapi.protocolVersion,
    title,
    description,
    bindings: content && { [asyncapi.key]: content },
    "x-spillway": { technology: technology.id, modelledVersion: technology.version },
  });
}

function hostName(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-|-$/gu, "");
}

/** A channel with the messages (by key) that pass through it in this document. */
export function channelObject(plan: Plan, key: string, messages: readonly string[]): ChannelObject {
  const references = Object.fromEntries(
    messages.map((message) => [message, refTo("components", "messages", message)]),
  );
  const request = plan.requests.find((one) => one.key === key);
  if (request !== undefined) return requestChannel(plan, request, references);
  const channel = channelOf(plan.scenario, key);
  if (channel === undefined) return { address: null, messages: references };
  const asyncapi = manualOf(plan.scenario, key)?.asyncapi;
  const config = plan.brokers.get(channel.broker);
  const own = config?.channels.find(({ id }) => id === key);
  const content = config && own && asyncapi?.channel(config, own);
  return withoutGaps({
    ...addressOf(nameOf(plan.scenario, key)),
    title: channel.description === undefined ? undefined : nameOf(plan.scenario, key),
    description: channel.description,
    servers: [refTo("servers", channel.broker)],
    messages: references,
    bindings: content && asyncapi && { [asyncapi.key]: content },
    "x-spillway": channelExtension(plan, channel),
  });
}

/** Braces in an address stand for parameters; an address with braces that are none is left open. */
function addressOf(name: string): Pick<ChannelObject, "address" | "parameters"> {
  const names = [...name.matchAll(/\{(.*?)\}/gu)].map((match) => match[1] ?? "");
  if (names.length === 0) return { address: name };
  if (!names.every((parameter) => /^[\w-]+$/u.test(parameter))) return { address: null };
  return { address: name, parameters: Object.fromEntries(names.map((one) => [one, {}])) };
}

// What the bindings have no field for: the kind of the channel, its settings, and which channels it feeds.
function channelExtension(plan: Plan, channel: Channel): Readonly<Record<string, unknown>> {
  const { scenario } = plan;
  const feeds = scenario.connections
    .filter((one) => one.kind === "bind" && one.from === channel.id)
    .map((one) => ({ channel: one.to, ...statedParameters(scenario, one.id) }));
  const settings = statedParameters(scenario, channel.id);
  return withoutGaps({
    kind: channel.kind,
    settings: Object.keys(settings).length > 0 ? settings : undefined,
    feeds: feeds.length > 0 ? feeds : undefined,
  });
}

function requestChannel(
  plan: Plan,
  { service, contract }: Request,
  messages: ChannelObject["messages"],
): ChannelObject {
  return {
    address: `/${encodeURIComponent(messageKey(plan, contract.id))}`,
    title: `${contract.name} of ${nameOf(plan.scenario, service.id)}`,
    servers: [refTo("servers", service.id)],
    messages,
  };
}

/** The messages with these keys. */
export function messageObjects(
  plan: Plan,
  used: ReadonlySet<string>,
): Readonly<Record<string, MessageObject>> {
  const messages: [string, MessageObject][] = [];
  for (const contract of plan.scenario.contracts) {
    const key = messageKey(plan, contract.id);
    if (used.has(key)) messages.push([key, messageObject(plan, contract)]);
    if (used.has(replyKey(key))) messages.push([replyKey(key), replyObject(contract)]);
  }
  return Object.fromEntries(messages);
}

function messageObject(plan: Plan, contract: Contract): MessageObject {
  const title = jsonSchemaOf(contract)?.["title"];
  const bindings = messageBindings(plan, contract.id);
  return withoutGaps({
    name: contract.name,
    title: typeof title === "string" && title !== "" ? title : undefined,
    description: contract.description,
    contentType: "application/json",
    payload: refTo("components", "schemas", messageKey(plan, contract.id)),
    bindings: Object.keys(bindings).length > 0 ? bindings : undefined,
    "x-spillway": { contract: contract.id, contractVersion: contract.contractVersion },
  });
}

// One message may travel over several technologies; where two publishers of one technology differ, the first counts.
function messageBindings(plan: Plan, contract: string): Bindings {
  const bindings: Record<string, object> = {};
  for (const one of plan.scenario.connections) {
    if (one.kind !== "publish" || one.contract !== contract) continue;
    const asyncapi = manualOf(plan.scenario, one.id)?.asyncapi;
    const config = plan.brokers.get(channelOf(plan.scenario, one.to)?.broker ?? "");
    const publisher = config?.publishers.find(({ id }) => id === one.id);
    const content = config && publisher && asyncapi?.message?.(config, publisher);
    if (asyncapi !== undefined && content !== undefined) bindings[asyncapi.key] ??= content;
  }
  return bindings;
}

// A scenario says that a request is answered, not what the answer looks like.
function replyObject(contract: Contract): MessageObject {
  return {
    name: `${contract.name}.reply`,
    description: `The answer to ${contract.name}. The scenario does not describe its content.`,
    bindings: { http: { statusCode: 200, bindingVersion: "0.3.0" } },
  };
}

/** The schemas of the messages with these keys, under the same keys. */
export function schemaObjects(
  plan: Plan,
  used: ReadonlySet<string>,
): Readonly<Record<string, object>> {
  return Object.fromEntries(
    plan.scenario.contracts
      .map((contract) => [messageKey(plan, contract.id), jsonSchemaOf(contract) ?? {}] as const)
      .filter(([key]) => used.has(key))
      .map(([key, schema]) => [key, embedSchema(schema, `#/components/schemas/${key}`)]),
  );
}
