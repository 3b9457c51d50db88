// `run`: simulates a scenario to its end and prints the report, or to an instant and prints the state there.

import type { Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { formatDurationMs, msToNs, parseDurationMs } from "../../base/units.ts";
import type { Run } from "../../engine/run.ts";
import type { Report } from "../../model/report.ts";
import { adviseOn, hintsOn, writtenAdviceOn } from "../../model/advice/index.ts";
import type { Scenario } from "../../model/scenario.ts";
import { stateOf } from "../../model/state.ts";
import { adjust } from "../adjust.ts";
import type { Arguments, Command } from "../command.ts";
import { describeEntity } from "../entityText.ts";
import { describeReport } from "../reportText.ts";
import { fine, found, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { replicationOptions, runReplications, wantsReplications } from "../replications.ts";
import { simulate } from "../simulate.ts";
import { printProblems, readRunnable } from "../source.ts";
import { describeState } from "../stateText.ts";

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
    at: {
      value: "37.5s",
      help: "Print the state at this instant instead: what waits where, who is busy, what is blocked.",
    },
    entity: {
      value: "STORE/KEY",
      help: "Print an entity of a store that keeps events instead: its audit trail and its state.",
    },
    until: { value: "12s", help: "With --entity: its state at this time of the past." },
    "warm-up": {
      value: "10s|auto",
      help: "Leave the start out of latencies, rates and means; auto: as long as a first run took to settle.",
    },
    ...replicationOptions,
    json: { help: "Print the report, or the state, as one JSON object." },
    events: {
      value: "FILE",
      help: "Write one JSON line for each thing that happens to a message.",
    },
  },
  notes: ["Exit code 1: the document has errors, or an objective was missed."],
  run: async (given, shell) => {
    const read = await readRunnable(given.operands[0] ?? "", shell);
    if (!read.ok) return read.failure;
    const adjusted = adjust(read.value, given, shell);
    if (!adjusted.ok) return wrongUse(adjusted.failure);
    const scenario = given.value("warm-up") === "auto" ? settle(adjusted.value, shell) : adjusted;
    if (!scenario.ok) {
      printProblems(scenario.failure, shell);
      return found;
    }
    if (wantsReplications(given)) return runReplications(scenario.value, given, shell);
    const at = instantIn(scenario.value, given.value("at"), "--at");
    if (!at.ok) return wrongUse(at.failure);
    const path = given.value("events");
    const log = path === undefined ? succeed(undefined) : shell.openLines(path);
    if (!log.ok) return wrongUse(log.failure);
    const start = shell.wallSeconds();
    const ran = simulate(scenario.value, at.value, log.value);
    const wallSeconds = shell.wallSeconds() - start;
    const logged = log.value?.close() ?? succeed(null);
    if (!logged.ok) return wrongUse(logged.failure);
    if (!ran.ok) {
      printProblems(ran.failure, shell);
      return found;
    }
    const entity = given.value("entity");
    if (entity !== undefined) return showEntity(entity, ran.value, given, shell);
    const report = ran.value.report(wallSeconds);
    if (at.value !== undefined) {
      const state = stateOf(scenario.value, ran.value.frame(0), report);
      shell.out(given.has("json") ? `${JSON.stringify(state)}\n` : describeState(state));
      return state.conservation.holds ? fine : found;
    }
    shell.out(
      given.has("json")
        ? `${JSON.stringify({ ...report, advice: writtenAdviceOn(scenario.value, report) })}\n`
        : describeReport(report, [...adviseOn(scenario.value, report), ...hintsOn(scenario.value)]),
    );
    return outcomeOf(report);
  },
};

function outcomeOf({ objectives, conservation, ended }: Report): Outcome {
  const isFine =
    objectives.every(({ met }) => met) && conservation.holds && ended.reason !== "impossible";
  return isFine ? fine : found;
}

/** Prints what became of an entity, up to the end of the run or an earlier time. */
function showEntity(typed: string, ran: Run, given: Arguments, shell: Shell): Outcome {
  const slash = typed.indexOf("/");
  if (slash < 0)
    return wrongUse(
      `“${typed}” names no entity. Type a store and a key, such as --entity db/order-7`,
    );
  const until = instantIn(ran.scenarioWith([]), given.value("until"), "--until");
  if (!until.ok) return wrongUse(until.failure);
  const histories = ran.entityHistories({
    store: typed.slice(0, slash),
    key: typed.slice(slash + 1),
    untilNs: Math.min(until.value ?? Infinity, ran.timeNs()),
  });
  if (!histories.ok) return wrongUse(histories.failure);
  shell.out(
    given.has("json")
      ? `${JSON.stringify(histories.value)}\n`
      : histories.value.map(describeEntity).join("\n"),
  );
  return fine;
}

/** The scenario with a warm-up as long as a first run took to settle. */
function settle(scenario: Scenario, shell: Shell): Result<Scenario, readonly Problem[]> {
  const pilot = simulate(scenario);
  if (!pilot.ok) return pilot;
  const settledNs = pilot.value.settledNs();
  if (settledNs === undefined)
    shell.err(
      "The run does not settle in its first half, so nothing is left out. Make it longer with --duration.\n",
    );
  return succeed({ ...scenario, load: { ...scenario.load, warmUp: (settledNs ?? 0) / 1e6 } });
}

/** The instant that was typed [ns]; undefined when none was. */
function instantIn(
  scenario: Scenario,
  typed: string | undefined,
  option: "--at" | "--until",
): Result<number | undefined, string> {
  if (typed === undefined) return succeed(undefined);
  const { duration } = scenario.load;
  const at = parseDurationMs(typed);
  if (at !== undefined && at >= 0 && at <= duration) return succeed(msToNs(at));
  const length = formatDurationMs(duration);
  return fail(
    at === undefined
      ? `“${typed}” is no instant. Type a number with a unit, such as ${option} 37.5s`
      : `The run goes from 0 s to ${length}, and “${typed}” lies outside. Type an instant within, or another --duration.`,
  );
}
