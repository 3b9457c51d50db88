// What broken and malicious files bring about: findings with line and column, soon, and never an exception.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importAsyncapi } from "./importAsyncapi.ts";

const head = "asyncapi: 3.0.0\ninfo: { title: T, version: 1.0.0 }\n";

function errorsOf(text: string, name = "a.yaml") {
  return importAsyncapi([{ name, text }]).findings.filter(({ severity }) => severity === "error");
}

describe("broken input", () => {
  test("that is no YAML is placed by line and column", () => {
    const [error] = errorsOf(`${head}channels:\n  orders: [unclosed\n`);
    expect(error).toMatchObject({ code: "import/syntax", file: "a.yaml", line: 5 });
  });

  test("that is no JSON is placed by line and column", () => {
    const [error] = errorsOf('{\n  "asyncapi": "3.0.0",\n  "info": }\n', "a.json");
    expect(error).toMatchObject({ code: "import/syntax", line: 3 });
  });

  test("of a version that nobody knows is placed at the version", () => {
    const [error] = errorsOf("info: {}\nasyncapi: 1.2.0\n");
    expect(error).toMatchObject({ code: "import/version", line: 2, column: 1 });
  });

  test("with aliases that multiply is refused where it grows too large", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `x-${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join(", ")}]`,
    );
    const started = performance.now();
    const [error] = errorsOf(`${head}x-0: &a0 lol\n${levels.join("\n")}\n`);
    expect(error).toMatchObject({ code: "import/too-many-values" });
    expect(error?.line).toBeGreaterThan(3);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("with an alias inside of itself is refused there", () => {
    const [error] = errorsOf(`${head}x-a: &a\n  inner: *a\n`);
    expect(error).toMatchObject({ code: "import/circular-alias", line: 4, column: 10 });
  });

  test("of 20 MB is refused at the place where it becomes too much", () => {
    const started = performance.now();
    const [error] = errorsOf(`${head}${"x-a: 1234567890\n".repeat(1_300_000)}`);
    expect(error).toMatchObject({ code: "import/too-large" });
    expect(error?.line).toBeGreaterThan(100_000);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test.each([
    ["brackets", `${head}x-a: ${"[".repeat(100_000)}`],
    ["closed brackets", `${head}x-a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["sequences", `${head}x-a: ${"- ".repeat(20_000)}1`],
    ["JSON", `{"asyncapi":"3.0.0","x-a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ])("that is nested very deeply is refused: %s", (_, text) => {
    const started = performance.now();
    expect(errorsOf(text).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test("with references that lead in circles is placed at them", () => {
    const errors = errorsOf(
      `${head}channels:\n  a: { $ref: "#/channels/b" }\n  b: { $ref: "#/channels/a" }\n`,
    );
    expect(errors[0]).toMatchObject({ code: "import/reference", line: 4 });
  });

  test("with pointers that lead through each other ends", () => {
    const errors = errorsOf(
      `${head}channels:\n  a: { $ref: "#/channels/b/x" }\n  b: { $ref: "#/channels/a/x" }\n`,
    );
    expect(errors.length).toBeGreaterThan(0);
  });

  test("with references to the network or to missing files is placed at them", () => {
    const errors = errorsOf(
      `${head}channels:\n  a:\n    $ref: https://example.com/x.yaml#/a\n  b:\n    $ref: ./gone.yaml\n`,
    );
    expect(errors).toMatchObject([
      { code: "import/network-reference", line: 4 },
      { code: "import/missing-file", line: 6 },
    ]);
  });

  test("with a schema that contains itself becomes a contract that does, too", () => {
    const { scenario, findings } = importAsyncapi([
      {
        name: "tree.yaml",
        text: `${head}channels:
  trees:
    address: trees
    messages:
      tree:
        payload: { $ref: "#/components/schemas/Tree" }
components:
  schemas:
    Tree:
      type: object
      properties:
        next: { $ref: "#/components/schemas/Tree" }
        leaf: { $ref: "#/components/schemas/Leaf" }
    Leaf: { type: object, properties: { of: { $ref: "#/components/schemas/Leaf" } } }
`,
      },
    ]);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(scenario?.contracts[0]?.schema).toEqual({
      type: "object",
      properties: { next: { $ref: "#" }, leaf: { $ref: "#/definitions/Leaf" } },
      definitions: {
        Leaf: { type: "object", properties: { of: { $ref: "#/definitions/Leaf" } } },
      },
    });
  });

  test("that is no AsyncAPI at all says so", () => {
    expect(errorsOf("hello: world\n")).toMatchObject([{ code: "import/nothing" }]);
    expect(errorsOf("")).toMatchObject([{ code: "import/nothing" }]);
    expect(importAsyncapi([]).scenario).toBeUndefined();
  });
});

describe("any files", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("send", "receive", "kafka", "amqp", "http", "a", "", "object", null, 0, true),
      fc.record({
        $ref: fc.constantFrom(
          "#/channels/a",
          "#/channels/a/messages/a",
          "#/components/schemas/a",
          "#/components/messages/a",
          "b.yaml#/channels/a",
          "#",
          "#/x",
          "https://x.example/y",
        ),
      }),
      fc.dictionary(
        fc.constantFrom(
          "a",
          "b",
          "messages",
          "payload",
          "servers",
          "bindings",
          "kafka",
          "amqp",
          "publish",
          "subscribe",
          "message",
          "oneOf",
          "traits",
          "address",
          "action",
          "channel",
          "reply",
          "protocol",
          "host",
          "schema",
          "schemaFormat",
          "headers",
          "exchange",
          "name",
          "type",
          "properties",
          "examples",
          "partitions",
          "__proto__",
          "constructor",
        ),
        tie("any"),
      ),
      fc.array(tie("any"), { maxLength: 3 }),
    ),
  })).any;

  const documents = fc.record(
    {
      asyncapi: fc.constantFrom("2.0.0", "2.6.0", "3.0.0", "3.1.0"),
      info: value,
      servers: value,
      channels: value,
      operations: value,
      components: value,
    },
    { requiredKeys: ["asyncapi"] },
  );

  test("merge without an exception, and what is drawn can be opened", () => {
    fc.assert(
      fc.property(fc.array(documents, { minLength: 1, maxLength: 3 }), (list) => {
        // A key that no document may have is refused; see below.
        fc.pre(!JSON.stringify(list).includes('"__proto__"'));
        const { scenario, findings } = importAsyncapi(
          list.map((data, i) => ({ name: `${"abc"[i] ?? "d"}.yaml`, text: JSON.stringify(data) })),
        );
        expect(scenario).toBeDefined();
        expect(findings.filter(({ code }) => code === "import/not-drawn")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("with a key that is the prototype of objects are refused, and the key is named", () => {
    const payload = JSON.parse('{ "__proto__": "send" }') as object;
    const components = { messages: { $ref: "#" }, payload };
    const text = JSON.stringify({ asyncapi: "2.0.0", components });
    const { scenario, findings } = importAsyncapi([{ name: "a.yaml", text }]);
    expect(scenario).toBeUndefined();
    expect(findings.map(({ message }) => message).join("\n")).toContain('The key "__proto__"');
  });

  test("of any text end in findings", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const { findings } = importAsyncapi([{ name: "x.yaml", text: `asyncapi: 3.0.0\n${text}` }]);
        for (const { line, column } of findings) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
