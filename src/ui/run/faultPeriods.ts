// When something was down: pairs of crash and restart on the timeline of a scenario.

import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";

/** A stretch of simulated time in which an element was down [s]. */
export interface FaultPeriod {
  readonly fromS: number;
  /** The end of the run where nothing brought it back. */
  readonly toS: number;
  readonly target: string;
  /** "Payment", or "Kafka node 1". */
  readonly name: string;
}

/** The faults of a scenario in the order in which they began. */
export function faultPeriods(scenario: Scenario): readonly FaultPeriod[] {
  const entries = [...scenario.timeline].sort((a, b) => a.at - b.at);
  const periods: FaultPeriod[] = [];
  const open = new Map<string, FaultPeriod>();

  function close(key: string, atS: number): void {
    const period = open.get(key);
    if (period === undefined) return;
    open.delete(key);
    periods.push({ ...period, toS: Math.min(period.toS, atS) });
  }

  for (const entry of entries) {
    if (entry.act !== "crash" && entry.act !== "restart") continue;
    const key = `${entry.target}/${entry.member ?? ""}`;
    const atS = entry.at / 1000;
    close(key, atS);
    if (entry.act === "restart") continue;
    const lasts = entry.duration === undefined ? Infinity : entry.at + entry.duration;
    const toS = Math.min(lasts, scenario.load.duration) / 1000;
    const member = entry.member === undefined ? "" : ` node ${entry.member}`;
    const name = nameOf(scenario, entry.target) + member;
    open.set(key, { fromS: atS, toS, target: entry.target, name });
  }
  for (const key of open.keys()) close(key, Infinity);
  return periods.sort((a, b) => a.fromS - b.fromS);
}
