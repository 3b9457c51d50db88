// `check`: what is wrong with a document.

import { hasErrors } from "../../base/problem.ts";
import type { Command } from "../command.ts";
import { fine, found, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { type Checked, describeProblem, readChecked } from "../source.ts";

/** Prints the problems of a document to standard output; ends with 1 when one of them is an error. */
export const check: Command = {
  name: "check",
  summary: "Print the problems of a document.",
  operands: ["FILE|ID"],
  options: { json: { help: "Print one JSON object: errors, warnings, problems." } },
  notes: ["Warnings do not change the exit code."],
  run: async (given, shell) => {
    const checked = await readChecked(given.operands[0] ?? "", shell);
    if (!checked.ok) return wrongUse(checked.failure);
    return given.has("json") ? printJson(checked.value, shell) : printLines(checked.value, shell);
  },
};

function countOf({ problems }: Checked, severity: "error" | "warning"): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

function printJson(checked: Checked, shell: Shell): Outcome {
  const { problems } = checked;
  const errors = countOf(checked, "error");
  const warnings = countOf(checked, "warning");
  shell.out(`${JSON.stringify({ errors, warnings, problems }, null, 2)}\n`);
  return errors > 0 ? found : fine;
}

function printLines(checked: Checked, shell: Shell): Outcome {
  for (const problem of checked.problems) shell.out(`${describeProblem(problem)}\n`);
  if (checked.problems.length === 0) shell.out("No problems.\n");
  return hasErrors(checked.problems) ? found : fine;
}
