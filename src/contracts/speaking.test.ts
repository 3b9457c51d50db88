// What elements speak, in the document and in the course of a run.

import { expect, test } from "vitest";
import { parseScenario } from "../model/parse.ts";
import { schemaChange } from "../scenarios/schemaChange.ts";
import { spokenEventsOf, withSpoken } from "./speaking.ts";

const spoken = (id: string, atMs: number | null = null): readonly string[] =>
  spokenEventsOf(schemaChange, id, atMs).map((one) =>
    [one.does, one.contract.name, ...one.spoken].join(" "),
  );

test("nodes and connections speak what the document says, and later what was rolled out", () => {
  expect(spoken("shop")).toEqual(["Writes OrderPlaced 1.0.0"]);
  expect(spoken("place")).toEqual(["Writes OrderPlaced 1.0.0"]);
  expect(spoken("shop", 29_999)).toEqual(["Writes OrderPlaced 1.0.0"]);
  expect(spoken("shop", 30_000)).toEqual(["Writes OrderPlaced 2.0.0"]);
  expect(spoken("billing-takes", 59_000)).toEqual(["Reads OrderPlaced 1.0.0"]);
  expect(spoken("billing-takes", 61_000)).toEqual(["Reads OrderPlaced 2.0.0"]);
  expect(spoken("support")).toEqual(["Reads OrderPlaced 2.0.0"]);
  expect(spoken("rabbit")).toEqual([]);
  expect(spoken("repairs")).toEqual([]);
});

test("a version is chosen for a node or a connection, and the newest needs no words", () => {
  const event = "order-placed";
  const shop = withSpoken(schemaChange, "shop", event, undefined);
  const newest = withSpoken(shop, "billing-takes", event, undefined);
  expect(newest.connections.find(({ id }) => id === "place")).not.toHaveProperty("contractVersion");
  expect(newest.connections.find(({ id }) => id === "billing-takes")).not.toHaveProperty("reads");
  const back = withSpoken(withSpoken(newest, "place", event, "1.0.0"), "billing", event, "1.0.0");
  expect(back).toEqual(schemaChange);
  expect(parseScenario(structuredClone(newest)).ok).toBe(true);
  expect(withSpoken(schemaChange, "shop", "nobody", "1.0.0")).toBe(schemaChange);
});

test("a called service reads the request in a version of its own", () => {
  const { contracts } = schemaChange;
  const call = { id: "ask", kind: "call", from: "shop", to: "billing" } as const;
  const asked = {
    ...schemaChange,
    contracts,
    connections: [...schemaChange.connections, { ...call, contract: "order-placed" }],
  };
  const older = withSpoken(asked, "billing", "order-placed", "1.0.0");
  expect(older.connections.at(-1)).toEqual({ ...call, contract: "order-placed", readAs: "1.0.0" });
  expect(spokenEventsOf(older, "ask", null)[0]).toMatchObject({ spoken: ["2.0.0"] });
  expect(spokenEventsOf(older, "shop", null)[0]).toMatchObject({ spoken: ["1.0.0", "2.0.0"] });
});
