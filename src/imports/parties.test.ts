// What documents say about contact, licence and security becomes part of the drawing, and goes back into their texts.

import { describe, expect, test } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import { exportImported } from "./exportImported.ts";
import { importAsyncapi, type Imported } from "./importAsyncapi.ts";

const contact = { name: "Team", url: "https://team.example.com", email: "team@example.com" };
const license = { name: "MIT", url: "https://opensource.org/license/mit" };

function document3(security: readonly object[], info: object = {}, protocol = "kafka"): object {
  return {
    asyncapi: "3.0.0",
    info: { title: "Shop", version: "1.0.0", ...info },
    servers: { main: { host: "main.example.com", protocol, security } },
    channels: { orders: { address: "orders", messages: { placed: { payload: {} } } } },
    operations: { send: { action: "send", channel: { $ref: "#/channels/orders" } } },
    components: { securitySchemes: { scram: { type: "scramSha256" }, key: { type: "apiKey" } } },
  };
}

function imported(...documents: readonly object[]): Imported & { readonly scenario: Scenario } {
  const { scenario, ...rest } = importAsyncapi(
    documents.map((one, index) => ({ name: `${index}.json`, text: JSON.stringify(one, null, 2) })),
  );
  if (scenario === undefined) throw new Error("Nothing was imported.");
  return { scenario, ...rest };
}

function securityIn({ nodes }: Scenario, kind: string): unknown {
  const node = nodes.find((one) => one.kind === kind);
  return node !== undefined && "security" in node ? node.security : undefined;
}

function about({ findings }: Imported): readonly string[] {
  return findings.filter(({ code }) => code === "import/security").map(({ message }) => message);
}

describe("contact and licence", () => {
  test("are those of the document", () => {
    const { scenario } = imported(document3([], { contact, license }));
    expect(scenario.contact).toEqual(contact);
    expect(scenario.licence).toEqual(license);
  });

  test("are those of all documents that state them, and none where they disagree", () => {
    const silent = document3([]);
    const other = document3([], { contact: { name: "Others" }, license });
    expect(imported(silent, other).scenario.contact).toEqual({ name: "Others" });
    const { scenario } = imported(document3([], { contact, license }), silent, other);
    expect(scenario).not.toHaveProperty("contact");
    expect(scenario.licence).toEqual(license);
  });

  test("have limits", () => {
    const long = `https://example.com/${"a".repeat(600)}`;
    const { scenario } = imported(
      document3([], { contact: { url: long }, license: { name: "L".repeat(200), url: long } }),
    );
    expect(scenario).not.toHaveProperty("contact");
    expect(scenario.licence?.name).toHaveLength(120);
    expect(scenario.licence).not.toHaveProperty("url");
  });

  test("that were changed are changed in the text, and nothing else is", () => {
    const { scenario } = imported(document3([], { license }));
    const [before] = scenario.sources ?? [];
    const { licence: _, ...rest } = scenario;
    const [after] = exportImported({ ...rest, contact: { name: "New" } }).files;
    const [was, is] = [before, after].map(
      (one) => JSON.parse(one?.text ?? "") as { readonly info: object },
    );
    expect(is).toEqual({
      ...was,
      info: { title: "Shop", version: "1.0.0", contact: { name: "New" } },
    });
    expect(exportImported(scenario).files[0]?.text).toBe(before?.text);
  });
});

describe("security", () => {
  test("is that of the server", () => {
    const result = imported(document3([{ $ref: "#/components/securitySchemes/scram" }]));
    expect(securityIn(result.scenario, "broker")).toBe("scramSha256");
    expect(about(result)).toEqual([]);
    expect(securityIn(imported(document3([])).scenario, "broker")).toBeUndefined();
  });

  test("is the first of several that fits, and that is said", () => {
    const result = imported(
      document3([{ $ref: "#/components/securitySchemes/key" }, { type: "X509" }]),
    );
    expect(securityIn(result.scenario, "broker")).toBe("X509");
    expect(about(result)).toEqual([expect.stringContaining("several kinds of security")]);
  });

  test("of a kind that has no place is said, too", () => {
    const result = imported(document3([{ $ref: "#/components/securitySchemes/key" }]));
    expect(securityIn(result.scenario, "broker")).toBeUndefined();
    expect(about(result)).toEqual([expect.stringContaining("no place")]);
  });

  test("is named in version 2", () => {
    const { scenario } = imported({
      asyncapi: "2.6.0",
      info: { title: "Shop", version: "1.0.0" },
      servers: { main: { url: "main:5672", protocol: "amqp", security: [{ user: [] }] } },
      channels: { orders: { subscribe: { message: { payload: {} } } } },
      components: { securitySchemes: { user: { type: "userPassword" } } },
    });
    expect(securityIn(scenario, "broker")).toBe("userPassword");
  });

  test("of a server for requests is that of the service that answers", () => {
    const http = (action: string, title: string): object => ({
      ...document3([{ type: "http", scheme: "bearer" }], { title }, "http"),
      operations: { ask: { action, channel: { $ref: "#/channels/orders" } } },
    });
    const { scenario } = imported(http("send", "Asks"), http("receive", "Answers"));
    expect(scenario.connections.map(({ kind }) => kind)).toEqual(["call"]);
    expect(securityIn(scenario, "service")).toBe("httpBearer");
  });

  test("that was changed does not reach the text, which is said", () => {
    const { scenario } = imported(document3([{ type: "plain" }]));
    const nodes = scenario.nodes.map((node) =>
      node.kind === "broker" ? { ...node, security: "gssapi" as const } : node,
    );
    const { files, remarks } = exportImported({ ...scenario, nodes });
    expect(files[0]?.text).toBe(scenario.sources?.[0]?.text);
    expect(remarks.join()).toContain("security");
    expect(exportImported(scenario).remarks).toEqual([]);
  });
});
