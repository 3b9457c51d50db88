// Timeouts that cannot hold: shorter than the work that they wait for, or than what the called service itself waits for.

import { formatDurationMs } from "../../base/units.ts";
import { nameOf, parameterOf } from "../elements.ts";
import type { CallConnection, Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";
import { listOf } from "./words.ts";
import { attemptMs, callsOf, meanAt, rarelyExceeded } from "./facts.ts";

function calls(scenario: Scenario): readonly CallConnection[] {
  return scenario.nodes.flatMap(({ id }) => callsOf(scenario, id));
}

/** Mean time from a request to its answer when nobody waits for a worker [ms]. */
function answerMs(scenario: Scenario, { id, to }: CallConnection): number {
  return 2 * meanAt(scenario, id, "latency") + attemptMs(scenario, to);
}

/** Calls that give up before the called service is through even on an average day. */
export function callsOutlivedByWork(scenario: Scenario): readonly Advice[] {
  return calls(scenario).flatMap((call) => {
    const timeout = Number(parameterOf(scenario, call.id, "timeout"));
    const answer = answerMs(scenario, call);
    if (timeout > answer) return [];
    const rest = answer - meanAt(scenario, call.to, "serviceTime");
    const value = Math.ceil(1.2 * (rest + rarelyExceeded(scenario, call.to, "serviceTime")));
    return [
      {
        code: "advice/timeout-below-work",
        element: call.id,
        risk: `${nameOf(scenario, call.from)} waits ${formatDurationMs(timeout)} for ${nameOf(scenario, call.to)}, which takes ${formatDurationMs(answer)} on average.`,
        why: "Most requests are given up while they are worked on: the work is done and nobody takes its answer.",
        remedy: `Set the timeout to ${formatDurationMs(value)}`,
        mend: setAll([{ id: call.id, parameter: "timeout", value }], "raise"),
      },
    ];
  });
}

/** Services that may still wait for others when their own callers have given up: an inner timeout, as often as it is tried,
 *  is no shorter than the outer. */
export function nestedTimeouts(scenario: Scenario): readonly Advice[] {
  return calls(scenario).flatMap((outer) => {
    const outerMs = Number(parameterOf(scenario, outer.id, "timeout"));
    const found = callsOf(scenario, outer.to).flatMap((inner) => {
      const attempts = Number(parameterOf(scenario, inner.id, "attempts"));
      const innerMs = Number(parameterOf(scenario, inner.id, "timeout"));
      if (innerMs * attempts < outerMs) return [];
      const value = fittingTimeout(scenario, { outer, inner, outerMs, attempts });
      return value === undefined ? [] : [{ inner, value }];
    });
    return found.length === 0 ? [] : [shorterTimeouts(scenario, outer, found)];
  });
}

interface Nesting {
  readonly outer: CallConnection;
  readonly inner: CallConnection;
  readonly outerMs: number;
  readonly attempts: number;
}

/** What is left of the outer time for each try [ms]; undefined where the inner work itself would not fit. */
function fittingTimeout(
  scenario: Scenario,
  { outer, inner, outerMs, attempts }: Nesting,
): number | undefined {
  const own = meanAt(scenario, outer.to, "serviceTime") + 2 * meanAt(scenario, outer.id, "latency");
  const pauses = (attempts - 1) * Number(parameterOf(scenario, inner.id, "backoff"));
  const value = Math.floor((0.8 * (outerMs - own - pauses)) / attempts);
  return value > answerMs(scenario, inner) ? value : undefined;
}

function shorterTimeouts(
  scenario: Scenario,
  outer: CallConnection,
  found: readonly { readonly inner: CallConnection; readonly value: number }[],
): Advice {
  const [caller, service] = [outer.from, outer.to].map((id) => nameOf(scenario, id));
  const called = [...new Set(found.map(({ inner }) => nameOf(scenario, inner.to)))];
  const longest = Math.max(...found.map(({ value }) => value));
  return {
    code: "advice/nested-timeouts",
    element: outer.id,
    risk: `${service} may still wait for ${listOf(called)} when ${caller} has given up on ${service}.`,
    why: "A timeout times its tries has to be shorter than that of the caller: else workers wait for answers that nobody wants any more.",
    remedy: `Wait at most ${formatDurationMs(longest)} there`,
    mend: setAll(found.map(({ inner, value }) => ({ id: inner.id, parameter: "timeout", value }))),
  };
}
