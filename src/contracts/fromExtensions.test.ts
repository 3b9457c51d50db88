// Scenario → AsyncAPI → scenario: documents carry everything, edits made in other tools count, and foreign data gives
// problems. To repeat a random one: SEED=17 npx vitest run src/contracts/fromExtensions.test.ts

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { open } from "../engine/sketch.suite.ts";
import { parseScenario, writeScenario } from "../model/parse.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { swarmScenario } from "../model/swarm.suite.ts";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { withDrawnContracts } from "./drawnContracts.suite.ts";
import { type AsyncapiVersion, asyncapiVersions, documentFiles } from "./files.ts";
import { carriesScenario, scenarioOfAsyncapi } from "./fromExtensions.ts";
import { rich } from "./rich.suite.ts";
import { awkward } from "./sample.suite.ts";
import type { Format } from "./yaml.ts";

function documentOf(
  scenario: Scenario,
  version: AsyncapiVersion = "3.1.0",
  format: Format = "json",
): unknown {
  const [file] = documentFiles(scenario, { version, format });
  const text = file?.text ?? "";
  return format === "json" ? (JSON.parse(text) as unknown) : parse(text);
}

function scenarioOf(document: unknown): Scenario {
  const result = scenarioOfAsyncapi(document);
  if (!result.ok) throw new Error(JSON.stringify(result.failure, null, 2));
  expect(result.value.remarks).toEqual([]);
  return result.value.scenario;
}

const all = [...scenarios, awkward, rich];

describe.each(asyncapiVersions)("in %s", (version) => {
  test.each(all.map((one) => [one.id, one] as const))("%s comes back as it was", (_id, one) => {
    const yaml = scenarioOf(documentOf(one, version, "yaml"));
    expect(writeScenario(yaml)).toBe(writeScenario(one));
    expect(scenarioOf(documentOf(one, version))).toEqual(yaml);
  });
});

const chosen = process.env["SEED"];
const seeds = chosen === undefined ? Array.from({ length: 40 }, (_, i) => i + 1) : [Number(chosen)];

function drawn(seed: number): Scenario {
  const base = seed % 2 === 0 ? swarmScenario(seed) : randomScenario(seed, 1 + (seed % 6));
  return seed % 4 < 2 ? withDrawnContracts(base, seed) : base;
}

/** State after so many events: far enough for everything to take part. */
function hashOf(scenario: Scenario): string {
  const run = open(scenario);
  run.advance({ untilNs: Infinity, maxEvents: 3_000 });
  return run.stateHash();
}

test("random scenarios come back as they were, and their runs have the same hash", () => {
  for (const seed of seeds) {
    const scenario = drawn(seed);
    const parsed = parseScenario(scenario);
    expect(parsed.ok, `seed ${seed}: ${JSON.stringify(parsed)}`).toBe(true);
    const format = seed % 8 === 1 ? "yaml" : "json";
    const back = scenarioOf(documentOf(scenario, asyncapiVersions[seed % 3], format));
    expect(writeScenario(back), `seed ${seed}`).toBe(writeScenario(scenario));
    if (seed % 2 === 0) expect(hashOf(back), `seed ${seed}`).toBe(hashOf(scenario));
  }
});

/** A document with one place changed: the object at the path gets other members (undefined: none). */
function edited(scenario: Scenario, path: string, members: object): unknown {
  const document = documentOf(scenario);
  let at: unknown = document;
  for (const step of path.split("/"))
    at =
      typeof at === "object" && at !== null
        ? Object.entries(at).find(([key]) => key === step)?.[1]
        : at;
  expect(at, path).toBeTypeOf("object");
  Object.assign(at as object, members);
  return JSON.parse(JSON.stringify(document));
}

describe("what another tool has changed counts", () => {
  const elementIn = (scenario: Scenario, id: string) =>
    [...scenario.nodes, ...scenario.channels, ...scenario.connections, ...scenario.contracts].find(
      (one) => one.id === id,
    );
  const cases: readonly (readonly [string, string, object, string, object])[] = [
    ["an address", "channels/orders", { address: "orders.v2" }, "orders", { name: "orders.v2" }],
    ["a title", "servers/k", { title: "Main" }, "k", { name: "Main" }],
    ["a description", "operations/ask", { description: "New." }, "ask", { description: "New." }],
    [
      "the name of an event",
      "components/messages/OrderPlaced",
      { name: "OrderAccepted" },
      "order-placed",
      { name: "OrderAccepted" },
    ],
    [
      "a schema that had an original",
      "components/schemas/OrderPlaced/properties",
      { total: { type: "string" } },
      "order-placed",
      {
        schema: {
          $schema: "https://json-schema.org/draft/2020-12/schema",
          $id: "https://example.com/order",
          type: "object",
          properties: {
            orderId: { type: "string" },
            total: { type: "string" },
            correlationId: { type: "string" },
          },
          $defs: { money: { type: "number", minimum: 0 } },
          required: ["orderId"],
        },
      },
    ],
    [
      "tags that had an original",
      "components/messages/OrderPlaced",
      { tags: [{ name: "new" }] },
      "order-placed",
      { tags: ["new"] },
    ],
    [
      "headers beside those of an envelope",
      "components/messages/Billed/headers",
      {
        allOf: [
          { type: "object", required: ["x-trace"] },
          { $ref: "#/components/schemas/CloudEvent.kafka" },
        ],
      },
      "billed",
      { headers: { type: "object", required: ["x-trace"] } },
    ],
    [
      "examples",
      "components/messages/OrderPlaced",
      { examples: [{ name: "new", payload: { id: "1", data: { orderId: "9" } } }] },
      "order-placed",
      { examples: [{ name: "new", payload: { orderId: "9" } }] },
    ],
    [
      "the message that is sent",
      "operations/place",
      { messages: [{ $ref: "#/channels/orders/messages/OrderPlaced" }] },
      "place",
      { contractVersion: "2.0.0" },
    ],
    [
      "the message that is read",
      "operations/cook",
      { messages: [{ $ref: "#/components/messages/OrderPlaced.v1.1.0" }] },
      "cook",
      { reads: { "order-placed": "1.1.0" } },
    ],
    [
      "partitions in a binding",
      "channels/orders/bindings/kafka",
      { partitions: 12 },
      "orders",
      { parameters: { partitions: 12 } },
    ],
    [
      "the time that a topic keeps",
      "channels/orders/bindings/kafka/topicConfiguration",
      { "retention.ms": -1 },
      "orders",
      { parameters: { "retention.ms": null } },
    ],
    [
      "a consumer group",
      "operations/cook/bindings/kafka",
      { groupId: { type: "string", enum: ["cooks"] } },
      "cook",
      { parameters: { "group.id": "cooks" } },
    ],
    [
      "how messages are acknowledged",
      "operations/collect/bindings/amqp",
      { ack: false },
      "collect",
      { parameters: { ack: "automatic" } },
    ],
    [
      "how messages are published",
      "operations/bill/bindings/amqp",
      { deliveryMode: 2, mandatory: true, expiration: 500 },
      "bill",
      { parameters: { delivery_mode: "2", mandatory: true, expiration: 500 } },
    ],
  ];
  test.each(cases)("%s", (...[, path, members, id, expected]) => {
    const before = elementIn(rich, id);
    const after = scenarioOf(edited(rich, path, members));
    const { origins: _, ...element } = elementIn(after, id) ?? {};
    expect(element).toEqual({ ...before, ...expected });
    // And nothing else.
    const others = (scenario: Scenario) => ({
      ...scenario,
      nodes: scenario.nodes.filter((one) => one.id !== id),
      channels: scenario.channels.filter((one) => one.id !== id),
      connections: scenario.connections.filter((one) => one.id !== id),
      contracts: scenario.contracts.filter((one) => one.id !== id),
    });
    expect(others(after)).toEqual(others(rich));
  });

  test("the title of the system", () => {
    const after = scenarioOf(edited(rich, "info", { title: "New (all applications)" }));
    expect(after.title).toBe("New");
  });

  test("an operation that was removed", () => {
    const after = scenarioOf(edited(rich, "operations", { cook: undefined }));
    expect(after.connections.map(({ id }) => id)).not.toContain("cook");
  });

  test("a channel that was added is remarked upon", () => {
    const result = scenarioOfAsyncapi(edited(rich, "channels", { new: { address: "new" } }));
    expect(result.ok && result.value.remarks).toMatchObject([
      { code: "asyncapi/left-out", severity: "warning", path: "/channels/new" },
    ]);
  });

  test("references that a tool has replaced by what they refer to change nothing", () => {
    const document = documentOf(rich) as { readonly operations: object; readonly channels: object };
    const channels = new Map(Object.entries(document.channels));
    const operations = Object.entries(document.operations).map(([key, operation]) => {
      const { channel } = operation as { channel: { $ref: string } };
      const resolved = channels.get(channel.$ref.replace("#/channels/", "")) as unknown;
      return [key, { ...(operation as object), channel: resolved }];
    });
    const inlined = { ...document, operations: Object.fromEntries(operations) as unknown };
    expect(writeScenario(scenarioOf(inlined))).toBe(writeScenario(rich));
  });
});

describe("foreign data", () => {
  const codesOf = (document: unknown) => {
    const result = scenarioOfAsyncapi(document);
    return result.ok ? [] : result.failure.map(({ code, path }) => `${code} ${path}`);
  };

  test("that carries nothing is told apart", () => {
    expect(carriesScenario(documentOf(rich))).toBe(true);
    for (const nothing of [
      null,
      5,
      "text",
      [],
      {},
      { info: { "x-spillway": { view: "system" } } },
    ]) {
      expect(carriesScenario(nothing)).toBe(false);
      expect(codesOf(nothing)).toEqual(["asyncapi/no-scenario /info/x-spillway"]);
    }
    const [plain] = documentFiles(rich, { format: "json", embed: false });
    expect(carriesScenario(JSON.parse(plain?.text ?? ""))).toBe(false);
  });

  test("gives problems at their places", () => {
    const extension = { "x-spillway": { channel: "orders", kind: "queue" } };
    expect(codesOf(edited(rich, "channels/orders", extension))).toEqual([
      "channel/kind /channels/orders",
    ]);
    expect(codesOf(edited(rich, "info/x-spillway/scenario/load", { duration: -1 }))).toEqual([
      "value/range /info/x-spillway/scenario/load/duration",
    ]);
    expect(codesOf(edited(rich, "info/x-spillway/scenario/nodes/0", { kind: "robot" }))).toEqual([
      "value/choice /info/x-spillway/scenario/nodes/0/kind",
    ]);
    expect(
      codesOf(edited(rich, "operations/cook", { channel: { $ref: "#/channels/none" } })),
    ).toEqual(["field/missing /operations/cook"]);
  });

  test("that is too deep or multiplies itself is refused", () => {
    let deep: unknown = {};
    for (let i = 0; i < 100_000; i++) deep = { deep };
    let wide: unknown = "lol";
    for (let i = 0; i < 12; i++) wide = Array.from({ length: 10 }, () => wide);
    for (const value of [deep, wide])
      expect(
        codesOf(edited(rich, "info/x-spillway/scenario", {})) && codesOf({ info: value }),
      ).toEqual(["asyncapi/too-large "]);
  });

  test("never throws, whatever one member is replaced by", () => {
    const document = documentOf(rich);
    const wrong: readonly unknown[] = [
      null,
      0,
      "text",
      [],
      {},
      { $ref: "#" },
      [{ $ref: "#/info" }],
    ];
    const visit = (value: unknown, depth: number): void => {
      if (typeof value !== "object" || value === null || depth > 6) return;
      for (const [key, part] of Object.entries(value)) {
        for (const other of wrong) {
          Object.assign(value, { [key]: other });
          scenarioOfAsyncapi(document);
        }
        Object.assign(value, { [key]: part });
        visit(part, depth + 1);
      }
    };
    const { operations, servers } = document as {
      readonly operations: Readonly<Record<string, unknown>>;
      readonly servers: object;
    };
    visit(operations["cook"], 5);
    visit(operations["ask"], 6);
    visit(servers, 5);
    expect(writeScenario(scenarioOf(document))).toBe(writeScenario(rich));
  });
});
