// The command that reads AsyncAPI files, with files in memory.

import { describe, expect, test } from "vitest";
import { parseScenarioText } from "../model/parse.ts";
import { call } from "./memoryShell.suite.ts";

const orders = `asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0 }
servers: { main: { host: "kafka:9092", protocol: kafka } }
channels:
  orders: { $ref: "../common/channels.yaml#/orders" }
operations:
  place: { action: send, channel: { $ref: "#/channels/orders" } }
`;
const billing = `asyncapi: 2.6.0
info: { title: Billing, version: 1.0.0 }
servers: { broker: { url: "kafka:9092", protocol: kafka } }
channels:
  orders:
    publish:
      message: { name: OrderPlaced, payload: { type: object, properties: { id: { type: string } } } }
`;
const common = `orders:
  address: orders
  messages:
    OrderPlaced: { payload: { type: object, properties: { id: { type: string } } } }
`;
const files = {
  "in/orders/asyncapi.yaml": orders,
  "in/billing/asyncapi.yaml": billing,
  "in/common/channels.yaml": common,
  "in/readme.md": "# Not for us",
};

describe("import asyncapi", () => {
  test("joins files of different versions into one scenario, with what they refer to", async () => {
    const typed = ["import", "asyncapi", "in/orders/asyncapi.yaml", "in/billing/asyncapi.yaml"];
    const { code, files: after, out } = await call([...typed, "--out", "all.json"], { files });
    expect(out).toContain("2 applications, 1 broker, 1 channel, 2 connections, 1 contract.");
    expect(code).toBe(0);
    const scenario = parseScenarioText(after["all.json"] ?? "");
    expect(scenario.ok && scenario.value.sources?.map(({ name }) => name)).toEqual([
      "orders/asyncapi.yaml",
      "billing/asyncapi.yaml",
      "common/channels.yaml",
    ]);
  });

  test("gives the files back with export, as they were", async () => {
    const { files: after } = await call(["import", "asyncapi", "in", "--out", "all.json"], {
      files,
    });
    const back = await call(["export", "asyncapi", "all.json", "--out", "back"], { files: after });
    expect(back.code).toBe(0);
    for (const name of ["orders/asyncapi.yaml", "billing/asyncapi.yaml", "common/channels.yaml"])
      expect(back.files[`back/${name}`]).toBe(after[`in/${name}`]);
    const printed = await call(["export", "asyncapi", "all.json"], { files: after });
    expect(printed.err).toContain("Type: --out DIR");
    const anew = await call(["export", "asyncapi", "all.json", "--layout", "system"], {
      files: after,
    });
    expect(anew.out).toContain("(all applications)");
  });

  test("takes a folder", async () => {
    const { code, out } = await call(["import", "asyncapi", "in", "--json"], { files });
    const { documents, scenario } = JSON.parse(out);
    expect(code).toBe(0);
    expect(documents).toHaveLength(2);
    expect(scenario.channels).toHaveLength(1);
  });

  test("prints problems with file, line and column, and ends with 1", async () => {
    const text = "asyncapi: 3.0.0\ninfo: { title: T }\nchannels: [1\n";
    const { code, err } = await call(["import", "asyncapi", "a.yaml"], {
      files: { "a.yaml": text },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^error \S+ a\.yaml:\d+:\d+: /u);
  });

  test("says what to type without files", async () => {
    const { code, err } = await call(["import", "asyncapi"]);
    expect(code).toBe(2);
    expect(err).toContain("FILE… is missing.");
  });

  test("says which file cannot be read", async () => {
    const { code, err } = await call(["import", "asyncapi", "gone.yaml"]);
    expect(code).toBe(2);
    expect(err).toContain("“gone.yaml” cannot be read.");
  });
});
