// `run`: simulates a scenario to its end and prints the report.

import type { Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { formatDurationMs, parseDurationMs } from "../../base/units.ts";
import { durationMsMax } from "../../base/distribution.ts";
import { createRun, type Run } from "../../engine/run.ts";
import { assignParameter } from "../../model/assign.ts";
import type { Report } from "../../model/report.ts";
import { adviseOn } from "../../model/advice.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Arguments, Command } from "../command.ts";
import { eventLine } from "../eventLine.ts";
import { describeReport } from "../reportText.ts";
import { fine, found, type LineFile, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { printProblems, readRunnable } from "../source.ts";

/** Events simulated between two looks at whether the run has ended. */
const sliceEvents = 1 << 18;

/** The shortest run of a document [ms]. */
const durationMsMin = 1;

const seedMax = 2 ** 32 - 1;

/** Runs a scenario; ends with 1 when an objective is missed or the books do not balance. */
export const run: Command = {
  name: "run",
  summary: "Simulate a scenario and print its report.",
  operands: ["FILE|ID"],
  options: {
    seed: { value: "N", help: "Another seed, 0 to 4294967295." },
    duration: { value: "60s", help: "Another length of the run: 500ms, 60s, 5min, 1h." },
    set: {
      value: "NODE.PARAM=VALUE",
      repeats: true,
      help: "Another value for a parameter of a node, channel or connection.",
    },
    json: { help: "Print the report as one JSON object." },
    events: {
      value: "FILE",
      help: "Write one JSON line for each thing that happens to a message.",
    },
  },
  notes: ["Exit code 1: the document has errors, or an objective was missed."],
  run: (given, shell) => {
    const read = readRunnable(given.operands[0] ?? "", shell);
    if (!read.ok) return read.failure;
    const scenario = adjust(read.value, given);
    if (!scenario.ok) return wrongUse(scenario.failure);
    const path = given.value("events");
    const log = path === undefined ? succeed(undefined) : shell.openLines(path);
    if (!log.ok) return wrongUse(log.failure);
    const report = simulate(scenario.value, log.value, shell);
    const logged = log.value?.close() ?? succeed(null);
    if (!logged.ok) return wrongUse(logged.failure);
    if (!report.ok) {
      printProblems(report.failure, shell);
      return found;
    }
    shell.out(
      given.has("json")
        ? `${JSON.stringify(report.value)}\n`
        : describeReport(report.value, adviseOn(scenario.value, report.value)),
    );
    return outcomeOf(report.value);
  },
};

function outcomeOf({ objectives, conservation, ended }: Report): Outcome {
  const isFine =
    objectives.every(({ met }) => met) && conservation.holds && ended.reason !== "impossible";
  return isFine ? fine : found;
}

function simulate(
  scenario: Scenario,
  log: LineFile | undefined,
  shell: Shell,
): Result<Report, readonly Problem[]> {
  const start = shell.wallSeconds();
  const made = createRun(
    scenario,
    log === undefined ? {} : { onEvent: (record) => log.write(eventLine(record)) },
  );
  if (!made.ok) return made;
  runToEnd(made.value);
  return succeed(made.value.report(shell.wallSeconds() - start));
}

function runToEnd(simulation: Run): void {
  while (simulation.ended() === null)
    simulation.advance({ untilNs: Number.MAX_SAFE_INTEGER, maxEvents: sliceEvents });
}

/** The scenario with everything that the options change. */
function adjust(scenario: Scenario, given: Arguments): Result<Scenario, string> {
  const withSeed = setSeed(scenario, given.value("seed"));
  if (!withSeed.ok) return withSeed;
  let adjusted = setDuration(withSeed.value, given.value("duration"));
  for (const assignment of given.values("set"))
    if (adjusted.ok) adjusted = assignParameter(adjusted.value, assignment);
  return adjusted;
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
