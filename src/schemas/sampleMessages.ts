// Sample messages of a contract as they travel: payload, headers and key, with the envelope of a CloudEvent where the
// contract has one. Payloads stand as JSON, also those that travel as Avro or Protobuf.

import { fail, type Result, succeed } from "../base/result.ts";
import { formatOf } from "../model/contracts.ts";
import { isObject } from "../model/equal.ts";
import type { Contract, ContractVersion } from "../model/scenario.ts";
import { type Attributes, inHeaders, structuredContentType, toSource } from "./cloudEvents.ts";
import type { Fit } from "./json/validate.ts";
import { type Language, languageFacts } from "./languages.ts";
import { jsonSamplesOf, type Sample, samplesOf } from "./samples.ts";

/** A message as it travels. */
export interface SampleMessage {
  /** With the content type where the protocol keeps it among them (Kafka, HTTP). */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly contentType: string;
  readonly payload: unknown;
  /** The payload, or the event around it. */
  readonly body: unknown;
  /** The part of the payload that is the key; absent where there is none. */
  readonly key?: unknown;
  /** Whether payload and headers fit their schemas: the worse of both. */
  readonly verdict: Fit["verdict"];
}

/** What messages are asked for. */
export interface MessageRequest {
  readonly contract: Contract;
  readonly version: ContractVersion;
  /** The language of the contract. */
  readonly language: Language;
  /** As AsyncAPI calls it: "kafka", "amqp" (RabbitMQ) or "http". */
  readonly protocol: string;
  /** Who sends it: the `source` of a CloudEvent, such as "/checkout". */
  readonly source: string;
  /** Any whole number; equal seeds give equal messages. */
  readonly seed: number;
  /** How many, up to 1000. */
  readonly count: number;
}

/** Messages of a version of a contract; the failure is a sentence. */
export function messagesOf(request: MessageRequest): Result<readonly SampleMessage[], string> {
  const { version, language, seed, count } = request;
  const payloads = samplesOf({ language, schema: version.schema, seed, count });
  const headers = jsonSamplesOf(version.headers ?? { const: {} }, seed, count);
  const attributes = jsonSamplesOf(attributeSchema, seed, count);
  if (!payloads.ok) return payloads;
  if (!headers.ok) return fail(`Headers: ${headers.failure}`);
  if (!attributes.ok) return attributes;
  const messages = payloads.value.map((payload, index) =>
    message(request, { payload, headers: headers.value[index], own: attributes.value[index] }),
  );
  return succeed(messages);
}

/** What differs from event to event. */
const attributeSchema = {
  type: "object",
  properties: {
    id: { type: "string", format: "uuid" },
    time: { type: "string", format: "date-time" },
  },
  required: ["id", "time"],
};

interface Parts {
  readonly payload: Sample;
  readonly headers: Sample | undefined;
  readonly own: Sample | undefined;
}

function message(request: MessageRequest, { payload, headers, own }: Parts): SampleMessage {
  const { contract, protocol } = request;
  const { contentType } = languageFacts[formatOf(contract)];
  const key = contract.key === undefined ? undefined : partAt(payload.value, contract.key);
  const attributes = attributesOf(request, own?.value, key);
  const isEvent = contract.envelope === "structured";
  const type = isEvent ? structuredContentType : contentType;
  return {
    headers: {
      ...(isObject(headers?.value) ? headers.value : {}),
      ...(contract.envelope === "binary" ? inHeaders(attributes, protocol) : {}),
      ...contentTypeHeader(protocol, type),
    },
    contentType: type,
    payload: payload.value,
    // Inside an event the payload stands as JSON, whatever its language.
    body: isEvent
      ? { ...attributes, datacontenttype: "application/json", data: payload.value }
      : payload.value,
    ...(key === undefined ? {} : { key }),
    verdict: worse(payload.fit.verdict, headers?.fit.verdict ?? "fits"),
  };
}

function attributesOf(
  { contract, source }: MessageRequest,
  own: unknown,
  key: unknown,
): Attributes {
  const { id, time } = isObject(own) ? own : {};
  return {
    specversion: "1.0",
    id: String(id),
    source: toSource(source),
    type: contract.name,
    time: String(time),
    ...(typeof key === "string" && key !== "" ? { subject: key } : {}),
  };
}

// RabbitMQ keeps it in a property of its own.
function contentTypeHeader(
  protocol: string,
  contentType: string,
): Readonly<Record<string, string>> {
  if (protocol === "kafka") return { "content-type": contentType };
  return protocol === "http" ? { "Content-Type": contentType } : {};
}

function worse(a: Fit["verdict"], b: Fit["verdict"]): Fit["verdict"] {
  if (a === "misfit" || b === "misfit") return "misfit";
  return a === "unknown" ? a : b;
}

/** The part of a value to which a JSON Pointer leads. */
function partAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!(isObject(at) || Array.isArray(at)) || !Object.hasOwn(at, name)) return undefined;
    at = Object.entries(at).find(([key]) => key === name)?.[1];
  }
  return at;
}
