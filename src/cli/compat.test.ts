// The command `compat`: files in every language, histories, documents, output for people and for programs.

import { describe, expect, test } from "vitest";
import { smallScenario } from "../model/scenario.suite.ts";
import { writeScenario } from "../model/parse.ts";
import { call } from "./memoryShell.suite.ts";

const open = JSON.stringify({ type: "object", properties: { a: { type: "string" } } });
const wider = "type: object\nproperties:\n  a: {type: string}\n  b: {type: string}\n";
const record = (...fields: readonly object[]) =>
  JSON.stringify({ type: "record", name: "E", fields });
const proto = (body: string) => `syntax = "proto3";\nmessage M { ${body} }\n`;

const files = {
  "open.json": open,
  "wider.yaml": wider,
  "broken.json": "{ nothing",
  "old.avsc": record({ name: "a", type: "string" }),
  "new.avsc": record({ name: "a", type: "string" }, { name: "b", type: "int" }),
  "avro-in-json.json": record({ name: "a", type: "string" }),
  "old.proto": proto("string a = 1;"),
  "new.proto": proto("int32 a = 1;"),
  "one.json": '{"enum": ["A"]}',
  "two.json": '{"enum": ["A", "B", "C"]}',
  "three.json": '{"enum": ["A", "B"]}',
};

const compat = (...typed: readonly string[]) => call(["compat", ...typed], { files });

describe("compat", () => {
  test("says which rule is broken, where, why, and what to do", async () => {
    const { code, out, err } = await compat("open.json", "wider.yaml");
    expect(err).toBe("");
    expect(code).toBe(1);
    expect(out).toMatch(/^Not compatible \(BACKWARD, JSON Schema, strict policy\)$/mu);
    expect(out).toMatch(
      /breaks +OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL at \/properties\/b$/mu,
    );
    expect(out).toContain("The lenient policy lets this pass");
  });

  test.each([
    [["open.json", "wider.yaml", "--policy", "lenient"], 0],
    [["wider.yaml", "open.json", "--mode", "backward", "--format", "json-schema"], 0],
    [["wider.yaml", "open.json", "--mode", "FORWARD"], 1],
    [["old.avsc", "new.avsc"], 1],
    [["avro-in-json.json", "new.avsc", "--mode", "forward"], 0],
    [["old.proto", "new.proto"], 1],
    [["old.proto", "old.proto", "--mode", "full"], 0],
    [["old.proto", "new.proto", "--mode", "none"], 0],
    [["one.json", "two.json", "three.json"], 1],
    [["one.json", "two.json", "three.json", "--mode", "backward-transitive"], 1],
    [["one.json", "two.json", "three.json", "--mode", "forward-transitive"], 1],
    [["one.json", "two.json", "three.json", "--mode", "forward"], 0],
    [["old.avsc", "old.proto"], 1],
  ])("ends %j with %d", async (typed, code) => {
    expect((await compat(...typed)).code).toBe(code);
  });

  test("shows a message that was fine and no longer is", async () => {
    const { out } = await compat("two.json", "one.json");
    expect(out).toMatch(/written with two\.json and cannot be read with one\.json:\n {2}"[BC]"\n/u);
    expect((await compat("one.json", "two.json")).out).not.toContain("For example");
  });

  test("compares a transitive history with each earlier version, the newest first", async () => {
    const typed = ["one.json", "two.json", "three.json", "--mode", "backward-transitive"];
    const { out } = await compat(...typed, "--json");
    const answer = JSON.parse(out) as { checks: { version: string; compatible: boolean }[] };
    expect(answer).toMatchObject({ compatible: false, mode: "BACKWARD_TRANSITIVE" });
    expect(answer.checks.map(({ version, compatible }) => [version, compatible])).toEqual([
      ["two.json", false],
      ["one.json", true],
    ]);
  });

  test.each([
    [["open.json", "missing.json"], "missing.json"],
    [["open.json", "broken.json"], "line 1, column 3"],
    [["open.json", "wider.yaml", "--mode", "bakward"], 'Did you mean "backward"'],
    [["open.json", "wider.yaml", "--policy", "soft"], "Choose from strict, lenient"],
    [["open.json", "wider.yaml", "--format", "xml"], "Choose from json-schema"],
    [["open.json"], "spillway compat OLD NEW"],
    [[], "FILE… is missing"],
  ])("finds fault with %j", async (typed, sentence) => {
    const { code, err } = await compat(...typed);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});

describe("compat of a document", () => {
  const small = smallScenario();
  const [first, ...others] = small.contracts;
  const text = writeScenario({
    ...small,
    contracts: [
      {
        ...first!,
        contractVersion: "2.0.0",
        schema: { type: "object", properties: { a: { type: "string" } } },
        earlier: [{ contractVersion: "1.0.0", schema: { type: "object" } }],
      },
      ...others,
    ],
  });
  const check = (...typed: readonly string[]) =>
    call(["compat", "small.spillway.json", ...typed], { files: { "small.spillway.json": text } });

  test("looks at every version that follows another, under its contract's mode", async () => {
    const { code, out } = await check();
    expect(out).toContain(`${first?.name} 2.0.0: Not compatible (BACKWARD)`);
    expect(code).toBe(1);
    expect((await check("--mode", "forward")).code).toBe(0);
    expect((await check("--policy", "lenient")).code).toBe(0);
  });

  test("prints one JSON object", async () => {
    const answer: unknown = JSON.parse((await check("--json")).out);
    expect(answer).toMatchObject({
      compatible: false,
      versions: [{ contractVersion: "2.0.0", mode: "BACKWARD", compatible: false }],
    });
  });

  test("says who does not get on with the newest version, whatever the registry says", async () => {
    const { code, out } = await call(["compat", "schema-change"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /affects Billing: reads 1\.0\.0 and cannot read 2\.0\.0 \(billing-takes\)/u,
    );
    const answer: unknown = JSON.parse((await call(["compat", "schema-change", "--json"])).out);
    expect(answer).toMatchObject({
      versions: [{ affected: [{ node: "billing", does: "reads" }, {}, {}] }],
    });
  });

  test("is content where no contract has an earlier version", async () => {
    const { code, out } = await call(["compat", "food-delivery"]);
    expect(code).toBe(0);
    expect(out).toBe("No contract has an earlier version.\n");
  });
});
