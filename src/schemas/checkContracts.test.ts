// The contracts of a document: every version, in every language, with headers, examples and key; and every code of this
// room is reported by something here.

import { describe, expect, test } from "vitest";
import type { Problem } from "../base/problem.ts";
import { parseScenario } from "../model/parse.ts";
import type { Contract, Scenario } from "../model/scenario.ts";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { allLanguages } from "./allLanguages.ts";
import { checkContracts } from "./checkContracts.ts";
import { languagesOf } from "./languages.ts";
import { type SchemaCode, schemaProblems } from "./schemaProblems.ts";

const [first] = scenarios;

function scenarioWith(...contracts: readonly Contract[]): Scenario {
  if (first === undefined) throw new Error("there are no scenarios");
  return { ...first, contracts, connections: [] };
}

const plain: Contract = {
  id: "c",
  name: "C",
  contractVersion: "2",
  schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
};

const avro = {
  type: "record",
  name: "C",
  fields: [
    { name: "id", type: "string" },
    { name: "note", type: ["null", "string"], default: null },
  ],
};

function problemsOf(contract: Contract): readonly Problem[] {
  return checkContracts(scenarioWith(contract), allLanguages);
}

/** `severity code path` of each problem. */
function found(change: Partial<Contract>): readonly string[] {
  return problemsOf({ ...plain, ...change }).map(
    ({ severity, code, path }) => `${severity} ${code} ${path}`,
  );
}

test("what we write ourselves has no problems", () => {
  for (const scenario of scenarios) expect(checkContracts(scenario, allLanguages)).toEqual([]);
});

test("problems name the contract, and its place in the document", () => {
  const scenario = scenarioWith(plain, { ...plain, id: "d", schema: { type: "strng" } });
  expect(checkContracts(scenario, allLanguages)).toMatchObject([
    { path: "/contracts/1/schema/type", element: "d" },
  ]);
});

test.each<readonly [Partial<Contract>, readonly string[]]>([
  [{}, []],
  [{ headers: { type: "strng" } }, ["error contract/schema /contracts/0/headers/type"]],
  [{ key: "/id" }, []],
  [{ key: "" }, []],
  [{ key: "/idd" }, ["warning contract/key /contracts/0/key"]],
  [{ key: "/id/deeper" }, ["warning contract/key /contracts/0/key"]],
  [{ key: "id" }, ["warning contract/key /contracts/0/key"]],
  [{ key: "/any/thing", schema: {} }, []],
  [{ examples: [{ payload: { id: "1" } }, { headers: {} }] }, []],
  [
    { examples: [{ payload: { id: 1 } }] },
    ["warning contract/example /contracts/0/examples/0/payload/id"],
  ],
  [
    { headers: { required: ["trace"] }, examples: [{ headers: {} }] },
    ["warning contract/example /contracts/0/examples/0/headers"],
  ],
  [
    { earlier: [{ contractVersion: "1", schema: { type: "strng" } }] },
    ["error contract/schema /contracts/0/earlier/0/schema/type"],
  ],
  [{ earlier: [{ contractVersion: "1", schema: {}, examples: [{ payload: 1 }] }] }, []],
  [
    { earlier: [{ contractVersion: "2", schema: {} }] },
    ["error contract/versions /contracts/0/contractVersion"],
  ],
  [{ format: "avro", schema: avro, key: "/note", examples: [{ payload: { id: "1" } }] }, []],
  [
    { format: "avro", schema: avro, examples: [{ payload: { id: "1", more: true } }] },
    ["warning contract/example /contracts/0/examples/0/payload/more"],
  ],
  [
    { format: "avro", schema: { type: "record", name: "C" } },
    ["error contract/schema /contracts/0/schema"],
  ],
  [{ format: "avro", schema: "string" }, []],
  [{ format: "protobuf", schema: 'syntax = "proto3";\nmessage C { string order_id = 1; }' }, []],
  [
    {
      format: "protobuf",
      schema: 'syntax = "proto3";\nmessage C { int64 order_id = 1; }',
      key: "/order_id",
      examples: [{ payload: { order_id: 1 } }, { payload: { orderId: "1" } }],
    },
    [],
  ],
  [
    {
      format: "protobuf",
      schema: 'syntax = "proto3";\nmessage C { string id = 1; }',
      examples: [{ payload: { idd: "1" } }],
    },
    ["warning contract/example /contracts/0/examples/0/payload/idd"],
  ],
  [
    { format: "protobuf", schema: "message" },
    ["error contract/syntax /contracts/0/schema", "warning contract/doubtful /contracts/0/schema"],
  ],
  [{ format: "protobuf" }, ["error contract/schema /contracts/0/schema"]],
  [{ format: "json-schema", schema: "string" }, ["error contract/schema /contracts/0/schema"]],
])("%j", (change, problems) => {
  expect(found(change)).toEqual(problems);
});

test("a version that has not changed keeps its problems, in another language it is looked at anew", () => {
  const contract: Contract = { ...plain, schema: { type: "strng" } };
  expect(problemsOf(contract)).toEqual(problemsOf(contract));
  const scenario = scenarioWith(contract);
  Object.assign(contract, { format: "avro" });
  expect(checkContracts(scenario, allLanguages)).toMatchObject([{ code: "contract/reference" }]);
});

test("only the languages of the document are loaded, and what is not loaded is left out", async () => {
  const scenario = scenarioWith({ ...plain, format: "avro", schema: {} });
  expect(Object.keys(await languagesOf(scenario.contracts))).toEqual(["avro"]);
  expect(await languagesOf([])).toEqual({});
  expect(checkContracts(scenario, {})).toEqual([]);
});

describe("every code has a sample:", () => {
  const texts: Readonly<Record<SchemaCode, () => readonly Problem[]>> = {
    "contract/json": () => allLanguages["json-schema"].checkText("{").problems,
    "contract/syntax": () => allLanguages.protobuf.checkText("message").problems,
    "contract/repeated-name": () => allLanguages.avro.checkText('{"type": 1, "type": 2}').problems,
    "contract/schema": () => problemsOf({ ...plain, schema: { type: "strng" } }),
    "contract/reference": () => problemsOf({ ...plain, schema: { $ref: "#/no" } }),
    "contract/doubtful": () => problemsOf({ ...plain, schema: { requird: [] } }),
    "contract/example": () => problemsOf({ ...plain, examples: [{ payload: 1 }] }),
    "contract/key": () => problemsOf({ ...plain, key: "/no" }),
    "contract/versions": () =>
      problemsOf({ ...plain, earlier: [{ contractVersion: "2", schema: {} }] }),
  };

  test.each(Object.entries(texts))("%s", (code, problems) => {
    expect(problems().map((problem) => problem.code)).toContain(code);
    expect(schemaProblems).toHaveProperty([code]);
  });

  test("and the samples are documents", () => {
    const scenario = scenarioWith({ ...plain, key: "/no", examples: [{ payload: 1 }] });
    expect(parseScenario(scenario).ok).toBe(true);
  });
});
