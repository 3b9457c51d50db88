// AsyncAPI exports: the official parser accepts all of them, and they say what the scenario says.

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { randomScenario } from "../model/scenario.suite.ts";
import { scenarios } from "../scenarios/index.ts";
import { exportApplications, exportSystem } from "./asyncapi.ts";
import { allAbout, complaintsAbout } from "./oracle.suite.ts";
import { awkward } from "./sample.suite.ts";
import { formats, writeDocument } from "./yaml.ts";

const all = [...scenarios, awkward];

/** The parser compiles the specification anew for each document: half a second each on a slow machine. */
const patience = { timeout: 120_000 };

describe.each(all.map((scenario) => [scenario.id, scenario] as const))("%s", (_id, scenario) => {
  test.each(formats)("exports a system document that the parser accepts as %s", async (format) => {
    expect(await complaintsAbout(exportSystem(scenario), format)).toEqual([]);
  });

  test("exports application documents that the parser accepts", patience, async () => {
    for (const { id, document } of exportApplications(scenario))
      expect(await complaintsAbout(document, "yaml"), id).toEqual([]);
  });

  test("says the same in YAML and in JSON", () => {
    const document = exportSystem(scenario);
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
});

test("random scenarios export documents that the parser accepts", patience, async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const scenario = randomScenario(seed, 1 + (seed % 6));
    const last = exportApplications(scenario).at(-1)?.document;
    for (const document of [exportSystem(scenario), ...(last === undefined ? [] : [last])])
      expect(await complaintsAbout(document, "json"), scenario.id).toEqual([]);
  }
});

test("nothing is left to remark, and of 3.0.0 only that there is a newer version", async () => {
  expect(await allAbout(exportSystem(awkward))).toEqual([]);
  const older = exportSystem(awkward, { version: "3.0.0" });
  expect(await allAbout(older)).toEqual(["asyncapi-latest-version"]);
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
