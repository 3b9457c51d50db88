// `run --replications`: the same scenario with many seeds, in several threads, and what they say together.

import { fail, type Result, succeed } from "../base/result.ts";
import { parseRatio } from "../base/units.ts";
import { ReplicationSeries } from "../engine/replications.ts";
import {
  type ReplicationPlan,
  replicationsDefaultMax,
  replicationsMax,
  replicationsMin,
  type ReplicationsReport,
} from "../model/replications.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Arguments, Option } from "./command.ts";
import { describeReplications } from "./replicationsText.ts";
import { fine, found, type Outcome, type Shell, wrongUse } from "./shell.ts";
import { printProblems } from "./source.ts";

/** The options of replications. */
export const replicationOptions = {
  replications: {
    value: "20",
    help: "Run it so often, with seeds that follow from the first, and print means with 95 % intervals.",
  },
  precision: {
    value: "2%",
    help: "Go on until half the interval of every flow's mean latency is at most this share of it.",
  },
  "max-replications": { value: "200", help: "But never more often than this." },
  threads: {
    value: "N",
    help: "Compute so many at a time; changes nothing but the time it takes.",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Whether replications were asked for. */
export function wantsReplications(given: Arguments): boolean {
  return Object.keys(replicationOptions).some((option) => given.value(option) !== undefined);
}

/** Runs the replications that were asked for; ends with 1 when the books of one do not balance or an objective was
 *  missed in one. */
export async function runReplications(
  scenario: Scenario,
  given: Arguments,
  shell: Shell,
): Promise<Outcome> {
  for (const option of ["at", "events"])
    if (given.value(option) !== undefined)
      return wrongUse(
        `--${option} is about one run, and --replications about many. Leave out one of them.`,
      );
  const plan = planOf(given);
  if (!plan.ok) return wrongUse(plan.failure);
  const threads = wholeNumber(given, "threads", { min: 1, max: 256 });
  if (!threads.ok) return wrongUse(threads.failure);
  const series = new ReplicationSeries(scenario, plan.value);
  const start = shell.wallSeconds();
  const ran = await shell.replicate(series, threads.value);
  if (!ran.ok) {
    printProblems(ran.failure, shell);
    return found;
  }
  // At least two were computed, because fewer cannot be asked for.
  const report = series.report(shell.wallSeconds() - start)!;
  shell.out(
    given.has("json") ? `${JSON.stringify(report)}\n` : describeReplications(report, scenario),
  );
  return isFine(report) ? fine : found;
}

function isFine({ holds, objectives, replications }: ReplicationsReport): boolean {
  return holds && objectives.every(({ met }) => met === replications);
}

function planOf(given: Arguments): Result<ReplicationPlan, string> {
  const limits = { min: 2, max: replicationsMax };
  const count = wholeNumber(given, "replications", limits);
  if (!count.ok) return count;
  const max = wholeNumber(given, "max-replications", limits);
  if (!max.ok) return max;
  const typed = given.value("precision");
  const precision = typed === undefined ? undefined : parseRatio(typed);
  if (typed !== undefined && !(precision !== undefined && precision > 0 && precision < 1))
    return fail(
      `“${typed}” is no precision. Type a share between 0 % and 100 %, such as --precision 2%`,
    );
  if (precision === undefined && count.value === undefined)
    return fail("Say how often, such as --replications 20, or how sure, such as --precision 2%");
  return succeed({
    count: count.value ?? replicationsMin,
    max: max.value ?? replicationsDefaultMax,
    ...(precision === undefined ? {} : { precision }),
  });
}

function wholeNumber(
  given: Arguments,
  option: keyof typeof replicationOptions,
  { min, max }: { readonly min: number; readonly max: number },
): Result<number | undefined, string> {
  const typed = given.value(option);
  if (typed === undefined) return succeed(undefined);
  const value = Number(typed);
  if (/^\d+$/u.test(typed) && value >= min && value <= max) return succeed(value);
  return fail(
    `“${typed}” is no number for --${option}. Type a whole number from ${min} to ${max.toLocaleString("en-US")}, such as --${option} ${min === 1 ? 2 : 20}`,
  );
}
