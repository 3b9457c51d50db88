// Messages of AsyncAPI documents and the schemas that they refer to: one for each version of an event, with envelope,
// headers, key and examples, and the answers to requests.

import { formatOf, versionsOf } from "../model/contracts.ts";
import { channelOf } from "../model/elements.ts";
import { isObject } from "../model/equal.ts";
import { manualOf } from "../model/manual.ts";
import type { Contract, ContractVersion } from "../model/scenario.ts";
import { quotedExtension } from "./carried.ts";
import {
  type Bindings,
  type Components,
  type Extension,
  type MessageObject,
  refTo,
  type Tag,
  withoutGaps,
} from "./document.ts";
import {
  attributeHeaders,
  cloudEventSchema,
  structuredContentType,
} from "../schemas/cloudEvents.ts";
import { examplesLens } from "./examples.ts";
import { headersLens } from "./headers.ts";
import { type Lens, originalOf } from "./lens.ts";
import { messageKey } from "./messageKeys.ts";
import { contentTypeOf, headAndBody, schemaLens } from "./payloads.ts";
import type { Plan } from "./routes.ts";

/** A contract in one of its versions, and the message that stands for it. */
export interface MessageSource {
  readonly plan: Plan;
  readonly contract: Contract;
  readonly version: ContractVersion;
  readonly key: string;
  /** Protocols over which it travels, by the keys of their bindings. */
  readonly protocols: readonly string[];
}

/** The definitions of the messages with these keys: the messages, their schemas, and what these refer to. */
export function componentsOf(plan: Plan, used: ReadonlySet<string>): Components {
  const contracts = plan.scenario.contracts.filter(({ id }) => isMentioned(plan, id, used));
  const sources = contracts.flatMap((contract) =>
    sourcesOf(plan, contract).filter(({ key }) => used.has(key)),
  );
  const messages = new Map(sources.map((source) => [source.key, messageObject(source)]));
  for (const contract of contracts) {
    const key = plan.keys.replies.get(contract.id) ?? "";
    if (used.has(key)) messages.set(key, replyObject(contract));
  }
  const order = [...messages].sort(
    ([a], [b]) => (plan.keys.places.get(a) ?? 0) - (plan.keys.places.get(b) ?? 0),
  );
  const envelopes = envelopesOf(plan, sources);
  return withoutGaps({
    messages: Object.fromEntries(order),
    schemas: {
      ...envelopes.schemas,
      ...Object.fromEntries(
        sources.map(
          ({ key, contract, version }) =>
            [key, schemaLens(formatOf(contract), schemaPlace(key)).write(version.schema)] as const,
        ),
      ),
    },
    messageTraits: envelopes.messageTraits,
  });
}

function isMentioned({ keys }: Plan, contract: string, used: ReadonlySet<string>): boolean {
  if (used.has(keys.replies.get(contract) ?? "")) return true;
  for (const key of keys.versions.get(contract)?.values() ?? []) if (used.has(key)) return true;
  return false;
}

/** Where the schema of a message stands. */
export function schemaPlace(key: string): string {
  return `#/components/schemas/${key}`;
}

/** The messages of a contract, one for each version, the newest first. */
export function sourcesOf(plan: Plan, contract: Contract): readonly MessageSource[] {
  const protocols = protocolsOf(plan, contract.id);
  const seen = new Set<string>();
  return versionsOf(contract)
    .toReversed()
    .filter(({ contractVersion: name }) => !seen.has(name) && seen.add(name))
    .map((version) => {
      const key = messageKey(plan.keys, contract.id, version.contractVersion);
      return { plan, contract, version, key, protocols };
    });
}

function protocolsOf(plan: Plan, contract: string): readonly string[] {
  const keys = (plan.carriers.get(contract) ?? []).map((one) =>
    one.kind === "call" ? "http" : manualOf(plan.scenario, one.id)?.asyncapi.key,
  );
  return [...new Set(keys)].filter((key) => key !== undefined);
}

/** Keys of the definitions of the attributes of an event: one for each protocol over which it travels. */
function attributeKeysOf({ plan, contract, protocols }: MessageSource): readonly string[] {
  if (contract.envelope !== "binary") return [];
  return protocols.map((protocol) => `${plan.keys.cloudEvent}.${protocol}`);
}

/** What messages in envelopes refer to. */
function envelopesOf(
  plan: Plan,
  sources: readonly MessageSource[],
): Pick<Components, "schemas" | "messageTraits"> {
  const isEnveloped = sources.some(({ contract }) => contract.envelope === "structured");
  const headers = new Map(
    sources.flatMap((source) =>
      attributeKeysOf(source).map((key, index) => [key, source.protocols[index] ?? ""] as const),
    ),
  );
  const traits = new Set(
    sources
      .filter(({ version }) => version.headers === undefined)
      .map(attributeKeysOf)
      .filter((keys) => keys.length === 1)
      .flat(),
  );
  return withoutGaps({
    schemas: {
      ...(isEnveloped && { [plan.keys.cloudEvent]: cloudEventSchema }),
      ...Object.fromEntries(
        [...headers].map(([key, protocol]) => [key, attributeHeaders(protocol)] as const),
      ),
    },
    messageTraits:
      traits.size === 0
        ? undefined
        : Object.fromEntries(
            [...traits].map(
              (key) => [key, { headers: refTo("components", "schemas", key) }] as const,
            ),
          ),
  });
}

function messageObject(source: MessageSource): MessageObject {
  const { plan, contract, version, key } = source;
  const bindings = messageBindings(source);
  const { examples, said } = lensesOf(source);
  const { traits, headers } = said.write(version.headers);
  return withoutGaps({
    name: contract.name,
    title: titleOf(contract, version),
    description: contract.description,
    tags: tagsLens(contract.deprecated).write(contract.tags),
    contentType:
      contract.envelope === "structured"
        ? structuredContentType
        : contentTypeOf(formatOf(contract)),
    correlationId: correlationOf(contract, version),
    headers,
    payload: payloadOf(plan, contract, key),
    traits,
    bindings: Object.keys(bindings).length > 0 ? bindings : undefined,
    examples: examples.write(version.examples),
    "x-spillway": messageExtension(source),
  });
}

function titleOf(contract: Contract, version: ContractVersion): string | undefined {
  const title = isObject(version.schema) ? version.schema["title"] : undefined;
  const own = typeof title === "string" && title !== "" ? title : undefined;
  if (contract.earlier === undefined || contract.earlier.length === 0) return own;
  return `${own ?? contract.name} ${version.contractVersion}`;
}

/** The sentence at the tag of what should no longer be used. */
const deprecation = "Not to be used for anything new.";

/** The tags of a contract on its messages, each once; what is deprecated has a tag that says so. */
export function tagsLens(deprecated = false): Lens<Contract["tags"], readonly Tag[] | undefined> {
  return {
    write: (tags = []) => {
      const own: Tag[] = [...new Set(tags)].map((name) => ({ name }));
      if (deprecated && !tags.includes("deprecated"))
        own.push({ name: "deprecated", description: deprecation });
      return own.length > 0 ? own : undefined;
    },
    read: (said) => {
      if (!Array.isArray(said)) return undefined;
      const own = said.filter(isObject).filter((tag) => tag["description"] !== deprecation);
      const names = own.map(({ name }) => name).filter((name) => typeof name === "string");
      return names.length > 0 ? names : undefined;
    },
  };
}

function correlationOf(
  contract: Contract,
  version: ContractVersion,
): MessageObject["correlationId"] {
  const inHeaders = correlationName(version.headers);
  if (inHeaders !== undefined) return { location: `$message.header#/${inHeaders}` };
  const inPayload =
    formatOf(contract) === "json-schema" ? correlationName(version.schema) : undefined;
  if (inPayload === undefined) return undefined;
  const data = contract.envelope === "structured" ? "/data" : "";
  return { location: `$message.payload#${data}/${inPayload}` };
}

function correlationName(schema: unknown): string | undefined {
  const properties = isObject(schema) ? schema["properties"] : undefined;
  if (!isObject(properties)) return undefined;
  return Object.keys(properties).find((name) => /^(?:x-)?correlation[-_]?id$/iu.test(name));
}

function payloadOf(plan: Plan, { name, envelope, ...contract }: Contract, key: string): object {
  const schema = refTo("components", "schemas", key);
  if (envelope !== "structured") return schema;
  const format = contract.format ?? "json-schema";
  // Binary payloads travel as base64 inside an event in JSON.
  const data =
    format === "json-schema"
      ? { data: schema }
      : { data_base64: { type: "string", contentEncoding: "base64", "x-schema": schema } };
  const content = {
    type: "object",
    required: Object.keys(data),
    properties: {
      type: { const: name },
      datacontenttype: { const: contentTypeOf(format) },
      ...data,
    },
  };
  return { allOf: [refTo("components", "schemas", plan.keys.cloudEvent), content] };
}

// One message may travel over several technologies; where two publishers of one technology differ, the first counts.
function messageBindings({ plan, contract, version, key }: MessageSource): Bindings {
  const bindings: Record<string, object> = {};
  for (const one of plan.carriers.get(contract.id) ?? []) {
    const asyncapi = manualOf(plan.scenario, one.id)?.asyncapi;
    if (asyncapi === undefined || bindings[asyncapi.key] !== undefined) continue;
    const config = plan.brokers.get(channelOf(plan.scenario, one.to)?.broker ?? "");
    const publisher = config?.publishers.find(({ id }) => id === one.id);
    const content = config && publisher && asyncapi.message?.(config, publisher);
    if (content !== undefined)
      bindings[asyncapi.key] = withKey(content, contract, { version, key });
  }
  return bindings;
}

// Kafka's message binding has a schema for the key: the part of the payload that is the key, where it is described.
function withKey(
  content: object,
  contract: Contract,
  { version, key }: { readonly version: ContractVersion; readonly key: string },
): object {
  if (!("key" in content) || contract.key === undefined) return content;
  const place =
    formatOf(contract) === "json-schema" ? partAt(version.schema, contract.key) : undefined;
  if (place === undefined) return content;
  return { ...content, key: { $ref: schemaPlace(key) + place } };
}

/** Where the schema of a part of the payload stands, as a pointer into the schema of the whole. */
function partAt(schema: unknown, pointer: string): string | undefined {
  let at: unknown = schema;
  let place = "";
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const properties: unknown = isObject(at) ? at["properties"] : undefined;
    if (!isObject(properties) || !Object.hasOwn(properties, name)) return undefined;
    at = properties[name];
    place += `/properties/${step}`;
  }
  return place === "" || !isObject(at) ? undefined : encodeURI(place);
}

function messageExtension(source: MessageSource): Extension {
  const { plan, contract, version } = source;
  const { owner, key, envelope, deprecated } = contract;
  return quotedExtension({
    contract: contract.id,
    contractVersion: version.contractVersion,
    owner,
    key,
    envelope,
    deprecated,
    ...(plan.embed && carriedOf(source)),
  });
}

function lensesOf(source: MessageSource) {
  const { contract, version, key, protocols } = source;
  return {
    schema: schemaLens(formatOf(contract), schemaPlace(key)),
    said: headersLens(key, attributeKeysOf(source)),
    examples: examplesLens(contract, version, protocols.at(0)),
  };
}

/** What messages say of their contracts, so that it is not carried beside, or not like this. */
const said = "id name description format tags earlier schema headers examples".split(" ");

// What the message does not say, or says less exactly.
function carriedOf(source: MessageSource): object {
  const { contract, version } = source;
  const { schema, said: headers, examples } = lensesOf(source);
  const isJson = formatOf(contract) === "json-schema" && isObject(version.schema);
  const { head, body } = isJson
    ? headAndBody(version.schema)
    : { head: undefined, body: version.schema };
  const rest = Object.entries(version).filter(([key]) => !said.includes(key));
  return {
    ...Object.fromEntries(rest),
    ...(version.contractVersion === contract.contractVersion && {
      format: contract.format === "json-schema" ? contract.format : undefined,
      tags: originalOf(tagsLens(contract.deprecated), contract.tags),
    }),
    schemaHead: head,
    schema: originalOf(schema, body),
    headers: originalOf(headers, version.headers),
    examples: originalOf(examples, version.examples),
  };
}

// A scenario says that a request is answered, not what the answer looks like.
function replyObject(contract: Contract): MessageObject {
  return {
    name: `${contract.name}.reply`,
    description: `The answer to ${contract.name}. The scenario does not describe its content.`,
    bindings: { http: { statusCode: 200, bindingVersion: "0.3.0" } },
  };
}
