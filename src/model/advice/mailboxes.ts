// Queues of requests without a limit: under overload everybody waits longer than anybody is ready to.

import { formatNumber } from "../../base/units.ts";
import { nameOf, parameterOf } from "../elements.ts";
import type { Report } from "../report.ts";
import type { Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";
import { attemptMs } from "./facts.ts";

/** Share of the requests that has to fail before anybody is told. */
const failedShare = 0.1;

/** Called services that were busy all the time while many of their callers gave up, and that take any number of requests. */
export function unboundedQueues(scenario: Scenario, report: Report): readonly Advice[] {
  return report.nodes.flatMap(({ id, kind, utilisation }) => {
    const isOpen = parameterOf(scenario, id, "mailbox") === null;
    if (kind !== "service" || !isOpen || utilisation < 0.9) return [];
    const calls = report.calls.filter(({ to }) => to === id);
    const all = calls.reduce((sum, call) => sum + call.calls, 0);
    const failed = calls.reduce((sum, call) => sum + failedOf(call.failed), 0);
    if (failed < failedShare * all || failed === 0) return [];
    const timeouts = calls.map((call) => Number(parameterOf(scenario, call.id, "timeout")));
    return [bounded(scenario, { id, failed, all, timeoutMs: Math.min(...timeouts) })];
  });
}

function failedOf(failed: Readonly<Record<string, number>>): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

/** As many may wait as are through in half the time for which callers wait: the other half is for the unlucky. */
function bounded(
  scenario: Scenario,
  about: {
    readonly id: string;
    readonly failed: number;
    readonly all: number;
    readonly timeoutMs: number;
  },
): Advice {
  const { id, failed, all, timeoutMs } = about;
  const workers = Number(parameterOf(scenario, id, "concurrency"));
  const timeMs = Math.max(attemptMs(scenario, id), 1e-3);
  const value = Math.max(1, Math.min(10_000_000, Math.floor((0.5 * timeoutMs * workers) / timeMs)));
  return {
    code: "advice/unbounded-queue",
    element: id,
    risk: `${nameOf(scenario, id)} was busy all the time, and ${formatNumber(failed)} of ${formatNumber(all)} requests to it failed, most of them after they had waited.`,
    why: "In a queue without a limit everybody waits until nobody wants the answer any more; refused at once, some fail and the others are served in time.",
    remedy: `Let at most ${formatNumber(value)} requests wait`,
    mend: setAll([{ id, parameter: "mailbox", value }]),
  };
}
