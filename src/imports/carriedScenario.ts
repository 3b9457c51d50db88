// Documents that Spillway has written carry their scenario (contracts/fromExtensions.ts): one of them alone is opened as
// the scenario that it was, with what other tools have changed since.

import type { Problem } from "../base/problem.ts";
import { carriesScenario, scenarioOfAsyncapi } from "../contracts/fromExtensions.ts";
import type { Scenario } from "../model/scenario.ts";
import type { DocumentDescription } from "./description.ts";
import { type Finding, Findings } from "./findings.ts";

/** Problems of a carried scenario that are told; the first ones explain the others. */
const toldMax = 5;

/** What a document carries. */
export interface Carried {
  /** Absent where there is none, or none that can be opened. */
  readonly scenario?: Scenario;
  readonly findings: readonly Finding[];
}

/** The scenario that the only document of an import carries. */
export function carriedScenario(documents: readonly DocumentDescription[]): Carried {
  const [document, ...others] = documents;
  if (document === undefined || others.length > 0) return { findings: [] };
  const { file } = document;
  if (!carriesScenario(file.data)) return { findings: [] };
  const findings = new Findings();
  const carried = scenarioOfAsyncapi(file.data);
  const tell = (code: string, { path }: Pick<Problem, "path">, message: string): void =>
    findings.add("warning", code, { file, path: stepsOf(path) }, message);
  if (!carried.ok) {
    for (const problem of carried.failure.slice(0, toldMax))
      tell(
        "import/scenario",
        problem,
        `The scenario that ${file.name} carries cannot be opened, so its channels and operations are drawn. ${problem.message}`,
      );
    return { findings: findings.list() };
  }
  for (const remark of carried.value.remarks) tell(remark.code, remark, remark.message);
  const message = `${file.name} carries the scenario that it was written from, which is opened.`;
  findings.add("info", "import/scenario", { file, path: ["info", "x-spillway"] }, message);
  return { scenario: carried.value.scenario, findings: findings.list() };
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
