// The register of advice. A rule looks at the document alone, or at the document that ran and at its report together. To add
// one: write it in the file of its subject (events.ts is the shortest) and one line here; what only one technology knows
// stands in `advice.ts` of its folder. Then show in a test that a run gets better by it (adviceHolds.suite.ts).

import type { Report } from "../report.ts";
import type { Scenario } from "../scenario.ts";
import { type Advice, writeAdvice, type WrittenAdvice } from "./advice.ts";
import { bottlenecks } from "./bottleneck.ts";
import { brokerAdvice } from "./brokers.ts";
import { overloadedServices } from "./capacity.ts";
import { weakChains } from "./chains.ts";
import { unfedConsumers, unreadEvents } from "./events.ts";
import { repeatedEffects } from "./idempotency.ts";
import { unboundedQueues } from "./mailboxes.ts";
import { missingWarmUp, shortRun } from "./measuring.ts";
import {
  retriesInStep,
  retriesWithoutLimit,
  retriesWithoutPause,
  stackedRetries,
} from "./retries.ts";
import { rolledOutTooEarly } from "./rollOuts.ts";
import { callsOutlivedByWork, nestedTimeouts } from "./timeouts.ts";

/** Rules for a document that need not have run. */
const documentRules: readonly ((scenario: Scenario) => readonly Advice[])[] = [
  overloadedServices,
  repeatedEffects,
  callsOutlivedByWork,
  nestedTimeouts,
  stackedRetries,
  retriesWithoutLimit,
  retriesInStep,
  retriesWithoutPause,
  weakChains,
  rolledOutTooEarly,
  brokerAdvice,
  unreadEvents,
  unfedConsumers,
  missingWarmUp,
];

/** Rules for a run that is over or interrupted. */
const runRules: readonly ((scenario: Scenario, report: Report) => readonly Advice[])[] = [
  bottlenecks,
  unboundedQueues,
  shortRun,
];

/** What a document advises before it runs, by urgency. The manuals of its technologies must be known. */
export function hintsOn(scenario: Scenario): readonly Advice[] {
  return documentRules.flatMap((rule) => rule(scenario));
}

/** What a finished (or interrupted) run advises, by urgency. */
export function adviseOn(scenario: Scenario, report: Report): readonly Advice[] {
  return report.simulatedSeconds === 0 ? [] : runRules.flatMap((rule) => rule(scenario, report));
}

/** All advice on a document that ran, as data. */
export function writtenAdviceOn(scenario: Scenario, report: Report): readonly WrittenAdvice[] {
  return [
    ...adviseOn(scenario, report).map((one) => writeAdvice(scenario, one, "run")),
    ...hintsOn(scenario).map((one) => writeAdvice(scenario, one, "document")),
  ];
}
