// Design records: every section with what belongs there, tables that are tables, and nothing in a name that is markup.
// @vitest-environment happy-dom

import mermaidLibrary from "mermaid";
import { describe, expect, test } from "vitest";
import { awkward } from "../../contracts/sample.suite.ts";
import { createRun } from "../../engine/run.ts";
import { emptyScenario, randomScenario } from "../../model/scenario.suite.ts";
import type { Report } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import { typicalScenarios } from "../../scenarios/everyScenario.suite.ts";
import { workQueue } from "../../scenarios/workQueue.ts";
import { choosing } from "../wayOut.ts";
import { designRecord } from "./designRecord.ts";
import { paragraphs, plain } from "./markdown.ts";

const make = async (scenario: Scenario, report?: Report, picture = "mermaid") =>
  designRecord.make(scenario, { chosen: choosing({ picture }), report });

const textOf = async (scenario: Scenario, report?: Report) =>
  (await make(scenario, report)).files[0]?.text ?? "";

function reportOf(scenario: Scenario): Report {
  const run = createRun(scenario);
  if (!run.ok) throw new Error(JSON.stringify(run.failure));
  run.value.advance({ untilNs: 5e9, maxEvents: 1e6 });
  return run.value.report(0);
}

const nasty: Scenario = {
  ...awkward,
  title: "# A | *title* <script>",
  description: "1. one\n\n- two | `three`\n\n<b>four</b>",
  nodes: awkward.nodes.map((node) => ({ ...node, name: `| ${node.id} | [x](y)\n*z*` })),
  objectives: [{ id: "o", title: "A | b", of: "run", measure: "events", is: "at least", value: 1 }],
};

const all = [...typicalScenarios, awkward, nasty, emptyScenario(), randomScenario(8, 5)];

describe.each(all.map((scenario, index) => [`${index} ${scenario.id}`, scenario] as const))(
  "%s",
  (_name, scenario) => {
    test("has tables in which every row is as long as the head", async () => {
      const text = await textOf(scenario);
      const blocks = text.split("\n\n").filter((block) => block.startsWith("|"));
      for (const block of blocks) {
        const lengths = block
          .split("\n")
          .map((row) => row.replaceAll(String.raw`\|`, "").split("|").length);
        expect(new Set(lengths).size, block).toBe(1);
      }
      expect(blocks.length).toBeGreaterThanOrEqual(scenario.nodes.length > 0 ? 3 : 0);
    });

    test("has a picture that Mermaid reads, or a file with it", async () => {
      const [, diagram] = /```mermaid\n([^]*?)```/u.exec(await textOf(scenario)) ?? [];
      if (scenario.nodes.length === 0) expect(diagram).toBeUndefined();
      else await expect(mermaidLibrary.parse(diagram ?? "")).resolves.toBeTruthy();
      const { files } = await make(scenario, undefined, "svg");
      const names = scenario.nodes.length === 0 ? ["md"] : ["md", "svg"];
      expect(files.map(({ name }) => name)).toEqual(names.map((end) => `${scenario.id}.${end}`));
    });
  },
);

test("names what differs from the defaults, who sends what to whom, and the acts", async () => {
  const text = await textOf(workQueue);
  expect(text).toContain("| Resizer | Service |");
  expect(text).toMatch(/Workers: 4/u);
  expect(text).toMatch(
    /\| ImageUploaded \| .* \| Uploads \| images<br>retry<br>resize.* \| Resizer \|/u,
  );
  expect(text).toContain("x-message-ttl: 5 s");
});

test("has results only of a run of this scenario, and says what is missing", async () => {
  const report = reportOf(workQueue);
  const { files, remarks } = await make(workQueue, report);
  expect(remarks).toEqual([]);
  expect(files[0]?.text).toContain(`Hash of the state: \`${report.stateHash}\``);
  expect(files[0]?.text).toContain("## Results of the last run");
  const without = await make(awkward, report);
  expect(without.files[0]?.text).not.toContain("## Results");
  expect(without.remarks).toHaveLength(1);
});

test("puts the results beside the objectives", async () => {
  const text = await textOf(nasty, reportOf(nasty));
  expect(text).toMatch(/\| A \\\| b \| the run \| events at least 1 \| \d+ \| yes \|/u);
});

test("lists open problems", async () => {
  const text = await textOf(awkward);
  const [, problems = ""] = text.split("## Open problems\n\n");
  expect(problems.split("\n").filter((line) => line.startsWith("- ")).length).toBeGreaterThan(2);
  const [first] = typicalScenarios;
  expect(await textOf(first!)).toContain("## Open problems\n\nNone is known.");
});

test("takes no name for markup", async () => {
  expect(plain("a|b *c* [d](e) <f> `g` \\ _h_\n# i")).toBe(
    String.raw`a\|b \*c\* \[d\](e) \<f\> \`g\` \\ \_h\_ \# i`,
  );
  expect(paragraphs("1. a\nb\n\n- c\n\n\n2) d")).toBe("1\\. a b\n\n\\- c\n\n2\\) d");
  expect(await textOf(nasty)).toMatch(/^# \\# A \\\| \\\*title\\\* \\<script\\>\n/u);
});
