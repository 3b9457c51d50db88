// Exports of imports that somebody has worked on: the texts differ where something was changed, and nowhere else.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Channel, Contract, JsonSchema, Scenario } from "../model/scenario.ts";
import { filesOf, sampleOfExamples } from "./examples.suite.ts";
import { exportImported } from "./exportImported.ts";
import { importAsyncapi } from "./importAsyncapi.ts";
import { officialVerdict } from "./officialVerdict.ts";
import type { ImportFile } from "./workspace.ts";

const shop = ["shop.yaml", "payments.yaml", "delivery.json"].map((name) => ({
  name,
  text: readFileSync(new URL(`../../e2e/asyncapi/${name}`, import.meta.url), "utf8"),
}));

function imported(files: readonly ImportFile[] = shop): Scenario {
  const { scenario } = importAsyncapi(files);
  if (scenario === undefined) throw new Error("Nothing was imported.");
  return scenario;
}

function withChannel(scenario: Scenario, name: string, change: Partial<Channel>): Scenario {
  const channels = scenario.channels.map((one) =>
    one.name === name ? { ...one, ...change } : one,
  );
  return { ...scenario, channels };
}

function withContract(
  scenario: Scenario,
  name: string,
  change: (contract: Contract) => Partial<Contract>,
): Scenario {
  const contracts = scenario.contracts.map((one) =>
    one.name === name ? { ...one, ...change(one) } : one,
  );
  return { ...scenario, contracts };
}

/** Lines that differ, by file: those that are gone with -, those that have come with +. */
function changes(scenario: Scenario): Readonly<Record<string, readonly string[]>> {
  const { files } = exportImported(scenario);
  const entries = files.map(({ name, text }, index): [string, readonly string[]] => {
    const [was, is] = [shop[index]?.text.split("\n") ?? [], text.split("\n")];
    return [
      name,
      [
        ...was.filter((line) => !is.includes(line)).map((line) => `-${line}`),
        ...is.filter((line) => !was.includes(line)).map((line) => `+${line}`),
      ],
    ];
  });
  return Object.fromEntries(entries.filter(([, lines]) => lines.length > 0));
}

describe("an export of imported files", () => {
  test("differs nowhere when only places and simulation parameters were changed", () => {
    const scenario = imported();
    const moved = {
      ...scenario,
      layout: {},
      nodes: scenario.nodes.map((node) =>
        node.kind === "producer" ? { ...node, parameters: { rate: 99 } } : node,
      ),
    };
    expect(changes(moved)).toEqual({});
    expect(exportImported(moved).remarks.join()).toContain("only a simulation needs");
  });

  test("has a new name of a channel in every document that speaks of it", () => {
    expect(changes(withChannel(imported(), "orders.placed", { name: "orders.new" }))).toEqual({
      "shop.yaml": ["-    address: orders.placed", "+    address: orders.new"],
      "payments.yaml": ["-  orders.placed:", "+  orders.new:"],
    });
  });

  test("has settings and descriptions of a channel", () => {
    const changed = withChannel(imported(), "orders.placed", {
      description: "All orders.",
      parameters: { partitions: 12, "retention.ms": null },
    });
    expect(changes(changed)["shop.yaml"]).toEqual([
      "-        partitions: 6",
      "+        partitions: 12",
      "+        topicConfiguration:",
      "+          retention.ms: -1",
      "+    description: All orders.",
    ]);
  });

  test("has a change of a schema where the schema is defined", () => {
    const changed = withContract(imported(), "OrderPlaced", ({ schema }) => ({
      schema: {
        // A JSON Schema, as the text says.
        ...(schema as JsonSchema),
        required: ["orderId"],
      },
    }));
    expect(changes(changed)).toEqual({
      "shop.yaml": ["-      required: [orderId, total]", "+      required: [ orderId ]"],
      "payments.yaml": [
        "-          required: [orderId, total]",
        "+          required: [ orderId ]",
      ],
    });
  });

  test("has a new version only in the documents of those who speak it", () => {
    const scenario = imported();
    const versioned = withContract(scenario, "OrderPlaced", ({ schema, contractVersion }) => ({
      contractVersion: "2.0.0",
      schema: { type: "object" },
      earlier: [{ contractVersion, schema }],
    }));
    const contract = versioned.contracts.find(({ name }) => name === "OrderPlaced");
    const kept = {
      ...versioned,
      connections: versioned.connections.map((one) =>
        one.kind === "consume" && one.to === "payments" && contract !== undefined
          ? { ...one, reads: { [contract.id]: scenario.contracts[0]?.contractVersion ?? "" } }
          : one,
      ),
    };
    expect(Object.keys(changes(kept))).toEqual(["shop.yaml"]);
  });

  test("has names and descriptions of applications and servers", () => {
    const scenario = imported();
    const renamed = {
      ...scenario,
      nodes: scenario.nodes.map((node) => ({ ...node, name: `${node.name ?? ""} 2` })),
    };
    expect(changes(renamed)).toEqual({
      "shop.yaml": ["-  title: Shop", "+  title: Shop 2", "+    title: production 2"],
      "payments.yaml": ["-  title: Payments", "+  title: Payments 2"],
      "delivery.json": expect.any(Array),
    });
  });

  test("loses the operation of a connection that was removed, and says what else is missing", () => {
    const scenario = imported();
    const without = {
      ...scenario,
      channels: scenario.channels.filter(({ name }) => name !== "deliveries.finished"),
      connections: scenario.connections.filter(
        ({ kind, from }) => kind !== "publish" || from !== "delivery",
      ),
    };
    expect(changes(without)["delivery.json"]?.join()).toContain('"tell"');
    expect(exportImported(without).remarks).toEqual([
      "Taken out of the drawing and still in these files: deliveries.finished.",
    ]);
  });

  test("says what was drawn since then", () => {
    const scenario = imported();
    const more: Scenario = {
      ...scenario,
      nodes: [...scenario.nodes, { id: "new", kind: "service", name: "Audit" }],
    };
    expect(exportImported(more).remarks).toEqual([
      "Drawn since the import and not in these files: Audit.",
    ]);
  });
});

describe("a changed export", () => {
  test.each(sampleOfExamples())("of $file is valid and says what was changed", async (example) => {
    const files = filesOf(example);
    const scenario = imported(files);
    const changed: Scenario = {
      ...scenario,
      channels: scenario.channels.map((one) => ({ ...one, description: "Changed: yes # or no" })),
      contracts: scenario.contracts.map((one) => ({ ...one, description: "Changed 'too'" })),
    };
    const after = exportImported(changed).files;
    const back = imported(after);
    const said = (one: { readonly description?: string }): string => one.description ?? "";
    const fromText = ({ channels }: Scenario): readonly Channel[] =>
      channels.filter(({ origins = [] }) =>
        origins.every(({ pointer }) => !/\/(publish|subscribe)$|^\/operations/u.test(pointer)),
      );
    expect(fromText(back).map(said)).toEqual(fromText(changed).map(said));
    expect({ ...back, channels: [], contracts: [], sources: [] }).toEqual({
      ...scenario,
      channels: [],
      contracts: [],
      sources: [],
    });
    const verdict = await officialVerdict({ file: example.file, files: after });
    expect(verdict.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
