// AsyncAPI exports say what the scenario says. That tools accept them is shown in validity.test.ts.

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { exportApplications, exportCatalogue, exportSystem } from "./asyncapi.ts";
import { documentFiles } from "./files.ts";
import { rich } from "./rich.suite.ts";
import { awkward, manyChannels } from "./sample.suite.ts";
import { writeDocument } from "./yaml.ts";

describe.each([...scenarios, awkward, rich].map((one) => [one.id, one] as const))(
  "%s",
  (_id, scenario) => {
    test("says the same in YAML and in JSON", () => {
      const document = exportSystem(scenario, { embed: true });
      const yaml: unknown = parse(writeDocument(document, "yaml"));
      expect(yaml).toEqual(JSON.parse(writeDocument(document, "json")));
    });

    test("has every operation in exactly one application document", () => {
      const system = Object.keys(exportSystem(scenario).operations ?? {});
      const parts = exportApplications(scenario).flatMap(({ document }) =>
        Object.keys(document.operations ?? {}),
      );
      expect(parts.toSorted()).toEqual(system.toSorted());
    });

    test("defines the same in every layout", () => {
      const system = exportSystem(scenario);
      const catalogue = exportCatalogue(scenario);
      expect(catalogue.operations).toBeUndefined();
      expect(catalogue.components).toEqual(system.components);
      expect(Object.keys(catalogue.channels)).toEqual(Object.keys(system.channels));
      for (const { document } of exportApplications(scenario))
        for (const [key, message] of Object.entries(document.components?.messages ?? {}))
          expect(message).toEqual(system.components?.messages[key]);
    });
  },
);

test("500 channels are written within two seconds", () => {
  const large = manyChannels(500);
  const start = performance.now();
  const [file] = documentFiles(large, { format: "yaml" });
  const spent = performance.now() - start;
  expect(file?.text.length).toBeGreaterThan(500_000);
  // Ten times as long as alone on this machine: others may be using it.
  expect(spent).toBeLessThan(20_000);
});

describe("the documents of a scenario with everything in it", () => {
  const system = exportSystem(awkward);
  const documentOf = (id: string) => {
    const found = exportApplications(awkward).find((one) => one.id === id)?.document;
    expect(found, id).toBeDefined();
    return found ?? system;
  };

  test("call the system document what it is", () => {
    expect(system.info.title).toBe("Awkward: “all” (all applications)");
    expect(system.operations?.["shop-orders"]?.tags).toEqual([{ name: "Shop" }]);
  });

  test("see a channel from the side of the application", () => {
    expect(documentOf("shop").operations?.["shop-orders"]?.action).toBe("send");
    expect(documentOf("kitchen").operations?.["orders-kitchen"]?.action).toBe("receive");
    expect(Object.keys(documentOf("shop").channels)).toEqual(["orders"]);
  });

  test("let a consumer receive only what its binding lets through", () => {
    const messages = (id: string) => Object.keys(system.channels[id]?.messages ?? {});
    expect(messages("events")).toEqual(["OrderPlaced", "order-cancelled"]);
    expect(messages("placed-queue")).toEqual(["OrderPlaced"]);
    expect(messages("graveyard")).toEqual(["OrderPlaced"]);
  });

  test("say where dead letters go and how often is retried", () => {
    const receiving = documentOf("billing").operations?.["placed-billing"];
    expect(receiving?.["x-deadLetter"]).toEqual({
      channel: { $ref: "#/channels/dead" },
      messages: [{ $ref: "#/channels/dead/messages/OrderPlaced" }],
    });
    expect(receiving?.["x-retry"]).toEqual({
      maxAttempts: 3,
      strategy: {
        type: "exponential",
        initialDelay: "PT0.25S",
        maxDelay: "PT20S",
        multiplier: 2,
        jitter: "full",
      },
    });
  });

  test("describe a call from both sides, with its answer", () => {
    const sending = documentOf("kitchen").operations?.["kitchen-billing"];
    const answering = documentOf("billing").operations?.["billing-charge"];
    expect(sending?.action).toBe("send");
    expect(answering?.action).toBe("receive");
    expect(sending?.reply).toEqual(answering?.reply);
    expect(documentOf("billing").servers?.["billing"]?.protocol).toBe("http");
  });

  test("turn braces in an address into parameters", () => {
    expect(system.channels["per-region"]?.address).toBe("orders.{region}");
    expect(system.channels["per-region"]?.parameters).toHaveProperty("region");
    expect(system.channels["odd-braces"]?.address).toBeNull();
  });

  test("keep contracts that nobody sends in the system document only", () => {
    expect(system.components?.messages["Unused"]).toBeDefined();
    expect(documentOf("shop").components?.messages["Unused"]).toBeUndefined();
  });

  test("let references of a schema point to where it now stands", () => {
    const schema = system.components?.schemas["OrderPlaced"];
    expect(schema).toEqual({
      type: "object",
      properties: {
        items: {
          type: "array",
          items: { $ref: "#/components/schemas/OrderPlaced/definitions/Item" },
        },
        note: { $ref: "#/components/schemas/OrderPlaced/definitions/Note" },
        parent: { $ref: "#/components/schemas/OrderPlaced" },
        elsewhere: { "x-reference": "https://example.com/schema.json" },
        $ref: { type: "string", default: { "x-reference": "data, not a reference" } },
      },
      definitions: { Item: { type: "object" }, Note: { type: "string" } },
    });
  });
});

describe("contracts with everything in them", () => {
  const system = exportSystem(rich);
  const message = (key: string) => system.components?.messages[key];

  test("have a message for each version, under a key of its own", () => {
    expect(Object.keys(system.components?.messages ?? {})).toEqual([
      "OrderPlaced",
      "OrderPlaced.v1.1.0",
      "OrderPlaced.v1.0.0",
      "Measured",
      "Measured.v1",
      "Logged",
      "Billed",
      "Charge",
      "Charge.v1-old--2",
      "Charge.reply",
      "Charge.v1-old-",
      "CloudEvent",
    ]);
  });

  test("pass through channels in the versions that are written and read", () => {
    expect(Object.keys(system.channels["orders"]?.messages ?? {})).toEqual([
      "OrderPlaced",
      "OrderPlaced.v1.0.0",
    ]);
    const of = (id: string) => system.operations?.[id]?.messages?.map(({ $ref }) => $ref);
    expect(of("place")).toEqual(["#/channels/orders/messages/OrderPlaced.v1.0.0"]);
    expect(of("cook")).toEqual(["#/channels/orders/messages/OrderPlaced"]);
    expect(of("watch")).toContain("#/channels/readings/messages/Measured.v1");
    expect(of("ask")).toEqual(["#/channels/billing-charge/messages/Charge.v1-old--2"]);
  });

  test("describe Avro and Protobuf as multi-format schema objects", () => {
    expect(system.components?.schemas["Measured.v1"]).toEqual({
      schemaFormat: "application/vnd.apache.avro;version=1.9.0",
      schema: rich.contracts[1]?.earlier?.[0]?.schema,
    });
    expect(message("Measured")?.contentType).toBe("avro/binary");
    expect(system.components?.schemas["Logged"]).toHaveProperty(
      "schemaFormat",
      "application/vnd.google.protobuf;version=3",
    );
  });

  test("travel in structured envelopes, also where they are no JSON", () => {
    expect(message("OrderPlaced")?.contentType).toBe("application/cloudevents+json");
    expect(message("OrderPlaced")?.payload).toEqual({
      allOf: [
        { $ref: "#/components/schemas/CloudEvent-2" },
        {
          type: "object",
          required: ["data"],
          properties: {
            type: { const: "OrderPlaced" },
            datacontenttype: { const: "application/json" },
            data: { $ref: "#/components/schemas/OrderPlaced" },
          },
        },
      ],
    });
    expect(message("Logged")?.payload).toHaveProperty("allOf.1.properties.data_base64.x-schema");
  });

  test("have the attributes of binary events in headers, as each protocol names them", () => {
    expect(message("Charge")?.traits).toEqual([
      { $ref: "#/components/messageTraits/CloudEvent-2.http" },
    ]);
    expect(system.components?.schemas["CloudEvent-2.kafka"]).toHaveProperty("required", [
      "ce_id",
      "ce_source",
      "ce_specversion",
      "ce_type",
    ]);
    // Over two protocols it has the headers of one or of the other, beside its own.
    expect(message("Billed")?.headers).toHaveProperty("allOf.1.anyOf.length", 2);
  });

  test("have examples only where these fit, in the envelope", () => {
    expect(message("OrderPlaced")?.examples).toEqual([
      {
        name: "plain",
        summary: "An order",
        payload: {
          specversion: "1.0",
          id: "1",
          source: "/example",
          type: "OrderPlaced",
          datacontenttype: "application/json",
          data: { orderId: "1", total: 2 },
        },
      },
    ]);
    expect(message("Billed")?.examples).toHaveLength(1);
  });

  test("say their key, correlation, owner, tags and deprecation", () => {
    const placed = message("OrderPlaced");
    expect(placed?.bindings?.["kafka"]).toMatchObject({
      key: { $ref: "#/components/schemas/OrderPlaced/properties/orderId" },
    });
    expect(placed?.correlationId).toEqual({
      location: "$message.payload#/data/correlationId",
    });
    expect(message("Measured")?.correlationId).toEqual({
      location: "$message.header#/correlation_id",
    });
    expect(placed?.tags?.map(({ name }) => name)).toEqual(["order", "core", "deprecated"]);
    expect(placed?.["x-spillway"]).toMatchObject({ owner: "team-orders", deprecated: true });
  });
});
