// How documents join into one drawing: servers, channels, messages, requests, and what is said about the rest.

import { describe, expect, test } from "vitest";
import { documentFiles } from "../contracts/files.ts";
import type { Scenario } from "../model/scenario.ts";
import { foodDelivery } from "../scenarios/foodDelivery.ts";
import { importAsyncapi } from "./importAsyncapi.ts";

const documents = (...texts: readonly string[]) =>
  importAsyncapi(texts.map((text, i) => ({ name: `${i}.yaml`, text })));

/** Connections as words: "publish Shop → orders". */
function lines(scenario: Scenario | undefined): readonly string[] {
  const all = [...(scenario?.nodes ?? []), ...(scenario?.channels ?? [])];
  const name = (id: string): string => all.find((one) => one.id === id)?.name ?? id;
  return (scenario?.connections ?? []).map(
    ({ kind, from, to }) => `${kind} ${name(from)} → ${name(to)}`,
  );
}

const sender = (protocol: string, more = "") => `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
servers: { a: { host: "broker:1", protocol: ${protocol} } }
channels:
  c: { address: orders, messages: { Order: { payload: { type: object } } } ${more} }
operations: { send: { action: send, channel: { $ref: "#/channels/c" } } }
`;
const receiver = (protocol: string, more = "") => `asyncapi: 2.6.0
info: { title: Billing, version: 2.0.0 }
servers: { b: { url: "${protocol}://broker:1", protocol: ${protocol} } }
channels:
  orders: { publish: { message: { name: Order, payload: { type: object } } } ${more} }
`;

describe("documents", () => {
  test("on one Kafka share its topics, across versions", () => {
    const { scenario, findings } = documents(sender("kafka"), receiver("kafka-secure"));
    expect(lines(scenario)).toEqual(["publish Shop → orders", "consume orders → Billing"]);
    expect(scenario?.nodes.map(({ kind }) => kind).toSorted()).toEqual([
      "broker",
      "producer",
      "service",
    ]);
    expect(findings).toEqual([]);
  });

  test("on one RabbitMQ meet at an exchange with a queue for each consumer", () => {
    const named = ", bindings: { amqp: { is: routingKey, exchange: { name: shop, type: topic } } }";
    const { scenario } = documents(sender("amqp", named), receiver("amqp", named));
    expect(lines(scenario)).toEqual([
      "publish Shop → shop",
      "bind shop → Billing: orders",
      "consume Billing: orders → Billing",
    ]);
    expect(scenario?.connections.map(({ parameters }) => parameters?.["routing_key"])).toEqual([
      "orders",
      "orders",
      undefined,
    ]);
  });

  test("over HTTP call each other", () => {
    const { scenario } = documents(sender("https"), receiver("https"));
    expect(lines(scenario)).toEqual(["call Shop → Billing"]);
    expect(scenario?.channels).toEqual([]);
  });

  test("of a protocol that is not modelled are drawn as the nearest, and that is said", () => {
    const { findings } = documents(sender("stomp"), receiver("stomp"));
    expect(findings).toMatchObject([{ code: "import/protocol", severity: "warning", line: 3 }]);
  });

  test("on different brokers do not meet", () => {
    const { findings } = documents(sender("kafka"), receiver("amqp"));
    expect(findings.filter(({ code }) => code === "import/dangling-channel")).toHaveLength(2);
  });

  test("that describe a message differently keep both descriptions, and each speaks its own", () => {
    const other = receiver("kafka").replace(
      "payload: { type: object }",
      "payload: { type: string }",
    );
    const { scenario, findings } = documents(sender("kafka"), other);
    const [contract, ...others] = scenario?.contracts ?? [];
    expect(others).toEqual([]);
    expect(contract).toMatchObject({
      name: "Order",
      contractVersion: "1.0.0",
      earlier: [{ contractVersion: "2.0.0", schema: { type: "string" } }],
    });
    expect(scenario?.connections[1]).toMatchObject({ reads: { [contract?.id ?? ""]: "2.0.0" } });
    expect(findings).toMatchObject([{ code: "import/contract-mismatch", file: "1.yaml" }]);
  });

  test("without operations or channels import their messages", () => {
    const { scenario } = documents(
      "asyncapi: 3.0.0\ninfo: { title: L, version: 1.0.0 }\ncomponents: { messages: { Order: { payload: { type: object } } } }\n",
    );
    expect(scenario?.contracts.map(({ name }) => name)).toEqual(["Order"]);
    expect(scenario?.nodes).toEqual([]);
  });

  test("that we wrote for each application come back as the same parts", () => {
    const { scenario } = importAsyncapi(documentFiles(foodDelivery, { layout: "self-contained" }));
    const names = (list: readonly { readonly name?: string; readonly id: string }[] = []) =>
      list.map(({ name, id }) => name ?? id);
    const applications = foodDelivery.nodes.filter(
      ({ kind }) => kind === "service" || kind === "producer",
    );
    expect(names(scenario?.nodes)).toEqual(expect.arrayContaining([...names(applications)]));
    expect(names(scenario?.channels).toSorted()).toEqual(names(foodDelivery.channels).toSorted());
    const calls = ({ connections }: Scenario) => connections.filter(({ kind }) => kind === "call");
    expect(scenario && calls(scenario).length).toBe(calls(foodDelivery).length);
  });
});
