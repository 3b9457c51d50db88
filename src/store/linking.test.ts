// What a drawn line becomes: events, topics, exchanges with bound queues.

import { describe, expect, test } from "vitest";
import { checkScenario } from "../model/check.ts";
import { parseScenario } from "../model/parse.ts";
import type { Node, Scenario } from "../model/scenario.ts";
import { blankScenario } from "./documentStore.ts";
import {
  applyLink,
  channelNameFor,
  connectTargets,
  kindsAfter,
  mayConnect,
  proposeLink,
} from "./linking.ts";

const draw = (...nodes: readonly Node[]): Scenario => ({ ...blankScenario, nodes });
const client: Node = { id: "client", kind: "producer" };
const stock: Node = { id: "stock", kind: "service" };
const mail: Node = { id: "mail", kind: "service" };
const db: Node = { id: "db", kind: "store" };
const kafka: Node = { id: "kafka", kind: "broker", technology: "kafka" };
const rabbit: Node = { id: "rabbit", kind: "broker", technology: "rabbitmq" };

function link(scenario: Scenario, from: string, to: string): Scenario {
  const proposal = proposeLink(scenario, from, to);
  if (proposal === undefined) throw new Error(`${from} may not lead to ${to}.`);
  return applyLink(scenario, proposal.choice).scenario;
}

const errors = (scenario: Scenario) =>
  checkScenario(scenario).filter((problem) => problem.severity === "error");

describe("accepting every proposal", () => {
  test("makes a topic with an event, and subscribes to it", () => {
    let scenario = link(draw(client, kafka, stock, mail), "client", "kafka");
    scenario = link(scenario, "kafka", "stock");
    scenario = link(scenario, "kafka", "mail");
    expect(scenario.channels.map((channel) => channel.id)).toEqual(["order-placed"]);
    expect(scenario.contracts.map((contract) => contract.name)).toEqual(["OrderPlaced"]);
    expect(scenario.connections.map((connection) => connection.kind)).toEqual([
      "publish",
      "consume",
      "consume",
    ]);
    expect(errors(scenario)).toEqual([]);
  });

  test("makes an exchange, and a bound queue for every consumer", () => {
    let scenario = link(draw(client, rabbit, stock, mail), "client", "rabbit");
    scenario = link(scenario, "rabbit", "stock");
    scenario = link(scenario, "rabbit", "mail");
    expect(scenario.channels.map((channel) => channel.kind)).toEqual([
      "exchange",
      "queue",
      "queue",
    ]);
    expect(scenario.connections.filter((connection) => connection.kind === "bind")).toHaveLength(2);
    expect(errors(scenario)).toEqual([]);
  });

  test("an exchange dropped on a service becomes a queue between them", () => {
    const scenario = link(draw(client, rabbit, stock), "client", "rabbit");
    const exchange = scenario.channels[0]?.id ?? "";
    expect(mayConnect(scenario, exchange, "stock").allowed).toBe(true);
    const linked = link(scenario, exchange, "stock");
    expect(linked.connections.map((connection) => connection.kind)).toEqual([
      "publish",
      "bind",
      "consume",
    ]);
  });

  test("a call gets a request, a write nothing", () => {
    const scenario = link(link(draw(client, stock, db), "client", "stock"), "stock", "db");
    expect(scenario.contracts.map((contract) => contract.name)).toEqual(["PlaceOrder"]);
    expect(scenario.connections.map((connection) => connection.kind)).toEqual(["call", "write"]);
  });
});

describe("choices", () => {
  test("a known event is used, not doubled", () => {
    const scenario = link(draw(client, kafka), "client", "kafka");
    const proposal = proposeLink(scenario, "client", "kafka");
    if (proposal === undefined) throw new Error("The rules refuse what they allowed before.");
    const choice = { ...proposal.choice, contract: { name: "OrderPlaced" } };
    expect(applyLink(scenario, choice).scenario.contracts).toHaveLength(1);
  });

  test("targets come with the possible ones first and reasons for the others", () => {
    const targets = connectTargets(draw(client, kafka, stock, db), "client");
    expect(targets.map((target) => [target.id, target.verdict.allowed])).toEqual([
      ["kafka", true],
      ["stock", true],
      ["db", false],
    ]);
    expect(targets[2]?.verdict).toMatchObject({ reason: expect.stringContaining("service") });
  });

  test("events name channels", () => {
    expect(channelNameFor("OrderPlaced")).toBe("order-placed");
    expect(channelNameFor("  HTTP request v2 ")).toBe("http-request-v2");
  });
});

describe("what may follow an element", () => {
  const scenario: Scenario = {
    ...draw(client, stock, db, kafka),
    channels: [{ id: "orders", broker: "kafka", kind: "topic" }],
  };

  test("is what the rules would allow", () => {
    expect(kindsAfter(scenario, "client")).toEqual(["broker", "service"]);
    expect(kindsAfter(scenario, "stock")).toEqual(["broker", "service", "store"]);
    expect(kindsAfter(scenario, "orders")).toContain("service");
    expect(kindsAfter(scenario, "db")).toEqual(["service"]);
  });
});

describe("a line from a store", () => {
  test("is a read: a connection of the service to the store, once", () => {
    const scenario = link(draw(stock, db), "db", "stock");
    const read = { id: "stock-to-db", kind: "read", from: "stock", to: "db" };
    expect(scenario.connections).toEqual([read]);
    expect(parseScenario(scenario).ok).toBe(true);
    expect(mayConnect(scenario, "db", "stock")).toMatchObject({ allowed: false });
    // Writing is something else.
    expect(mayConnect(scenario, "stock", "db")).toMatchObject({ allowed: true, kind: "write" });
  });
});
