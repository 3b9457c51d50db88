// Who is affected by a new version: by what each reads and writes, where the contract really comes.

import { describe, expect, test } from "vitest";
import { schemaChange } from "../scenarios/schemaChange.ts";
import { affectedBy } from "./affected.ts";

const contract = schemaChange.contracts.find(({ id }) => id === "order-placed")!;

function affected(schema: object) {
  const found = affectedBy(schemaChange, {
    contract: contract.id,
    schema: schema as Readonly<Record<string, unknown>>,
  });
  if (!found.ok) throw new Error(JSON.stringify(found.failure));
  return found.value.map(({ name, does, contractVersion }) => `${name} ${does} ${contractVersion}`);
}

describe("a version", () => {
  test("that adds to what earlier ones close affects who reads those", () => {
    expect(affected(contract.schema as object)).toEqual([
      "Billing reads 1.0.0",
      "Shipping reads 1.0.0",
      "Analytics reads 1.0.0",
    ]);
  });

  test("that is an earlier one again affects nobody who speaks it", () => {
    expect(affected(contract.earlier?.[0]?.schema as object)).toEqual([]);
  });

  test("that asks for more affects who writes without it", () => {
    const { properties } = contract.earlier![0]!.schema as { properties: object };
    const stricter = {
      type: "object",
      properties: { ...properties, reason: { type: "string" } },
      required: ["reason"],
      additionalProperties: false,
    };
    expect(affected(stricter)).toContain("Shop writes 1.0.0");
  });

  test("of a contract that is not there affects nobody", () => {
    expect(affectedBy(schemaChange, { contract: "none", schema: {} })).toEqual({
      ok: true,
      value: [],
    });
  });
});
