// Servers and channels of AsyncAPI documents, each made from the plan on its own.

import { channelOf, nameOf, nodeOf, statedParameters, technologyOf } from "../model/elements.ts";
import { manualOf } from "../model/manual.ts";
import type { BindConnection, Channel } from "../model/scenario.ts";
import { aboutElement } from "./carried.ts";
import {
  type ChannelObject,
  type Extension,
  refTo,
  type ServerObject,
  withoutGaps,
} from "./document.ts";
import type { Lens } from "./lens.ts";
import { messageKey } from "./messageKeys.ts";
import type { Plan, Request } from "./routes.ts";
import { securityOf } from "./security.ts";

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
  if (node === undefined || technology === undefined || asyncapi === undefined)
    return withoutGaps({
      host: `${hostName(key)}.example`,
      protocol: "http",
      title,
      description,
      security: securityOf(node),
      "x-spillway": plan.embed ? { service: key } : undefined,
    });
  const config = plan.brokers.get(key);
  const content = config && asyncapi.server?.(config);
  return withoutGaps({
    host: asyncapi.host,
    protocol: asyncapi.protocol,
    protocolVersion: asyncapi.protocolVersion,
    title,
    description,
    security: securityOf(node),
    bindings: content && { [asyncapi.key]: content },
    "x-spillway": {
      technology: technology.id,
      modelledVersion: technology.version,
      ...(plan.embed && { node: key, ...aboutElement(node, nameLens(key)) }),
    },
  });
}

/** The name of an element as a title, which has the id where there is none. */
export function nameLens(id: string): Lens<string | undefined, string> {
  return {
    write: (name) => (name === undefined || name === "" ? id : name),
    read: (said) => (typeof said !== "string" || said === id ? undefined : said),
  };
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
    address: addressLens(key).write(channel.name),
    title: channel.description === undefined ? undefined : nameOf(plan.scenario, key),
    description: channel.description,
    servers: [refTo("servers", channel.broker)],
    messages: references,
    parameters: parametersIn(nameOf(plan.scenario, key)),
    bindings: content && asyncapi && { [asyncapi.key]: content },
    "x-spillway": channelExtension(plan, channel),
  });
}

/** The name of a channel as its address. Braces stand for parameters; a name with braces that are none has no address. */
export function addressLens(id: string): Lens<string | undefined, string | null> {
  const { write, read } = nameLens(id);
  return {
    write: (name) => {
      const address = write(name);
      return isAddress(address) ? address : null;
    },
    read,
  };
}

function isAddress(name: string): boolean {
  return /^(?:[^{}]|\{[\w-]+\})*$/u.test(name);
}

function parametersIn(name: string): ChannelObject["parameters"] {
  const names = [...name.matchAll(/\{(.*?)\}/gu)].map((match) => match[1] ?? "");
  if (names.length === 0 || !isAddress(name)) return undefined;
  return Object.fromEntries(
    names.map((one) => [one, { description: `Stands for “${one}” in the address.` }]),
  );
}

// What the bindings have no field for: the kind of the channel, its settings, and which channels it feeds.
function channelExtension(plan: Plan, channel: Channel): Extension {
  const { scenario } = plan;
  const feeds = scenario.connections
    .filter((one) => one.kind === "bind")
    .filter((one) => one.from === channel.id)
    .map((one) => feed(plan, one));
  const settings = statedParameters(scenario, channel.id);
  return withoutGaps({
    kind: channel.kind,
    ...(plan.embed
      ? { channel: channel.id, ...aboutElement(channel, addressLens(channel.id)) }
      : { parameters: Object.keys(settings).length > 0 ? settings : undefined }),
    feeds: feeds.length > 0 ? feeds : undefined,
  });
}

function feed({ scenario, embed }: Plan, one: BindConnection): Extension {
  if (embed) {
    const { description } = one;
    return withoutGaps({
      channel: one.to,
      connection: one.id,
      description,
      ...aboutElement(one),
    });
  }
  const parameters = statedParameters(scenario, one.id);
  return withoutGaps({
    channel: one.to,
    parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
  });
}

function requestChannel(
  plan: Plan,
  { service, contract }: Request,
  messages: ChannelObject["messages"],
): ChannelObject {
  return {
    address: `/${encodeURIComponent(messageKey(plan.keys, contract.id))}`,
    title: `${contract.name} of ${nameOf(plan.scenario, service.id)}`,
    servers: [refTo("servers", service.id)],
    messages,
    ...(plan.embed && { "x-spillway": { answeredBy: service.id } }),
  };
}
