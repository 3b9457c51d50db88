// A document that Spillway has written is opened as the scenario that it was.

import { expect, test } from "vitest";
import { documentFiles } from "../contracts/files.ts";
import { rich } from "../contracts/rich.suite.ts";
import { smallScenario } from "../model/scenario.suite.ts";
import { importAsyncapi } from "./importAsyncapi.ts";

const [file] = documentFiles(rich);
const name = file?.name ?? "";
const text = file?.text ?? "";

test("one that carries its scenario gives it back", () => {
  const { scenario, findings } = importAsyncapi([{ name, text }]);
  expect(scenario).toEqual(rich);
  expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
});

test("what was changed in another tool counts", () => {
  const edited = text.replace("address: orders\n", "address: orders.v2\n");
  const { scenario } = importAsyncapi([{ name, text: edited }]);
  expect(scenario?.channels[0]).toMatchObject({ id: "orders", name: "orders.v2" });
});

test("one whose scenario cannot be opened is drawn from what AsyncAPI says", () => {
  const broken = text.replace("seed: 7\n", "seed: many\n");
  const { scenario, findings } = importAsyncapi([{ name, text: broken }]);
  expect(scenario?.sources).toHaveLength(1);
  expect(findings).toContainEqual(
    expect.objectContaining({ severity: "warning", code: "import/scenario" }),
  );
});

test("several documents become one drawing", () => {
  const [other] = documentFiles(smallScenario());
  const { scenario } = importAsyncapi([
    { name, text },
    { name: "other.yaml", text: other?.text ?? "" },
  ]);
  expect(scenario?.sources).toHaveLength(2);
});
