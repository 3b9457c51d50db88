// One replication, or one run as it stands, from document to outcome; whoever has several threads computes several at a time.

import type { Problem } from "../base/problem.ts";
import { type Result, succeed } from "../base/result.ts";
import type { Readability } from "../model/readability.ts";
import type { Replication } from "../model/replications.ts";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { outcomeOf, replicationOf, type ReplicationSeries } from "./replications.ts";
import { createRun } from "./run.ts";

/** Events simulated between two looks at whether the run has ended. */
const sliceEvents = 1 << 18;

/** Runs a replication (from 1) of a scenario to its end, with what is known of versions of its contracts. */
export function replicate(
  scenario: Scenario,
  number: number,
  readability: Readability = {},
): Result<Replication, readonly Problem[]> {
  const report = wholeRun(replicationOf(scenario, number), readability);
  return report.ok ? succeed(outcomeOf(report.value, number)) : report;
}

/** The report of one run from its beginning to its end. */
export function wholeRun(
  scenario: Scenario,
  readability: Readability = {},
): Result<Report, readonly Problem[]> {
  const made = createRun(scenario, { readability });
  if (!made.ok) return made;
  const run = made.value;
  while (run.ended() === null)
    run.advance({ untilNs: Number.MAX_SAFE_INTEGER, maxEvents: sliceEvents });
  return succeed(run.report(0));
}

/** Computes a whole series one after the other, in this thread. */
export function replicateAll(
  series: ReplicationSeries,
  readability: Readability = {},
): Result<null, readonly Problem[]> {
  for (let next = series.next(); next !== undefined; next = series.next()) {
    const replication = replicate(series.scenario, next, readability);
    if (!replication.ok) return replication;
    series.accept(replication.value);
  }
  return succeed(null);
}
