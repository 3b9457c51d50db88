// CloudEvents 1.0.2: structured events are an envelope around the payload, binary ones have their attributes in headers,
// named as each protocol wants it. The schemas are made to stand in AsyncAPI documents, after the working draft
// “AsyncAPI with CloudEvents”; nothing is referred to in the network.

import { format as formatChecks } from "@cfworker/json-schema";

/** The schema of an event in structured mode, after https://cloudevents.io JSON format 1.0.2. */
export const cloudEventSchema = {
  type: "object",
  description: "A CloudEvent 1.0 in JSON.",
  required: ["id", "source", "specversion", "type"],
  properties: {
    id: { type: "string", minLength: 1, description: "Identifies the event together with source." },
    source: { type: "string", format: "uri-reference", minLength: 1 },
    specversion: { type: "string", const: "1.0" },
    type: { type: "string", minLength: 1 },
    datacontenttype: { type: "string", minLength: 1 },
    dataschema: { type: "string", format: "uri", minLength: 1 },
    subject: { type: "string", minLength: 1 },
    time: { type: "string", format: "date-time" },
  },
} as const;

/** The content type of structured events. */
export const structuredContentType = "application/cloudevents+json";

// RabbitMQ has no official CloudEvents binding; this is the one that the specification lists (Knative's).
const prefixes: Readonly<Record<string, string>> = { kafka: "ce_", amqp: "ce-", http: "ce-" };

/** What stands before the name of an attribute in the headers of a protocol. */
export function attributePrefix(protocol: string): string {
  return prefixes[protocol] ?? "ce-";
}

/** The headers of events in binary mode over a protocol. */
export function attributeHeaders(protocol: string): object {
  const prefix = attributePrefix(protocol);
  const { id, source, specversion, type, dataschema, subject, time } = cloudEventSchema.properties;
  const attributes = { id, source, specversion, type, dataschema, subject, time };
  return {
    type: "object",
    required: cloudEventSchema.required.map((name) => prefix + name),
    properties: Object.fromEntries(
      Object.entries(attributes).map(([name, schema]) => [prefix + name, schema]),
    ),
  };
}

/** The attributes of an event. */
export type Attributes = Readonly<Record<string, string>>;

/** The attributes of an event in binary mode as headers of a protocol, without its content type. */
export function inHeaders(attributes: Attributes, protocol: string): Attributes {
  const prefix = attributePrefix(protocol);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      prefix + name,
      protocol === "http" ? percentEncoded(value) : value,
    ]),
  );
}

/** A text as the `source` of events: itself where it is a reference already, otherwise encoded. */
export function toSource(text: string): string {
  return formatChecks["uri-reference"]?.(text) === true ? text : encodeURI(wellFormed(text));
}

// Half a pair of surrogates is no character and cannot be encoded.
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "");
}

// HTTP protocol binding 1.0.2, section 3.1.3.2: printable ASCII stands for itself, but not space, quote and percent.
function percentEncoded(value: string): string {
  return wellFormed(value).replaceAll(/[^!#$&-~]+/gu, encodeURIComponent);
}

/** The attributes that every event has, for examples. */
export function requiredAttributes(type: string): Readonly<Record<string, string>> {
  return { specversion: "1.0", id: "1", source: "/example", type };
}
