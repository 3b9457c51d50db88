// Fields of schemas, and finding contracts by them.

import { describe, expect, it } from "vitest";
import type { Contract } from "../model/scenario.ts";
import { fieldsOf, findContracts } from "./search.ts";

const order = {
  type: "object",
  properties: {
    id: { type: "string" },
    customer: { $ref: "#/$defs/customer" },
    lines: { type: "array", items: { properties: { sku: {}, parent: { $ref: "#" } } } },
  },
  anyOf: [{ properties: { coupon: {} } }],
  $defs: { customer: { properties: { "a/b~c": { $ref: "#/$defs/customer" }, city: {} } } },
};

describe("fields of a schema", () => {
  it("are found at every depth, with those around them", () => {
    expect(fieldsOf(order)).toEqual([
      "id",
      "customer",
      "lines",
      "lines[].sku",
      "lines[].parent",
      "coupon",
      "customer.a/b~c",
      "customer.city",
    ]);
  });

  it("are none in what is no schema", () => {
    expect(fieldsOf({ properties: 3, items: [null, 7], $ref: "#/nowhere/x", allOf: "x" })).toEqual(
      [],
    );
    expect(fieldsOf({ default: { properties: { data: {} } } })).toEqual([]);
  });

  it("are bounded", () => {
    const many = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`f${i}`, {}]));
    expect(fieldsOf({ properties: many })).toHaveLength(5000);
  });
});

describe("finding contracts", () => {
  const contracts: readonly Contract[] = [
    { id: "a", name: "OrderPlaced", contractVersion: "1", schema: order, owner: "team-shop" },
    { id: "b", name: "PaymentTaken", contractVersion: "1", schema: {}, tags: ["money"] },
  ];
  const find = (question: string) =>
    findContracts(contracts, question, ({ schema }) => fieldsOf(schema as typeof order)).map(
      ({ contract, fields }) => [contract.id, ...fields],
    );

  it("by name, owner, tag, and by fields", () => {
    expect(find("")).toEqual([["a"], ["b"]]);
    expect(find("order")).toEqual([["a"]]);
    expect(find("MONEY")).toEqual([["b"]]);
    expect(find("team-shop sku")).toEqual([["a", "lines[].sku"]]);
    expect(find("customer")).toEqual([["a", "customer", "customer.a/b~c", "customer.city"]]);
    expect(find("sku money")).toEqual([]);
  });
});
