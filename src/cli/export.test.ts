// The ways out at the terminal: what is printed, what is written, and what wrong use is answered.

import { describe, expect, test } from "vitest";
import { deployments } from "../brokers/deployments.ts";
import { technologyIds } from "../brokers/index.ts";
import { waysOut } from "../exports/index.ts";
import { call } from "./memoryShell.suite.ts";

// Nothing was imported into the examples.
const inExamples: readonly string[] = ["kafka", "rabbitmq"];
// Set-ups of technologies that no example has are tested beside them.
const ofOthers = technologyIds
  .filter((id) => !inExamples.includes(id))
  .flatMap((id) => deployments[id].setUps.map((setUp) => setUp.id));
const kinds = waysOut
  .map(({ id }) => id)
  .filter((id) => id !== "imported" && !ofOthers.includes(id));

test.each(kinds)("writes files as %s", async (kind) => {
  const scenario = kind === "rabbitmq" ? "work-queue" : "food-delivery";
  const { code, out, files } = await call(["export", kind, scenario, "--out", "made/"]);
  expect(code).toBe(0);
  const names = out.trimEnd().split("\n");
  expect(names).toEqual(Object.keys(files));
  for (const name of names) {
    expect(name).toMatch(/^made\/[\w.-]/u);
    expect(files[name]).toMatch(/\S[^]*\n$/u);
  }
});

test("prints a single file", async () => {
  const { code, out, files } = await call(["export", "mermaid", "work-queue"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^flowchart LR\n/u);
  expect(files).toEqual({});
});

test("makes what was chosen", async () => {
  const dark = await call(["export", "svg", "work-queue", "--theme", "dark"]);
  const light = await call(["export", "svg", "work-queue"]);
  expect(dark.out).toContain("#0c1417");
  expect(light.out).not.toContain("#0c1417");
});

test("tells of a run where it was asked to", async () => {
  const { out, err } = await call(["export", "record", "work-queue", "--run"]);
  expect(out).toMatch(/^## Results of the last run$/mu);
  expect(err).toBe("");
  const without = await call(["export", "record", "work-queue"]);
  expect(without.out).not.toContain("## Results");
  expect(without.err).toContain("There is no run yet");
});

describe("answers with a sentence", () => {
  test.each([
    [["pdf", "work-queue"], "There is no kind “pdf”. Kinds: imported, svg, "],
    [["mermad", "work-queue"], "Did you mean"],
    [["svg", "work-queue", "--theme", "pink"], "no theme “pink”. Type one of: light, dark"],
    [["svg", "work-queue", "--diagram", "sequence"], "“export svg” has no option --diagram."],
    [["compose", "work-queue"], "These are 3 files. Type where to write them: --out DIR"],
    [["imported", "work-queue"], "Nothing was imported into this document."],
    [["strimzi", "work-queue"], "There is no Apache Kafka broker in this scenario."],
    [["svg", "work-queue", "--run"], "“export svg” does not tell of a run."],
    [["svg", "work-queue", "--out", "locked"], "cannot be written"],
  ])("%j", async (typed, sentence) => {
    const { code, out, err } = await call(["export", ...typed]);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(out).toBe("");
  });

  test("and says which kinds there are", async () => {
    const { out } = await call(["export", "--help"]);
    for (const { id } of waysOut) expect(out).toMatch(new RegExp(`^ {2}${id} `, "mu"));
  });
});
