// Sample messages: the SDK of CloudEvents reads the events in them, over Kafka and HTTP, in both modes.

import { type CloudEvent, HTTP, Kafka } from "cloudevents";
import { describe, expect, test } from "vitest";
import type { Contract } from "../model/scenario.ts";
import { allLanguages } from "./allLanguages.ts";
import { inHeaders } from "./cloudEvents.ts";
import { messagesOf, type SampleMessage } from "./sampleMessages.ts";

const contract: Contract = {
  id: "order-placed",
  name: "OrderPlaced",
  contractVersion: "1.0.0",
  key: "/order/id",
  schema: {
    type: "object",
    properties: {
      order: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      total: { type: "number", minimum: 0 },
    },
    required: ["order", "total"],
  },
  headers: { type: "object", properties: { trace: { const: "on" } }, required: ["trace"] },
};

function messages(envelope: Contract["envelope"], protocol: string): readonly SampleMessage[] {
  const made = messagesOf({
    contract: envelope === undefined ? contract : { ...contract, envelope },
    version: contract,
    language: allLanguages["json-schema"],
    protocol,
    source: "/shop front/ä\uD800",
    seed: 5,
    count: 10,
  });
  if (!made.ok) throw new Error(made.failure);
  return made.value;
}

test("without envelope a message is its payload and its own headers", () => {
  for (const { headers, body, key, contentType, verdict } of messages(undefined, "amqp")) {
    expect(headers).toEqual({ trace: "on" });
    expect(body).toMatchObject({ order: { id: key } });
    expect(contentType).toBe("application/json");
    expect(verdict).toBe("fits");
  }
});

test("attributes stand in headers as each protocol names them", () => {
  const [kafka] = messages("binary", "kafka");
  expect(kafka?.headers).toMatchObject({
    trace: "on",
    "content-type": "application/json",
    ce_specversion: "1.0",
    ce_type: "OrderPlaced",
    ce_source: "/shop%20front/%C3%A4",
    ce_subject: kafka?.key,
  });
  expect(kafka?.headers).not.toHaveProperty("ce_datacontenttype");
  const [rabbit] = messages("binary", "amqp");
  expect(rabbit?.headers).toMatchObject({ "ce-type": "OrderPlaced" });
  expect(rabbit?.headers).not.toHaveProperty("content-type");
  const [http] = messages("binary", "http");
  expect(http?.headers).toMatchObject({ "Content-Type": "application/json" });
  expect(inHeaders({ type: 'ä "100%" 🍜' }, "http")).toEqual({
    "ce-type": "%C3%A4%20%22100%25%22%20%F0%9F%8D%9C",
  });
});

describe("the SDK reads", () => {
  test.each(["binary", "structured"] as const)("events over Kafka in %s mode", (envelope) => {
    for (const { headers, body } of messages(envelope, "kafka")) {
      const value = envelope === "structured" ? JSON.stringify(body) : body;
      const sent = { headers: headers as Record<string, string>, body: value, value };
      const read = Kafka.toEvent(sent);
      expectEvent(read as CloudEvent, body, envelope);
    }
  });

  test.each(["binary", "structured"] as const)("events over HTTP in %s mode", (envelope) => {
    for (const { headers, body } of messages(envelope, "http"))
      expectEvent(
        HTTP.toEvent({
          headers: headers as Record<string, string>,
          body: JSON.stringify(body),
        }) as CloudEvent,
        body,
        envelope,
      );
  });
});

function expectEvent(event: CloudEvent, body: unknown, envelope: string): void {
  expect(event.validate()).toBe(true);
  expect(event.type).toBe("OrderPlaced");
  const data = envelope === "structured" ? (body as { readonly data: unknown }).data : body;
  expect(event.data).toEqual(data);
  expect(event.subject).toBe((data as { readonly order: { readonly id: string } }).order.id);
}

test("equal seeds give equal messages, and every message its own id", () => {
  expect(messages("binary", "kafka")).toEqual(messages("binary", "kafka"));
  const ids = messages("structured", "kafka").map(({ body }) => (body as { id: string }).id);
  expect(new Set(ids).size).toBe(10);
});

test("a schema that cannot be sampled gives a sentence", () => {
  const broken: Contract = { ...contract, headers: { not: {}, $ref: "#" } };
  const request = {
    language: allLanguages.avro,
    protocol: "kafka",
    source: "/a",
    seed: 1,
    count: 1,
  };
  const avro = messagesOf({ ...request, contract: broken, version: broken });
  expect(avro).toEqual({ ok: false, failure: "The schema has errors. Correct them first." });
});
