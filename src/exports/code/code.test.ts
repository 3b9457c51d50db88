// Generated code: TypeScript compiles in strict mode and takes samples, Python compiles, every language has every event.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import type { Contract, Scenario } from "../../model/scenario.ts";
import { emptyScenario } from "../../model/scenario.suite.ts";
import { awkward } from "../../contracts/sample.suite.ts";
import { typicalScenarios } from "../../scenarios/everyScenario.suite.ts";
import { jsonSamplesOf } from "../../schemas/samples.ts";
import { choosing } from "../wayOut.ts";
import { code } from "./code.ts";
import { contractSchemas } from "./contractSchemas.ts";
import { indented } from "./indented.ts";
import { schemaFiles } from "./schemaFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "spillway-code-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = async (scenario: Scenario, language: string) =>
  code.make(scenario, { chosen: choosing({ language }) });

const contracts: readonly Contract[] = [
  {
    id: "avro",
    name: "Avro event",
    contractVersion: "1",
    format: "avro",
    schema: {
      type: "record",
      name: "Money",
      fields: [
        { name: "amount", type: "long" },
        { name: "currency", type: { type: "enum", name: "Currency", symbols: ["EUR", "USD"] } },
      ],
    },
  },
  {
    id: "proto",
    name: "proto-event",
    contractVersion: "1",
    format: "protobuf",
    schema: 'syntax = "proto3";\nmessage Shipped { string id = 1; repeated int32 parts = 2; }\n',
  },
];

const languages: Scenario = { ...emptyScenario(), id: "languages", contracts };

/** What the compiler has to say about files that are all in one folder. */
function typeErrors(files: readonly { readonly name: string; readonly text: string }[]): string {
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const options = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--skipLibCheck"];
  const compiler = join(process.cwd(), "node_modules", "typescript", "bin", "tsc");
  const names = files.map(({ name }) => name);
  try {
    execFileSync(process.execPath, [compiler, ...options, "--ignoreConfig", ...names], {
      cwd: folder,
    });
    return "";
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

test("TypeScript of every contract compiles and takes samples", async () => {
  const files: { readonly name: string; readonly text: string }[] = [];
  for (const scenario of [...typicalScenarios, languages]) {
    const { schemas } = await contractSchemas(scenario);
    const made = await make(scenario, "typescript");
    expect(made.remarks).toEqual([]);
    expect(made.files.map(({ name }) => name)).toEqual(schemas.map(({ name }) => `${name}.ts`));
    for (const { name, schema } of schemas) {
      const samples = jsonSamplesOf(schema, 7, 3);
      const values = samples.ok ? samples.value.map(({ value }) => JSON.stringify(value)) : [];
      expect(values.length).toBeGreaterThan(0);
      const own = `${scenario.id}-${name}`;
      const text = made.files.find((file) => file.name === `${name}.ts`)?.text ?? "";
      files.push({ name: `${own}.ts`, text });
      const lines = values.map(
        (value, index) => `export const sample${index}: ${name} = ${value};`,
      );
      const use = [`import type { ${name} } from "./${own}.js";`, ...lines, ""].join("\n");
      files.push({ name: `${own}.use.ts`, text: use });
    }
  }
  expect(typeErrors(files)).toBe("");
  expect(typeErrors([{ name: "wrong.ts", text: "export const x: string = 1;\n" }])).toContain(
    "TS2322",
  );
});

test("TypeScript is indented and says which event it is", async () => {
  const [file] = (await make(languages, "typescript")).files;
  expect(file).toEqual({
    name: "AvroEvent.ts",
    text: [
      "/** Types of the event Avro event. */",
      "",
      'export type Currency = ("EUR" | "USD")',
      "",
      "export interface AvroEvent {",
      "  amount: number",
      "  currency: Currency",
      "}",
      "",
    ].join("\n"),
  });
});

test("indentation leaves texts and comments alone", () => {
  const text = 'a {\nb: "{["\n/**\n* {\n*/\nc: {\nd: (1 |\n2)\n}[]\n}\nend';
  expect(indented(text)).toBe(
    'a {\n  b: "{["\n  /**\n   * {\n   */\n  c: {\n    d: (1 |\n      2)\n  }[]\n}\nend',
  );
});

describe.each([
  ["java", "OrderPlaced.java", "public class OrderPlaced"],
  ["python", "events.py", "class OrderPlaced:"],
  ["csharp", "Events.cs", "public partial class OrderPlaced"],
  ["go", "events.go", "type OrderPlaced struct"],
])("%s", (language, name, beginning) => {
  test("has a model for every event", async () => {
    for (const scenario of [...typicalScenarios, languages]) {
      const { schemas } = await contractSchemas(scenario);
      const { files, remarks } = await make(scenario, language);
      expect(remarks).toEqual([]);
      const all = files.map(({ text }) => text).join("\n");
      for (const schema of schemas) expect(all).toContain(schema.name);
      expect((all.match(/\{/gu) ?? []).length).toBe((all.match(/\}/gu) ?? []).length);
    }
    const [first] = typicalScenarios;
    const { files } = await make(first!, language);
    expect(files.find((file) => file.name === name)?.text).toContain(beginning);
  });
});

test("Python compiles, where there is one", async ({ skip }) => {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
  } catch {
    skip();
  }
  for (const scenario of [...typicalScenarios, languages]) {
    const path = join(folder, `${scenario.id.replaceAll("-", "_")}.py`);
    writeFileSync(path, (await make(scenario, "python")).files[0]?.text ?? "");
    execFileSync("python3", ["-m", "py_compile", path], { cwd: folder });
  }
});

describe("awkward contracts", () => {
  test("that lead outside their schema are left out, and the rest is made", async () => {
    for (const language of ["typescript", "java"]) {
      const { files, remarks } = await make(awkward, language);
      expect(files.length).toBeGreaterThan(0);
      expect(remarks).toEqual([expect.stringMatching(/^OrderPlaced is left out: /u)]);
    }
  });

  test("have names that differ", async () => {
    const twice = {
      ...languages,
      contracts: contracts.map((one) => ({ ...one, name: "1 événement" })),
    };
    const { schemas } = await contractSchemas(twice);
    expect(schemas.map(({ name }) => name)).toEqual(["Event1Evenement", "Event1Evenement2"]);
  });

  test("that are none give no files", async () => {
    const { files, remarks } = await make(emptyScenario(), "go");
    expect(files).toEqual([]);
    expect(remarks).toEqual(["There is no contract yet, so there are no types to make."]);
  });
});

describe("schema files", () => {
  const write = async (scenario: Scenario, versions: string) =>
    schemaFiles.make(scenario, { chosen: choosing({ versions }) });

  test("are in their own language", async () => {
    const { files } = await write(languages, "newest");
    expect(files.map(({ name }) => name)).toEqual(["Avro-event.avsc", "proto-event.proto"]);
    expect(JSON.parse(files[0]?.text ?? "")).toEqual(contracts[0]?.schema);
    expect(files[1]?.text).toBe(contracts[1]?.schema);
  });

  test("are there for every version", async () => {
    const [contract] = awkward.contracts;
    const earlier = [{ contractVersion: "1.0.0", schema: { type: "object" } }];
    const scenario = { ...emptyScenario(), contracts: [{ ...contract!, earlier }] };
    const { files } = await write(scenario, "all");
    expect(files.map(({ name }) => name)).toEqual([
      "OrderPlaced.v1.0.0.schema.json",
      "OrderPlaced.v1.2.0.schema.json",
    ]);
    expect(JSON.parse(files[0]?.text ?? "")).toEqual({ type: "object" });
  });
});
