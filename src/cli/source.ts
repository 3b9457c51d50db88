// Where a command's scenario comes from: a built-in one, a file, or standard input.

import { hasErrors, type Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { checkVersions } from "../contracts/checkVersions.ts";
import { checkScenario } from "../model/check.ts";
import { suggestion } from "../model/near.ts";
import { parseScenarioText } from "../model/parse.ts";
import type { Scenario } from "../model/scenario.ts";
import { shelf } from "../scenarios/index.ts";
import { allLanguages } from "../schemas/allLanguages.ts";
import { checkContracts } from "../schemas/checkContracts.ts";
import { knownVersions } from "./knownVersions.ts";
import { found, type Outcome, type Shell, wrongUse } from "./shell.ts";

/** A scenario that was read, with everything that is wrong with it. */
export interface Checked {
  readonly scenario?: Scenario;
  readonly problems: readonly Problem[];
}

/** Reads and checks what an operand FILE|ID names; the failure says why nothing could be read. */
export async function readChecked(operand: string, shell: Shell): Promise<Result<Checked, string>> {
  const builtIn = shelf.find(({ id }) => id === operand);
  if (builtIn !== undefined) return succeed(check(await builtIn.load()));
  const text = operand === "-" ? shell.readInput() : readExisting(operand, shell);
  if (!text.ok) return text;
  // Editors on Windows put a byte order mark before the text.
  const parsed = parseScenarioText(text.value.replace(/^\uFEFF/u, ""));
  return succeed(parsed.ok ? check(parsed.value) : { problems: parsed.failure });
}

function readExisting(path: string, shell: Shell): Result<string, string> {
  if (shell.fileExists(path)) return shell.readFile(path);
  const near = suggestion(
    path,
    shelf.map(({ id }) => id),
  );
  return fail(
    `There is no file and no built-in scenario “${path}”.${near} Type “spillway list” for the built-in ones.`,
  );
}

function check(scenario: Scenario): Checked {
  return {
    scenario,
    problems: [
      ...checkScenario(scenario),
      ...checkContracts(scenario, allLanguages),
      ...checkVersions(scenario, knownVersions(scenario)),
    ],
  };
}

/** A scenario without errors; otherwise its problems are printed and the command ends with this outcome. */
export async function readRunnable(
  operand: string,
  shell: Shell,
): Promise<Result<Scenario, Outcome>> {
  const checked = await readChecked(operand, shell);
  if (!checked.ok) return fail(wrongUse(checked.failure));
  const { scenario, problems } = checked.value;
  if (scenario !== undefined && !hasErrors(problems)) return succeed(scenario);
  printProblems(problems, shell);
  return fail(found);
}

/** Prints problems to standard error, one a line. */
export function printProblems(problems: readonly Problem[], shell: Shell): void {
  for (const problem of problems) shell.err(`${describeProblem(problem)}\n`);
}

/** A problem on one line: `error connection/dangling at /connections/3 (checkout): …`. */
export function describeProblem({ code, severity, path, element, message }: Problem): string {
  const place = path === "" ? "" : ` at ${path}`;
  const owner = element === undefined ? "" : ` (${element})`;
  return `${severity} ${code}${place}${owner}: ${message}`;
}
