// What is doubtful in a call: it gives up too early, or begins at a store that has nothing to hand over.

import { type Distribution, meanOf } from "../base/distribution.ts";
import type { Problem } from "../base/problem.ts";
import { nameOf, nodeOf, parameterOf } from "./elements.ts";
import { isObject } from "./equal.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import { keepsEvents } from "./rules.ts";
import type { CallConnection, Scenario } from "./scenario.ts";

/** What is wrong or doubtful in a call. */
export function checkCall(
  scenario: Scenario,
  call: CallConnection,
  path: string,
): readonly Problem[] {
  return [...checkLog(scenario, call, path), ...checkTimeout(scenario, call, path)];
}

/** Only a store that keeps events can hand them over. */
function checkLog(scenario: Scenario, call: CallConnection, path: string): readonly Problem[] {
  const from = nodeOf(scenario, call.from);
  if (from?.kind !== "store" || keepsEvents(from)) return [];
  const code: ProblemCode = "call/no-events";
  const name = nameOf(scenario, call.from);
  const message = `${name} keeps the present state only, so ${nameOf(scenario, call.to)} has nothing to follow. Let ${name} keep versions and events, or remove the connection.`;
  return [{ code, severity: "error", path, element: call.id, message }];
}

function checkTimeout(scenario: Scenario, call: CallConnection, path: string): readonly Problem[] {
  const timeout = parameterOf(scenario, call.id, "timeout");
  const work =
    meanMsOf(parameterOf(scenario, call.to, "serviceTime")) +
    meanMsOf(parameterOf(scenario, call.to, "responseTime"));
  const ways = 2 * meanMsOf(parameterOf(scenario, call.id, "latency"));
  if (typeof timeout !== "number" || timeout >= work + ways) return [];
  const code: ProblemCode = "call/timeout";
  return [
    {
      code,
      severity: "warning",
      path: `${path}/parameters/timeout`,
      element: call.id,
      message: `${nameOf(scenario, call.from)} gives up after ${timeout} ms, but ${nameOf(scenario, call.to)} needs ${work + ways} ms on average, both ways included. Raise the timeout, or make the work shorter.`,
    },
  ];
}

/** Mean of a parameter that holds a distribution [ms]; 0 for anything else. */
function meanMsOf(value: unknown): number {
  return isDistribution(value) ? meanOf(value) : 0;
}

function isDistribution(value: unknown): value is Distribution {
  return isObject(value) && typeof value["distribution"] === "string";
}
