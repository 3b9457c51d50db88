// AsyncAPI 2.6 from a document of version 3. The official converter only goes up, so this is a mapping of our own, for
// the documents that we write: operations become `subscribe` (the application sends) and `publish` (it receives) of a
// channel whose key is its address; a channel has one of each, so that several of a kind become one with all messages.

import { isObject } from "../model/equal.ts";
import {
  type AsyncApiDocument,
  type ChannelObject,
  type Extension,
  type MessageObject,
  type OperationObject,
  refTo,
  type ServerObject,
  withoutGaps,
} from "./document.ts";
import { freeKey } from "./messageKeys.ts";

/** A document of version 2.6.0; only its sections are told apart. */
export interface OlderDocument {
  readonly asyncapi: "2.6.0";
  readonly id: string;
  readonly info: object;
  readonly tags: readonly object[];
  readonly defaultContentType: string;
  readonly servers?: Readonly<Record<string, object>>;
  readonly channels: Readonly<Record<string, object>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** The same in version 2.6.0. Messages that no operation mentions are left out, because tools complain about them. */
export function olderDocument(document: AsyncApiDocument, id: string): OlderDocument {
  const { tags, ...info } = document.info;
  const groups = channelGroups(document);
  const uses: Uses = new Map();
  const channels = Object.fromEntries(
    [...groups].map(([address, group]) => [address, channelItem(document, group, uses)]),
  );
  const components = componentsOf(document, uses);
  return withoutGaps({
    asyncapi: "2.6.0",
    id: `urn:spillway:${id}`,
    info,
    tags,
    defaultContentType: document.defaultContentType,
    servers: document.servers && mapValues(document.servers, serverOf),
    channels,
    components: Object.keys(components).length > 0 ? components : undefined,
  } as const);
}

/** Key of a message here → its key in version 3. Where several operations have the same message, each has one of its own,
 *  because tools take an identifier of a message that occurs twice for an error. */
type Uses = Map<string, string>;

function useOf(uses: Uses, key: string, operation: string): string {
  const own = uses.has(key) ? `${key}.${operation}` : key;
  uses.set(own, key);
  return own;
}

interface Channel {
  readonly key: string;
  readonly channel: ChannelObject;
}

// In 2.6 the address is the key: what has the same address on several servers is one channel.
function channelGroups(document: AsyncApiDocument): ReadonlyMap<string, readonly Channel[]> {
  const groups = new Map<string, Channel[]>();
  const entries = Object.entries(document.channels);
  const addresses = new Set(entries.map(([, channel]) => templateOf(channel) ?? ""));
  for (const [key, channel] of entries) {
    const address = templateOf(channel) ?? freeKey(key, addresses);
    const group = groups.get(address);
    if (group === undefined) groups.set(address, [{ key, channel }]);
    else group.push({ key, channel });
  }
  return groups;
}

// A key is a URI template (RFC 6570) without query and fragment. An address that is none, such as one with spaces, stands
// under the id of its channel instead: tools lose their way where a key is escaped.
function templateOf({ address }: ChannelObject): string | undefined {
  if (address === null || !template.test(address)) return undefined;
  if (address.startsWith("$") || /.\/$/u.test(address)) return undefined;
  return address.replace(/\{[\w-]+\}/gu, variableOf);
}

const template = /^(?:[^\p{Cc}\s"'%<>\\^`{|}?#]|\{[\w-]+\})+$/u;

// A variable of a template may not have a hyphen.
function variableOf(name: string): string {
  return name.replaceAll("-", "_");
}

function serverOf({ host, protocol, protocolVersion, title, ...rest }: ServerObject): object {
  const { description = title, security, bindings, "x-spillway": extension } = rest;
  return withoutGaps({
    url: host,
    protocol,
    protocolVersion,
    description,
    security: security?.map((scheme) => ({ [lastStep(scheme)]: [] })),
    bindings,
    "x-spillway": extension,
  });
}

function channelItem(document: AsyncApiDocument, group: readonly Channel[], uses: Uses): object {
  const channels = group.map(({ channel }) => channel);
  const [first] = channels;
  const extension = group[0] && extensionOf(group[0]);
  const servers = channels.flatMap(({ servers: names = [] }) => names.map(lastStep));
  const bindings = Object.fromEntries(
    channels.toReversed().flatMap((channel) => Object.entries(channel.bindings ?? {})),
  );
  return withoutGaps({
    description: first?.description ?? first?.title,
    servers: servers.length > 0 ? [...new Set(servers)] : undefined,
    subscribe: operationOf(document, deedsAt(document, group, "send"), uses),
    publish: operationOf(document, deedsAt(document, group, "receive"), uses),
    parameters: first?.parameters && parametersOf(first.parameters),
    bindings: Object.keys(bindings).length > 0 ? bindings : undefined,
    "x-spillway": extension,
  });
}

// The address where the key is none.
function extensionOf({ channel }: Channel): Extension | undefined {
  const { address, "x-spillway": extension } = channel;
  if (address === null || templateOf(channel) === address) return extension;
  return { address, ...extension };
}

function parametersOf(parameters: NonNullable<ChannelObject["parameters"]>): object {
  const entries = Object.entries(parameters).map(
    ([name, parameter]) =>
      [variableOf(name), { ...parameter, schema: { type: "string" } }] as const,
  );
  return Object.fromEntries(entries);
}

/** What becomes part of an operation: one of version 3, or the other half of a request. */
interface Deed {
  readonly key: string;
  readonly messages: readonly string[];
  readonly operation: Partial<OperationObject>;
}

// The answer to a request passes the same channel the other way.
function deedsAt(
  document: AsyncApiDocument,
  group: readonly Channel[],
  action: OperationObject["action"],
): readonly Deed[] {
  const references = new Set(group.map(({ key }) => refTo("channels", key).$ref));
  return Object.entries(document.operations ?? {})
    .filter(([, { channel }]) => references.has(channel.$ref))
    .flatMap(([key, operation]) => {
      if (operation.action === action)
        return [{ key, messages: (operation.messages ?? []).map(lastStep), operation }];
      if (operation.reply === undefined) return [];
      const { title } = operation;
      const reply = { ...(title !== undefined && { title: `${title}: the answer` }) };
      return [
        { key: `${key}-reply`, messages: operation.reply.messages.map(lastStep), operation: reply },
      ];
    });
}

function operationOf(
  document: AsyncApiDocument,
  deeds: readonly Deed[],
  uses: Uses,
): object | undefined {
  const [first] = deeds;
  if (first === undefined) return undefined;
  const operations = deeds.map(({ operation }) => operation);
  const messages = [...new Set(deeds.flatMap((deed) => deed.messages))].map((key) =>
    refTo("components", "messages", useOf(uses, key, first.key)),
  );
  const tags = operations.flatMap((operation) => operation.tags ?? []);
  const deadLetter = operations.find((operation) => operation["x-deadLetter"])?.["x-deadLetter"];
  return withoutGaps({
    operationId: first.key,
    summary: joined(
      operations.map(({ title }) => title),
      "; ",
    ),
    description: joined(
      operations.map(({ description }) => description),
      "\n\n",
    ),
    tags: tags.length > 0 ? [...new Map(tags.map((tag) => [tag.name, tag])).values()] : undefined,
    bindings: operations.find(({ bindings }) => bindings)?.bindings,
    message:
      messages.length === 1 ? messages[0] : messages.length > 1 ? { oneOf: messages } : undefined,
    "x-retry": operations.find((operation) => operation["x-retry"])?.["x-retry"],
    "x-deadLetter": deadLetter && deadLetterOf(document, deadLetter),
    "x-spillway":
      deeds.length === 1
        ? first.operation["x-spillway"]
        : { operations: deeds.map(({ key }) => key) },
  });
}

function deadLetterOf(document: AsyncApiDocument, route: Extension): Extension {
  const key = lastStep(route["channel"]);
  const channel = document.channels[key];
  const messages = Array.isArray(route["messages"]) ? route["messages"] : [];
  return {
    channel: channel?.address ?? key,
    messages: messages.map(lastStep),
  };
}

function joined(texts: readonly (string | undefined)[], between: string): string | undefined {
  const present = [...new Set(texts)].filter((text) => text !== undefined);
  return present.length > 0 ? present.join(between) : undefined;
}

function componentsOf(
  document: AsyncApiDocument,
  uses: Uses,
): NonNullable<OlderDocument["components"]> {
  const {
    messages = {},
    schemas = {},
    messageTraits = {},
    securitySchemes = {},
  } = document.components ?? {};
  const used = [...uses].flatMap(([key, original]) => {
    const message = messages[original];
    return message === undefined ? [] : [[key, messageOf(key, message, schemas)] as const];
  });
  const mentioned = referredIn(used);
  const traits = Object.entries(messageTraits).filter(([key]) =>
    mentioned.has(`messageTraits/${key}`),
  );
  const referred = referredIn([used, traits]);
  const shared = Object.entries(schemas).filter(([, schema]) => !isMultiFormat(schema));
  const components = {
    messages: used,
    schemas: shared.filter(([key]) => referred.has(`schemas/${key}`)),
    messageTraits: traits,
    securitySchemes: Object.entries(securitySchemes),
  };
  return Object.fromEntries(
    Object.entries(components)
      .filter(([, entries]) => entries.length > 0)
      .map(([kind, entries]: [string, readonly (readonly [string, object])[]]) => [
        kind,
        Object.fromEntries(entries),
      ]),
  );
}

/** The components to which data refers, such as "schemas/Order". */
function referredIn(data: unknown): ReadonlySet<string> {
  const references = JSON.stringify(data).matchAll(/"#\/components\/(\w+\/[^"/]+)/gu);
  return new Set([...references].map(([, component = ""]) => component));
}

// In 2.6 the language stands beside the payload, and only JSON Schema can be shared.
function messageOf(
  key: string,
  { payload, examples, ...message }: MessageObject,
  schemas: Readonly<Record<string, object>>,
): object {
  const { "x-spillway": extension, bindings, traits, ...head } = message;
  const schema = isObject(payload) ? schemas[lastStep(payload)] : undefined;
  const isForeign = schema !== undefined && isMultiFormat(schema);
  return withoutGaps({
    messageId: key,
    ...head,
    schemaFormat: isForeign ? schema.schemaFormat : undefined,
    payload: isForeign ? schema.schema : inlined(payload, schemas),
    traits,
    bindings,
    // Tools read examples as JSON, which payloads in other languages are not.
    examples: isForeign ? undefined : examples,
    "x-spillway": extension,
  });
}

/** A payload in which references to schemas of other languages are replaced by these. */
function inlined(part: unknown, schemas: Readonly<Record<string, object>>): unknown {
  if (Array.isArray(part)) return part.map((one: unknown) => inlined(one, schemas));
  if (!isObject(part)) return part;
  const schema = typeof part["$ref"] === "string" ? schemas[lastStep(part)] : undefined;
  if (schema !== undefined && isMultiFormat(schema)) return schema;
  return mapValues(part, (one) => inlined(one, schemas));
}

function isMultiFormat(
  schema: object,
): schema is { readonly schemaFormat: string; readonly schema: unknown } {
  return "schemaFormat" in schema && "schema" in schema;
}

/** The last step of a reference: the key of what it refers to. */
function lastStep(reference: unknown): string {
  const pointer = isObject(reference) ? reference["$ref"] : undefined;
  const step = typeof pointer === "string" ? pointer.slice(pointer.lastIndexOf("/") + 1) : "";
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

function mapValues<Value, Mapped>(
  object: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Readonly<Record<string, Mapped>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
