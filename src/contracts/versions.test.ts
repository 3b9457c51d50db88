// Names of the next version, and how versions are begun and removed without anybody noticing.

import { describe, expect, it } from "vitest";
import { versionsOf } from "../model/contracts.ts";
import { parseScenario } from "../model/parse.ts";
import type { Connection, Scenario } from "../model/scenario.ts";
import { awkward } from "./sample.suite.ts";
import { withSpoken } from "./speaking.ts";
import { nextVersionsOf, withNewVersion, withoutVersion } from "./versions.ts";

function connection(scenario: Scenario, id: string): Connection {
  return scenario.connections.find((one) => one.id === id)!;
}

describe("names of the next version", () => {
  it.each([
    ["1.4.2", "2.0.0", "1.5.0", "1.4.3"],
    ["v1.4.2", "v2.0.0", "v1.5.0", "v1.4.3"],
    ["1.4", "2.0.0", "1.5.0", "1.4.1"],
    ["7", "8", "8", "8"],
    ["v7", "v8", "v8", "v8"],
    ["2024-01", "2024-01-2", "2024-01-2", "2024-01-2"],
    ["", "-2", "-2", "-2"],
  ])("after %j come %s, %s, %s", (version, major, minor, patch) => {
    expect(nextVersionsOf(version)).toEqual({ major, minor, patch });
  });
});

describe("a new version", () => {
  const after = withNewVersion(awkward, "order-placed", "2.0.0");

  it("is the newest, and the one before it is kept", () => {
    const contract = after.contracts[0]!;
    expect(versionsOf(contract).map((one) => one.contractVersion)).toEqual(["1.2.0", "2.0.0"]);
    expect(contract.schema).toEqual(awkward.contracts[0]!.schema);
    expect(contract.earlier).toEqual([
      { contractVersion: "1.2.0", schema: awkward.contracts[0]!.schema },
    ]);
    expect(parseScenario(after)).toMatchObject({ ok: true });
  });

  it("is spoken by nobody yet", () => {
    expect(connection(after, "shop-orders")).toMatchObject({ contractVersion: "1.2.0" });
    expect(connection(after, "orders-kitchen")).toMatchObject({
      reads: { "order-placed": "1.2.0" },
    });
    expect(connection(after, "placed-billing")).toMatchObject({
      reads: { "order-placed": "1.2.0" },
    });
    expect(connection(after, "kitchen-cancels")).toEqual(connection(awkward, "kitchen-cancels"));
    expect(
      connection(withNewVersion(awkward, "charge", "2025-01"), "kitchen-billing"),
    ).toMatchObject({
      contractVersion: "2024-01",
      readAs: "2024-01",
    });
    expect(connection(after, "kitchen-billing")).toEqual(connection(awkward, "kitchen-billing"));
  });

  it("leaves those alone who are pinned already", () => {
    const third = withNewVersion(after, "order-placed", "3.0.0");
    expect(connection(third, "shop-orders")).toMatchObject({ contractVersion: "1.2.0" });
    expect(versionsOf(third.contracts[0]!)).toHaveLength(3);
  });

  it("gone again, leaves no trace", () => {
    expect(withoutVersion(after, "order-placed", "2.0.0")).toEqual(awkward);
    expect(withoutVersion(after, "order-placed", "1.2.0").connections).toEqual(awkward.connections);
  });

  it("needs a name of its own, and a contract", () => {
    expect(withNewVersion(awkward, "order-placed", "1.2.0")).toBe(awkward);
    expect(withNewVersion(awkward, "nobody", "2")).toBe(awkward);
    expect(withoutVersion(awkward, "order-placed", "1.2.0")).toBe(awkward);
  });

  it("is spoken by those who are told to", () => {
    const published = withSpoken(after, "shop-orders", "order-placed", "2.0.0");
    expect(connection(published, "shop-orders")).toMatchObject({ contractVersion: "2.0.0" });
    expect(connection(published, "orders-kitchen")).toEqual(connection(after, "orders-kitchen"));
    const read = withSpoken(published, "orders-kitchen", "order-placed", undefined);
    expect(connection(read, "orders-kitchen")).toEqual(connection(awkward, "orders-kitchen"));
    const bind = withSpoken(read, "bind-dead", "order-placed", "2.0.0");
    expect(bind).toEqual(read);
  });
});
