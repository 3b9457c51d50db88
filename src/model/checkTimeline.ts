// Whether what is to happen during the run can happen.

import { parseValue } from "../base/fields.ts";
import type { Problem, Severity } from "../base/problem.ts";
import { versionOf, versionsOf } from "./contracts.ts";
import { elementOf, fieldsOf, nameOf, obstacleOf } from "./elements.ts";
import { faultProblem } from "./faults.ts";
import { suggestion } from "./near.ts";
import { networkProblem } from "./networkFault.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import type { Scenario } from "./scenario.ts";
import { redriveProblem } from "./redrives.ts";
import type {
  FaultEntry,
  HealEntry,
  NetworkEntry,
  RedriveEntry,
  RollOutEntry,
  SetEntry,
  TimelineEntry,
} from "./timeline.ts";
import { dealingsOf } from "./versions.ts";

/** What is wrong in the timeline, entry by entry. */
export function checkTimeline(scenario: Scenario): readonly Problem[] {
  return scenario.timeline.flatMap((entry, i) => {
    const path = `/timeline/${i}`;
    return [...checkAct(scenario, entry, path), ...checkMoment(scenario, entry, path)];
  });
}

function checkAct(scenario: Scenario, entry: TimelineEntry, path: string): readonly Problem[] {
  switch (entry.act) {
    case "set":
      return checkSet(scenario, entry, path);
    case "roll out":
      return checkRollOut(scenario, entry, path);
    case "redrive":
      return checkRedrive(scenario, entry, path);
    case "network":
    case "heal":
      return checkNetwork(scenario, entry, path);
    default:
      return checkFault(scenario, entry, path);
  }
}

/** A problem of an entry, on the element that it is about. */
function entryProblem(
  code: ProblemCode,
  entry: TimelineEntry,
  at: { readonly path: string; readonly severity: Severity },
  message: string,
): Problem {
  return { code, ...at, element: entry.target, message };
}

function checkMoment(scenario: Scenario, entry: TimelineEntry, path: string): readonly Problem[] {
  if (entry.at <= scenario.load.duration) return [];
  return [
    entryProblem(
      "timeline/late",
      entry,
      { path: `${path}/at`, severity: "warning" },
      `This would happen at ${entry.at} ms, after the end of the run at ${scenario.load.duration} ms. Make the run longer, or let it happen earlier.`,
    ),
  ];
}

function checkFault(scenario: Scenario, entry: FaultEntry, path: string): readonly Problem[] {
  const problem = faultProblem(scenario, entry);
  if (problem === undefined) return [];
  const at = { path: `${path}/${problem.field}`, severity: "error" } as const;
  return [entryProblem(problem.code, entry, at, problem.message)];
}

function checkRedrive(scenario: Scenario, entry: RedriveEntry, path: string): readonly Problem[] {
  const problem = redriveProblem(scenario, entry);
  if (problem === undefined) return [];
  const at = { path: `${path}/${problem.field}`, severity: "error" } as const;
  return [entryProblem(problem.code, entry, at, problem.message)];
}

function checkNetwork(
  scenario: Scenario,
  entry: NetworkEntry | HealEntry,
  path: string,
): readonly Problem[] {
  const found = networkProblem(scenario, entry);
  if (found === undefined) return [];
  const { code, field, severity, message } = found;
  return [entryProblem(code, entry, { path: `${path}/${field}`, severity }, message)];
}

function checkSet(scenario: Scenario, entry: SetEntry, path: string): readonly Problem[] {
  const element = elementOf(scenario, entry.target);
  const problem = (code: ProblemCode, step: string, message: string): readonly Problem[] => [
    entryProblem(code, entry, { path: `${path}/${step}`, severity: "error" }, message),
  ];
  if (element === undefined || element.type === "contract")
    return problem(
      "timeline/target",
      "target",
      `There is no "${entry.target}" that has parameters. Name a node, channel or connection.`,
    );
  const name = nameOf(scenario, entry.target);
  const fields = fieldsOf(scenario, entry.target);
  const live = Object.keys(fields).filter((key) => fields[key]?.live === true);
  const choices =
    live.length === 0
      ? "Nothing of it can be changed during a run."
      : `Choose one of ${live.join(", ")}.`;
  const field = Object.hasOwn(fields, entry.parameter) ? fields[entry.parameter] : undefined;
  if (field === undefined)
    return problem(
      "timeline/parameter",
      "parameter",
      `${name} has no parameter "${entry.parameter}".${suggestion(entry.parameter, live)} ${choices}`,
    );
  if (field.live !== true)
    return problem(
      "timeline/not-live",
      "parameter",
      `"${entry.parameter}" of ${name} cannot change during a run. ${choices}`,
    );
  const value = parseValue(field, entry.value);
  if (!value.ok) return problem("timeline/value", "value", value.failure);
  const obstacle = obstacleOf(scenario, entry.target, entry.parameter);
  if (obstacle === undefined) return [];
  return [
    entryProblem(
      "timeline/no-effect",
      entry,
      { path: `${path}/parameter`, severity: "warning" },
      `"${field.label}" of ${name} has no effect while ${obstacle}. Choose something else there, or remove the entry.`,
    ),
  ];
}

function checkRollOut(scenario: Scenario, entry: RollOutEntry, path: string): readonly Problem[] {
  const problem = (code: ProblemCode, step: string, message: string): readonly Problem[] => [
    entryProblem(code, entry, { path: `${path}/${step}`, severity: "error" }, message),
  ];
  const contract = scenario.contracts.find(({ id }) => id === entry.contract);
  if (contract === undefined) {
    const ids = scenario.contracts.map(({ id }) => id);
    return problem(
      "timeline/contract",
      "contract",
      `There is no contract "${entry.contract}".${suggestion(entry.contract, ids)} Name one of this document.`,
    );
  }
  if (versionOf(contract, entry.contractVersion) === undefined) {
    const names = versionsOf(contract).map(({ contractVersion }) => contractVersion);
    return problem(
      "timeline/version",
      "contractVersion",
      `${contract.name} has no version "${entry.contractVersion}". Choose one of ${names.join(", ")}.`,
    );
  }
  if (dealingsOf(scenario, entry.target, contract.id).length > 0) return [];
  return problem(
    "timeline/target",
    "target",
    elementOf(scenario, entry.target) === undefined
      ? `There is no "${entry.target}" in this document. Name a node or connection that deals with ${contract.name}.`
      : `${nameOf(scenario, entry.target)} neither writes nor reads ${contract.name}. Name a node or connection that does.`,
  );
}
