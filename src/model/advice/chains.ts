// Synchronous chains: a request succeeds only if all who have to answer do, so availabilities multiply (patterns.md, 17).

import { formatNumber } from "../../base/units.ts";
import { elementOf, nameOf, parameterOf } from "../elements.ts";
import type { CallConnection, Objective, Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";
import { arrivalsPerS, callsOf } from "./facts.ts";

/** Attempts that are advised at most. */
const attemptsMax = 5;

/** Chains of calls whose product of availabilities misses an objective on failed requests. */
export function weakChains(scenario: Scenario): readonly Advice[] {
  return scenario.objectives.flatMap((objective) => {
    const element = elementOf(scenario, objective.of);
    const isAsked = objective.measure === "failed" && objective.is === "at most";
    if (!isAsked || element?.type !== "connection" || element.value.kind !== "call") return [];
    return weakChain(scenario, element.value, objective);
  });
}

function weakChain(
  scenario: Scenario,
  entry: CallConnection,
  objective: Objective,
): readonly Advice[] {
  const requests = requestsOver(scenario, entry);
  if (requests === null || requests === 0) return [];
  const allowed = objective.value / requests;
  const now = failureShare(scenario, entry, 0);
  if (now <= allowed) return [];
  const failing = failingBehind(scenario, entry);
  const enough = Array.from({ length: attemptsMax }, (_, i) => i + 1).find(
    (attempts) => failureShare(scenario, entry, attempts) <= allowed,
  );
  if (enough === undefined) return [];
  const services = reached(scenario, entry).length;
  return [
    {
      code: "advice/weak-chain",
      element: entry.id,
      risk: `${nameOf(scenario, entry.to)} answers only if ${services} services do: of ${formatNumber(requests)} requests about ${formatNumber(requests * now)} fail, and ${formatNumber(objective.value)} may.`,
      why: "In a chain of synchronous calls availabilities multiply: every further service makes the whole less available than its worst part.",
      remedy: `Try ${failing.length === 1 ? "the failing call" : "failing calls"} up to ${enough} times`,
      mend: setAll(
        failing.map(({ id }) => ({ id, parameter: "attempts", value: enough })),
        "raise",
      ),
    },
  ];
}

function requestsOver(scenario: Scenario, entry: CallConnection): number | null {
  const rate = arrivalsPerS(scenario, entry.from);
  const { duration, sourcesStopAt = duration } = scenario.load;
  return rate === null ? null : (rate * Math.min(duration, sourcesStopAt)) / 1000;
}

/** Share of requests over a call that fail in the end, when each call to a service that fails by itself is tried at least
 *  so often. Each call is worked out once. */
function failureShare(
  scenario: Scenario,
  call: CallConnection,
  attemptsMin: number,
  known = new Map<string, number>(),
): number {
  const before = known.get(call.id);
  if (before !== undefined) return before;
  const own = Number(parameterOf(scenario, call.to, "errorRate"));
  const stated = Number(parameterOf(scenario, call.id, "attempts"));
  const attempts = own > 0 ? Math.max(stated, attemptsMin) : stated;
  const inner = callsOf(scenario, call.to).reduce(
    (product, next) => product * (1 - failureShare(scenario, next, attemptsMin, known)),
    1,
  );
  let failing = 1;
  for (let attempt = 0; attempt < attempts; attempt++) failing *= 1 - (1 - own) * inner;
  known.set(call.id, failing);
  return failing;
}

/** The calls that a request over this one may lead to, itself included. */
function reached(scenario: Scenario, call: CallConnection): readonly CallConnection[] {
  // A Set keeps the order of insertion, so walking over it while it grows reaches everything.
  const all = new Set([call]);
  for (const one of all) for (const next of callsOf(scenario, one.to)) all.add(next);
  return [...all];
}

function failingBehind(scenario: Scenario, entry: CallConnection): readonly CallConnection[] {
  return reached(scenario, entry).filter(
    ({ to }) => Number(parameterOf(scenario, to, "errorRate")) > 0,
  );
}
