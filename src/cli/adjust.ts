// What the options of a run change in its scenario: seed, length, warm-up and parameters.

import { durationMsMax } from "../base/distribution.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { formatDurationMs, parseDurationMs } from "../base/units.ts";
import { assignParameter } from "../model/assign.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Arguments } from "./command.ts";
import type { Shell } from "./shell.ts";

/** The shortest run of a document [ms]. */
const durationMsMin = 1;

const seedMax = 2 ** 32 - 1;

/** The scenario with everything that the options change. */
export function adjust(
  scenario: Scenario,
  given: Arguments,
  shell: Shell,
): Result<Scenario, string> {
  const withSeed = setSeed(scenario, given.value("seed"));
  if (!withSeed.ok) return withSeed;
  const withDuration = setDuration(withSeed.value, given.value("duration"));
  if (!withDuration.ok) return withDuration;
  let adjusted = setWarmUp(withDuration.value, given.value("warm-up"));
  for (const assignment of given.values("set"))
    if (adjusted.ok) {
      const complete = withFile(assignment, shell);
      adjusted = complete.ok ? assignParameter(adjusted.value, complete.value) : complete;
    }
  return adjusted;
}

/** An assignment of which the value may stand in a file: "source.recording=@arrivals.csv". */
function withFile(assignment: string, shell: Shell): Result<string, string> {
  const [target = "", path] = assignment.split(/=@(.*)/su);
  if (path === undefined || !target.trimEnd().endsWith(".recording")) return succeed(assignment);
  const text = shell.readFile(path);
  return text.ok ? succeed(`${target}=${text.value}`) : text;
}

function setSeed(scenario: Scenario, typed: string | undefined): Result<Scenario, string> {
  if (typed === undefined) return succeed(scenario);
  const seed = Number(typed);
  if (!/^\d+$/u.test(typed) || seed > seedMax)
    return fail(
      `“${typed}” is no seed. Type a whole number from 0 to ${seedMax}, such as --seed 7`,
    );
  return succeed({ ...scenario, seed });
}

function setDuration(scenario: Scenario, typed: string | undefined): Result<Scenario, string> {
  if (typed === undefined) return succeed(scenario);
  const duration = parseDurationMs(typed);
  if (duration === undefined || !(duration >= durationMsMin) || duration > durationMsMax)
    return fail(
      `“${typed}” is no length of a run. Type a number with a unit from ${formatDurationMs(durationMsMin)} to ${formatDurationMs(durationMsMax)}, such as --duration 60s`,
    );
  // Producers that would stop after the new end simply never stop.
  const { sourcesStopAt, ...load } = scenario.load;
  const stillStops = sourcesStopAt !== undefined && sourcesStopAt <= duration;
  return succeed({
    ...scenario,
    load: { ...load, duration, ...(stillStops ? { sourcesStopAt } : {}) },
  });
}

/** "auto" is decided later, by a first run. */
function setWarmUp(scenario: Scenario, typed: string | undefined): Result<Scenario, string> {
  if (typed === undefined || typed === "auto") return succeed(scenario);
  const warmUp = parseDurationMs(typed);
  const { duration } = scenario.load;
  if (warmUp === undefined || !(warmUp >= 0) || warmUp >= duration)
    return fail(
      `“${typed}” is no warm-up. Type auto, or a time below the ${formatDurationMs(duration)} of the run, such as --warm-up 10s`,
    );
  return succeed({ ...scenario, load: { ...scenario.load, warmUp } });
}
