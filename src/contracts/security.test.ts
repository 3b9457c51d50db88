// Security schemes of brokers and services in documents of all versions and layouts, and back.

import { describe, expect, test } from "vitest";
import { securitySchemes } from "../model/scenario.ts";
import { documentsOf } from "./files.ts";
import { scenarioOfAsyncapi } from "./fromExtensions.ts";
import { awkward } from "./sample.suite.ts";
import { readScheme, schemeObject } from "./security.ts";

test.each(securitySchemes)("%s is read as it is written", (scheme) => {
  expect(readScheme(schemeObject(scheme))).toBe(scheme);
});

test("what a scenario has no word for is no scheme", () => {
  for (const value of [{ type: "symmetricEncryption" }, { type: "http", scheme: "digest" }, null])
    expect(readScheme(value)).toBeUndefined();
  expect(readScheme({ type: "http", scheme: "Bearer" })).toBe("httpBearer");
});

describe("a document", () => {
  test("of version 3 refers to the schemes of its servers, and has no others", () => {
    const [document] = documentsOf(awkward);
    expect(document?.content).toMatchObject({
      servers: {
        k: { security: [{ $ref: "#/components/securitySchemes/scramSha512" }] },
        billing: { security: [{ $ref: "#/components/securitySchemes/httpBearer" }] },
      },
    });
    expect(document?.content).toHaveProperty("components.securitySchemes", {
      scramSha512: { type: "scramSha512" },
      httpBearer: { type: "http", scheme: "bearer" },
    });
    expect(document?.content).not.toHaveProperty("servers.r.security");
  });

  test("of version 2.6 names them", () => {
    const [document] = documentsOf(awkward, { version: "2.6.0" });
    expect(document?.content).toMatchObject({
      servers: { k: { security: [{ scramSha512: [] }] } },
      components: { securitySchemes: { scramSha512: { type: "scramSha512" } } },
    });
  });

  test("that shares its definitions shares the schemes", () => {
    const files = documentsOf(awkward, { layout: "applications", format: "json" });
    const file = (name: string) => files.find((one) => one.name === name)?.content;
    expect(file("common/servers")).toHaveProperty("k.security", [
      { $ref: "./securitySchemes.json#/scramSha512" },
    ]);
    expect(file("common/securitySchemes")).toHaveProperty("scramSha512.type", "scramSha512");
    expect(file("shop.asyncapi")).not.toHaveProperty("components");
  });

  test("of version 2.6 that shares has those of its servers itself, because it names them", () => {
    const files = documentsOf(awkward, { layout: "applications", version: "2.6.0" });
    expect(files.find(({ name }) => name === "shop.asyncapi")?.content).toMatchObject({
      servers: { k: { security: [{ scramSha512: [] }] } },
      components: { securitySchemes: { scramSha512: { type: "scramSha512" } } },
    });
  });
});

test("a scheme that another tool has changed counts", () => {
  const document = JSON.parse(JSON.stringify(documentsOf(awkward)[0]?.content)) as {
    components: { securitySchemes: Record<string, object> };
    info: object;
  };
  document.components.securitySchemes["scramSha512"] = { type: "plain" };
  Object.assign(document.info, { contact: { name: "Others" }, license: { name: "MIT" } });
  const back = scenarioOfAsyncapi(document);
  expect(back.ok && back.value.scenario.nodes.find(({ id }) => id === "k")).toHaveProperty(
    "security",
    "plain",
  );
  expect(back.ok && back.value.scenario.contact).toEqual({ name: "Others" });
  expect(back.ok && back.value.scenario.licence).toEqual({ name: "MIT" });
});
