// When something was down, cut off or slow: faults and their ends on the timeline of a scenario.

import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { FaultEntry } from "../../model/timeline.ts";

/** A stretch of simulated time in which an element had a fault [s]. */
export interface FaultPeriod {
  readonly fromS: number;
  /** The end of the run where nothing brought it back. */
  readonly toS: number;
  readonly target: string;
  /** "Payment", "Kafka node 1", or "Kafka zone 0 cut off". */
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
    if (entry.act === "set" || entry.act === "roll out") continue;
    const kind = kindOf(entry);
    const key = [entry.target, entry.member, entry.zone, kind].join("/");
    const atS = entry.at / 1000;
    close(key, atS);
    if (isEnd(entry)) continue;
    const duration = "duration" in entry ? entry.duration : undefined;
    const lasts = duration === undefined ? Infinity : entry.at + duration;
    const toS = Math.min(lasts, scenario.load.duration) / 1000;
    const name = nameOf(scenario, entry.target) + placeName(entry) + suffixes[kind];
    open.set(key, { fromS: atS, toS, target: entry.target, name });
  }
  for (const key of open.keys()) close(key, Infinity);
  return periods.sort((a, b) => a.fromS - b.fromS);
}

/** What is said of a period behind the name of who has the fault. */
const suffixes = { crash: "", isolate: " cut off", pause: " paused", slow: " slow" };

/** The fault that an entry begins or ends. */
function kindOf(entry: FaultEntry): keyof typeof suffixes {
  if (entry.act === "restart") return "crash";
  if (entry.act === "resume") return "pause";
  return entry.act === "reconnect" ? "isolate" : entry.act;
}

function isEnd(entry: FaultEntry): boolean {
  if (entry.act === "slow") return entry.factor === 1;
  return entry.act === "restart" || entry.act === "reconnect" || entry.act === "resume";
}

function placeName({ member, zone }: FaultEntry): string {
  if (zone !== undefined) return ` zone ${zone}`;
  return member === undefined ? "" : ` node ${member}`;
}
