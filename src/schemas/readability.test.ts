// What is found out about versions before a run: by the rules, and by samples where a rule is broken.

import { describe, expect, test } from "vitest";
import { comparisonsOf, samplesPerVersion, type VersionTable } from "../model/readability.ts";
import { smallScenario } from "../model/scenario.suite.ts";
import type {
  CompatibilityMode,
  PayloadSchema,
  Scenario,
  SchemaFormat,
} from "../model/scenario.ts";
import { readabilityFor } from "./readabilityFor.ts";

interface Evolution {
  readonly older: PayloadSchema;
  readonly newer: PayloadSchema;
  readonly format?: SchemaFormat;
  readonly compatibility?: CompatibilityMode;
}

/** Two versions of the order; the consumer reads the older one, and the producer begins with it and goes over. */
function evolving({ older, newer, ...rest }: Evolution): Scenario {
  const small = smallScenario();
  return {
    ...small,
    connections: small.connections.map((link) => {
      if (link.kind === "publish") return { ...link, contractVersion: "1" };
      return link.kind === "consume" ? { ...link, reads: { "order-placed": "1" } } : link;
    }),
    contracts: small.contracts.map((contract) =>
      contract.id === "order-placed"
        ? {
            ...contract,
            ...rest,
            contractVersion: "2",
            schema: newer,
            earlier: [{ contractVersion: "1", schema: older }],
          }
        : contract,
    ),
    timeline: [
      {
        at: 10_000,
        act: "roll out",
        target: "place",
        contract: "order-placed",
        contractVersion: "2",
      },
    ],
  };
}

async function tableOf(evolution: Evolution): Promise<VersionTable> {
  return (await readabilityFor(evolving(evolution)))["order-placed"]!;
}

function object(properties: object, more: object = {}): PayloadSchema {
  return { type: "object", properties, ...more };
}

const text = { type: "string" } as const;
const closed = { additionalProperties: false } as const;

describe("what can be read", () => {
  test("is everything where no rule is broken, and nothing is tried", async () => {
    const table = await tableOf({
      older: object({ id: text }, { required: ["id"], ...closed }),
      newer: object({ id: text }, { required: ["id"], ...closed, description: "An order." }),
    });
    expect(table.pairs).toEqual([{ writer: "2", reader: "1", broken: [], unreadable: [] }]);
  });

  test("is nothing where every message breaks the rule", async () => {
    const required = object({ id: text, at: text }, { required: ["id", "at"], ...closed });
    const table = await tableOf({ older: object({ id: text }, closed), newer: required });
    const [pair] = table.pairs;
    expect(pair?.broken).toEqual([
      { rule: "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", path: "/properties/at" },
    ]);
    expect(pair?.unreadable).toHaveLength(samplesPerVersion);
  });

  test("depends on the message where the new property is optional", async () => {
    const table = await tableOf({
      older: object({ id: text }, { required: ["id"], ...closed }),
      newer: object({ id: text, at: text }, { required: ["id"], ...closed }),
    });
    const { length } = table.pairs[0]!.unreadable;
    expect(length).toBeGreaterThan(10);
    expect(length).toBeLessThan(110);
  });

  test("is everything where a rule is broken that no sample breaks", async () => {
    const table = await tableOf({
      older: object({ id: { type: "string", pattern: "^[a-z]+$" } }, { required: ["id"] }),
      newer: object({ id: { type: "string", pattern: "^[a-z]{1,99}$" } }, { required: ["id"] }),
    });
    expect(table.pairs[0]?.broken.map(({ rule }) => rule)).toEqual(["PATTERN_CHANGED"]);
    expect(table.pairs[0]?.unreadable).toEqual([]);
  });

  test("is known of Avro", async () => {
    const record = (...fields: readonly object[]): PayloadSchema => ({
      type: "record",
      name: "Order",
      fields,
    });
    const id = { name: "id", type: "string" };
    const total = { name: "total", type: "double" };
    const table = await tableOf({ format: "avro", older: record(id, total), newer: record(id) });
    expect(table.pairs[0]?.broken[0]?.rule).toBe("READER_FIELD_MISSING_DEFAULT_VALUE");
    expect(table.pairs[0]?.unreadable).toHaveLength(samplesPerVersion);
  });

  test("is known of Protobuf", async () => {
    const message = (type: string): string =>
      `syntax = "proto3";\nmessage Order {\n  ${type} id = 1;\n}\n`;
    const table = await tableOf({
      format: "protobuf",
      older: message("int32"),
      newer: message("string"),
    });
    expect(table.pairs[0]?.broken[0]?.rule).toBe("FIELD_SCALAR_KIND_CHANGED");
    expect(table.pairs[0]?.unreadable.length).toBeGreaterThan(0);
  });

  test("is everything where a schema has errors, of which its own check speaks", async () => {
    const table = await tableOf({ format: "avro", older: "strin", newer: "string" });
    expect(table).toEqual({
      pairs: [{ writer: "2", reader: "1", broken: [], unreadable: [] }],
      conflicts: [],
    });
  });
});

describe("what the registry refuses", () => {
  // What is written with the newer one always has what the older one forbids; the other way round all is well.
  const older = object({ id: text }, closed);
  const newer = object({ id: text, at: text }, closed);

  test.each<readonly [CompatibilityMode, boolean]>([
    ["NONE", false],
    ["BACKWARD", false],
    ["BACKWARD_TRANSITIVE", false],
    ["FORWARD", true],
    ["FORWARD_TRANSITIVE", true],
    ["FULL", true],
    ["FULL_TRANSITIVE", true],
  ])("%s: %s", async (compatibility, isRefused) => {
    const { conflicts } = await tableOf({ older, newer, compatibility });
    expect(conflicts.map(({ version, registered }) => [version, registered])).toEqual(
      isRefused ? [["2", "1"]] : [],
    );
  });
});

describe("what has to be compared", () => {
  const scenario = evolving({ older: {}, newer: object({ id: text }) });

  test("is what is spoken in the course of the run", () => {
    expect(comparisonsOf(scenario)).toMatchObject([
      { contract: { id: "order-placed" }, pairs: [["2", "1"]], registrations: [["2", "1"]] },
    ]);
  });

  test("is nothing without the rollout, and then it is known at once", () => {
    expect(readabilityFor({ ...scenario, timeline: [] })).toEqual({});
  });

  test("is nothing where only one broker carries the event and another reads", () => {
    const elsewhere: Scenario = {
      ...scenario,
      timeline: [],
      nodes: [...scenario.nodes, { id: "other", kind: "broker", technology: "kafka" }],
      channels: [...scenario.channels, { id: "far", broker: "other", kind: "topic" }],
      connections: [
        ...scenario.connections,
        { id: "listen", kind: "consume", from: "far", to: "bank" },
      ],
    };
    expect(comparisonsOf(elsewhere)).toEqual([]);
  });
});
