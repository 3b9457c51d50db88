// When something was down, cut off or slow: faults and their ends on the timeline of a scenario.

import type { Scenario } from "../../model/scenario.ts";
import { placeName, timelineSpans } from "../../model/timelineSpans.ts";

/** A stretch of simulated time in which an element had a fault [s]. */
export interface FaultPeriod {
  readonly fromS: number;
  /** The end of the run where nothing brought it back. */
  readonly toS: number;
  readonly target: string;
  /** "Payment", "Kafka node 1", or "Kafka zone 0 cut off". */
  readonly name: string;
}

/** What is said of a period behind the name of who has the fault; nothing of a crash. */
const suffixes: Readonly<Record<string, string>> = {
  isolate: " cut off",
  pause: " paused",
  slow: " slow",
  network: " network",
};

/** The faults of a scenario in the order in which they began. */
export function faultPeriods(scenario: Scenario): readonly FaultPeriod[] {
  return timelineSpans(scenario).flatMap(({ entry, fromMs, toMs, ends, place }) => {
    if (ends === "at once") return [];
    const { act } = scenario.timeline[entry]!;
    const name = placeName(scenario, place) + (suffixes[act] ?? "");
    const toS = Math.min(toMs, scenario.load.duration) / 1000;
    return [{ fromS: fromMs / 1000, toS, target: place.target, name }];
  });
}
