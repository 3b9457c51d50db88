// What may be different in a second run that begins in the middle of a first: parameters that may change while a
// scenario runs, and what still lies ahead on the timeline. Everything else would have to be different from the start.

import { formatDurationMs } from "../base/units.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { checkScenario } from "../model/check.ts";
import { fieldsOf, nameOf, parametersOf } from "../model/elements.ts";
import { isEqual } from "../model/equal.ts";
import type { LiveAct } from "../model/result.ts";
import { runsTheSame } from "../model/runParts.ts";
import type { Scenario } from "../model/scenario.ts";
import { deedsOf } from "./timeline.ts";

const remedy = "run the changed scenario from its beginning instead.";

/** What has to be done at a time [ns] so that a run of `scenario` goes on as `wanted` says; the failure names the
 *  first difference that cannot come in the middle of a run. */
export function changesTo(
  scenario: Scenario,
  wanted: Scenario,
  timeNs: number,
): Result<readonly LiveAct[], string> {
  if (wanted === scenario) return succeed([]);
  const error = checkScenario(wanted).find(({ severity }) => severity === "error");
  if (error !== undefined) return fail(error.message);
  if (!runsTheSame(bare(scenario), bare(wanted)))
    return fail(
      `The changed scenario has another seed or length, or other elements or contracts; ${remedy}`,
    );
  const past = (timeline: Scenario["timeline"]) =>
    deedsOf(timeline).filter((deed) => deed.timeNs <= timeNs);
  if (!isEqual(past(scenario.timeline), past(wanted.timeline)))
    return fail(
      `The timeline before ${formatDurationMs(timeNs / 1e6)} has changed, which is over by then; ${remedy}`,
    );
  return settingsBetween(scenario, wanted);
}

/** The document without what may differ. */
function bare(scenario: Scenario): Scenario {
  const plain = <Element extends object>(elements: readonly Element[]) =>
    elements.map((element) => ({ ...element, parameters: {} }));
  return {
    ...scenario,
    nodes: plain(scenario.nodes),
    channels: plain(scenario.channels),
    connections: plain(scenario.connections),
    timeline: [],
    objectives: [],
  };
}

function settingsBetween(scenario: Scenario, wanted: Scenario): Result<readonly LiveAct[], string> {
  const acts: LiveAct[] = [];
  for (const { id } of [...scenario.nodes, ...scenario.channels, ...scenario.connections]) {
    const before = parametersOf(scenario, id);
    const after = parametersOf(wanted, id);
    for (const [parameter, field] of Object.entries(fieldsOf(scenario, id))) {
      const value = after[parameter]!;
      if (isEqual(before[parameter], value)) continue;
      if (field.live !== true)
        return fail(
          `"${field.label}" of ${nameOf(scenario, id)} cannot change while the scenario runs; ${remedy}`,
        );
      acts.push({ act: "set", target: id, parameter, value });
    }
  }
  return succeed(acts);
}
