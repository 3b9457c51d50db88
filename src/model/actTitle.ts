// Acts in words: for the history ("Crash Payment at 12.3 s") and for the list of the timeline.

import { formatValue } from "../base/fields.ts";
import { fieldsOf, nameOf } from "./elements.ts";
import type { LiveAct } from "./result.ts";
import type { Scenario } from "./scenario.ts";

/** One line for a live act at a moment of the run [ms]. */
export function actTitle(scenario: Scenario, act: LiveAct, atMs: number): string {
  return `${actWords(scenario, act)} at ${(atMs / 1000).toFixed(1)} s`;
}

/** What is done, such as "Crash Payment" or "Set rate of Customers to 35/s". */
export function actWords(scenario: Scenario, act: LiveAct): string {
  const name = nameOf(scenario, act.target);
  if (act.act === "set") {
    const field = fieldsOf(scenario, act.target)[act.parameter];
    const value = field === undefined ? JSON.stringify(act.value) : formatValue(field, act.value);
    return `Set ${(field?.label ?? act.parameter).toLowerCase()} of ${name} to ${value}`;
  }
  if (act.act === "roll out") {
    const contract = nameOf(scenario, act.contract);
    return `Roll out ${contract} ${act.contractVersion} at ${name}`;
  }
  const verb = act.act === "crash" ? "Crash" : "Restart";
  return act.member === undefined ? `${verb} ${name}` : `${verb} node ${act.member} of ${name}`;
}
