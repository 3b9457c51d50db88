// What makes figures doubtful: a start that is not typical, and a run that is too short for its objective.

import { formatDurationMs } from "../../base/units.ts";
import { durationMsMax } from "../../base/distribution.ts";
import { nameOf } from "../elements.ts";
import type { LatencyFigures, Report } from "../report.ts";
import type { Objective, Scenario } from "../scenario.ts";
import type { Advice } from "./advice.ts";

/** Objectives about a steady state: means, percentiles and shares that the start of a run bends. */
function isSteady({ measure }: Objective): boolean {
  return /^(latency|flow)\.(mean|p\d+)$|^(utilisation|meanInSystem|throughput)$/u.test(measure);
}

/** A run whose steady figures are asked for, and that counts its start, when everything is still empty. */
export function missingWarmUp(scenario: Scenario): readonly Advice[] {
  const { duration, warmUp = 0 } = scenario.load;
  const asked = scenario.objectives.find(isSteady);
  // Where something happens on the timeline, it is not a steady state that one looks at.
  if (asked === undefined || warmUp > 0 || scenario.timeline.length > 0) return [];
  const value = Math.ceil(duration / 10);
  return [
    {
      code: "advice/no-warm-up",
      element: "run",
      risk: `The objective “${asked.title ?? asked.id}” is about a steady state, and the run counts its start too.`,
      why: "A run begins empty: its first figures are better than those of any later minute, and pull the mean.",
      remedy: `Leave out the first ${formatDurationMs(value)}`,
      mend: (next) => ({ ...next, load: { ...next.load, warmUp: value } }),
    },
  ];
}

/** How wide the interval of a mean may be, of the mean. */
const halfWidthMax = 0.1;

/** Runs are lengthened at most by this factor at once. */
const longerMax = 20;

/** A run whose objective rests on a mean that is hardly known. */
export function shortRun(scenario: Scenario, report: Report): readonly Advice[] {
  if (scenario.timeline.length > 0 || scenario.load.sourcesStopAt !== undefined) return [];
  const found = scenario.objectives.flatMap((objective) => {
    const latency = isSteady(objective) ? latencyOf(report, objective) : undefined;
    const factor = latency === undefined ? 1 : factorFor(latency);
    return factor > 1 ? [{ objective, factor }] : [];
  });
  const worst = found.toSorted((left, right) => right.factor - left.factor)[0];
  return worst === undefined ? [] : [longer(scenario, worst.objective, worst.factor)];
}

/** The latency that an objective is about. */
function latencyOf(report: Report, { of, measure }: Objective): LatencyFigures | undefined {
  if (!measure.startsWith("latency.")) return undefined;
  const rows = [...report.nodes, ...report.channels, ...report.subscriptions, ...report.calls];
  return rows.find(({ id }) => id === of)?.latency;
}

/** How many times longer the run would have to be: the width falls with the root of the length. */
function factorFor({ mean, meanCertainty }: LatencyFigures): number {
  if (mean === null || mean === 0) return 1;
  const { halfWidth } = meanCertainty;
  if (halfWidth === null) return longerMax / 2;
  const share = halfWidth / mean;
  return Math.min(longerMax, Math.ceil((share / halfWidthMax) * (share / halfWidthMax)));
}

function longer(scenario: Scenario, { id, title, of }: Objective, factor: number): Advice {
  const value = Math.min(durationMsMax, scenario.load.duration * factor);
  return {
    code: "advice/short-run",
    element: "run",
    risk: `The run is too short for its objective “${title ?? id}”: the mean of ${nameOf(scenario, of)} is not known to within ${halfWidthMax * 100} %.`,
    why: "With another seed the same drawing could meet the objective or miss it.",
    remedy: `Let the run last ${formatDurationMs(value)}`,
    mend: (next) =>
      next.load.duration >= value ? next : { ...next, load: { ...next.load, duration: value } },
  };
}
