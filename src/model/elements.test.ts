// Finding an element, its fields, name, technology and parameters.

import { describe, expect, it } from "vitest";
import { rename } from "./edit.ts";
import { elementOf, fieldsOf, nameOf, parameterOf, technologyOf } from "./elements.ts";
import { rabbitScenario, smallScenario } from "./scenario.suite.ts";

describe("an element of a document", () => {
  it("is found by its id, as the same object each time", () => {
    const scenario = smallScenario();
    expect(elementOf(scenario, "payment")).toEqual({ type: "node", value: scenario.nodes[2] });
    expect(elementOf(scenario, "orders")?.type).toBe("channel");
    expect(elementOf(scenario, "take")?.type).toBe("connection");
    expect(elementOf(scenario, "order-placed")?.type).toBe("contract");
    expect(elementOf(scenario, "fast")).toBeUndefined();
    expect(elementOf(scenario, "take")).toBe(elementOf(scenario, "take"));
  });

  it("has the fields of its kind and of its technology", () => {
    const [small, rabbit] = [smallScenario(), rabbitScenario()];
    expect(Object.keys(fieldsOf(small, "clients"))).toContain("rate");
    expect(Object.keys(fieldsOf(small, "broker"))).toContain("nodes");
    expect(Object.keys(fieldsOf(small, "orders"))).toContain("partitions");
    expect(Object.keys(fieldsOf(small, "place"))).toEqual(
      expect.arrayContaining(["probability", "acks"]),
    );
    expect(Object.keys(fieldsOf(small, "take"))).toContain("group.id");
    expect(Object.keys(fieldsOf(small, "charge"))).toContain("timeout");
    expect(Object.keys(fieldsOf(small, "book"))).toEqual(
      expect.arrayContaining(["duration", "change", "check"]),
    );
    expect(Object.keys(fieldsOf(rabbit, "bind"))).toContain("routing_key");
    expect(Object.keys(fieldsOf(rabbit, "publish"))).toEqual(
      expect.arrayContaining(["size", "routing_key"]),
    );
    expect(fieldsOf(small, "order-placed")).toEqual({});
    expect(fieldsOf(small, "nobody")).toEqual({});
    expect(fieldsOf(small, "place")).toBe(fieldsOf(small, "place"));
  });

  it("has a name to show", () => {
    const scenario = rename(smallScenario(), "payment", "Payment");
    expect(nameOf(scenario, "payment")).toBe("Payment");
    expect(nameOf(scenario, "bank")).toBe("bank");
    expect(nameOf(scenario, "order-placed")).toBe("OrderPlaced");
    expect(nameOf(scenario, "place")).toBe("Clients → orders topic");
    expect(nameOf(scenario, "charge")).toBe("Payment → bank");
    expect(nameOf(rename(scenario, "charge", "Charge it"), "charge")).toBe("Charge it");
    expect(nameOf(scenario, "nobody")).toBe("nobody");
  });

  it("has a technology when a broker is involved", () => {
    const scenario = smallScenario();
    for (const id of ["broker", "orders", "place", "take"])
      expect(technologyOf(scenario, id)?.id).toBe("kafka");
    for (const id of ["clients", "charge", "book", "order-placed", "nobody"])
      expect(technologyOf(scenario, id)).toBeUndefined();
  });

  it("has the stated or the default value of a parameter", () => {
    const scenario = smallScenario();
    expect(parameterOf(scenario, "payment", "concurrency")).toBe(2);
    expect(parameterOf(scenario, "bank", "concurrency")).toBe(1);
    expect(parameterOf(scenario, "bank", "mailbox")).toBeNull();
    expect(parameterOf(scenario, "bank", "toString")).toBeNull();
  });
});
