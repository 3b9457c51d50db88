// A design record in Markdown: what the system is, what its parts are set to, which contracts hold, what it shall do, what
// the last run showed and what is still open. One page to put beside the code.

import { formatDurationMs } from "../../base/units.ts";
import type { Problem } from "../../base/problem.ts";
import { checkVersions } from "../../contracts/checkVersions.ts";
import { entryWords } from "../../model/actTitle.ts";
import { checkScenario } from "../../model/check.ts";
import { nameOf } from "../../model/elements.ts";
import type { Report } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import { checkContracts } from "../../schemas/checkContracts.ts";
import { languagesOf } from "../../schemas/languages.ts";
import { readabilityFor } from "../../schemas/readabilityFor.ts";
import { flowchartOf } from "../mermaid.ts";
import { svgOf } from "../picture/picture.ts";
import type { Choice, ExportFile, WayOut } from "../wayOut.ts";
import { contractSection, partSections } from "./parts.ts";
import { paragraphs, plain, table } from "./markdown.ts";
import { resultSection } from "./results.ts";

const drawn: Choice = {
  id: "picture",
  label: "Picture",
  help: "The topology as Mermaid inside the record, or as an SVG file beside it.",
  options: [
    { value: "mermaid", label: "Mermaid" },
    { value: "svg", label: "SVG file" },
  ],
};

/** A design record. */
export const designRecord: WayOut = {
  id: "record",
  label: "Design record",
  description: "The design on one page of Markdown, with the results of the last run.",
  group: "Documents",
  choices: [drawn],
  tellsOfRun: true,
  make: async (scenario, { chosen, report }) => {
    const languages = await languagesOf(scenario.contracts);
    const problems = [
      ...checkScenario(scenario),
      ...checkContracts(scenario, languages),
      ...checkVersions(scenario, await readabilityFor(scenario)),
    ];
    const own = report?.scenario === scenario.id ? report : undefined;
    const svg = `${scenario.id}.svg`;
    const isSvg = chosen(drawn) === "svg";
    const files: ExportFile[] = [
      {
        name: `${scenario.id}.md`,
        text: recordOf(scenario, { problems, report: own, svg, isSvg }),
      },
    ];
    if (isSvg && scenario.nodes.length > 0)
      files.push({ name: svg, text: svgOf(scenario, "light") });
    const none = "There is no run yet, so the record has no results. Run the scenario first.";
    return { files, remarks: own === undefined ? [none] : [] };
  },
};

interface About {
  readonly problems: readonly Problem[];
  readonly report: Report | undefined;
  readonly svg: string;
  readonly isSvg: boolean;
}

function recordOf(scenario: Scenario, { problems, report, svg, isSvg }: About): string {
  const topology = isSvg
    ? [`![The topology](${svg})`]
    : ["```mermaid", flowchartOf(scenario).trimEnd(), "```"];
  const sections: readonly (readonly string[])[] = [
    [`# ${plain(scenario.title || scenario.id)}`],
    scenario.description === undefined ? [] : [paragraphs(scenario.description)],
    titled("Topology", scenario.nodes.length === 0 ? ["Nothing is drawn yet."] : topology),
    ...partSections(scenario),
    contractSection(scenario),
    titled("Load and timeline", loadLines(scenario)),
    titled("Objectives", objectiveLines(scenario, report)),
    report === undefined ? [] : resultSection(scenario, report),
    titled("Open problems", problemLines(scenario, problems)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines];
}

function loadLines(scenario: Scenario): readonly string[] {
  const { duration, sourcesStopAt, warmUp = 0 } = scenario.load;
  const stops =
    sourcesStopAt === undefined ? "" : `; producers stop at ${formatDurationMs(sourcesStopAt)}`;
  const left = warmUp === 0 ? "" : `; the first ${formatDurationMs(warmUp)} are not measured`;
  const acts = scenario.timeline.map((entry) => [
    formatDurationMs(entry.at),
    plain(entryWords(scenario, entry)),
  ]);
  const events = table(["At", "What happens"], acts);
  const length = `A run takes ${formatDurationMs(duration)}${stops}${left}. Seed ${scenario.seed}.`;
  return [length, ...(events.length === 0 ? [] : ["", ...events])];
}

function objectiveLines(scenario: Scenario, report: Report | undefined): readonly string[] {
  const results = new Map(report?.objectives.map((one) => [one.id, one]));
  return table(
    ["Objective", "Of", "Target", ...(report === undefined ? [] : ["Result", "Met"])],
    scenario.objectives.map(({ id, title, of, measure, is, value }) => {
      const result = results.get(id);
      const target = `${measure} ${is} ${value}`;
      const told =
        result === undefined
          ? ["", "not measured"]
          : [result.actual === null ? "" : String(result.actual), result.met ? "yes" : "**no**"];
      const whose = of === "run" ? "the run" : plain(nameOf(scenario, of));
      return [plain(title ?? id), whose, plain(target), ...(report === undefined ? [] : told)];
    }),
  );
}

function problemLines(scenario: Scenario, problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return ["None is known."];
  return problems.map(({ element, message, severity }) => {
    const whose = element === undefined ? "" : `${plain(nameOf(scenario, element))}: `;
    return `- ${severity === "error" ? "**Error.** " : ""}${whose}${plain(message)}`;
  });
}
