// How much waits: in channels before their consumers, and inside services.

import { formatNumber } from "../../base/units.ts";
import type { Series } from "../../model/result.ts";
import { type ChartDescriptor, linesMax } from "./descriptor.ts";

/** Places that never held this share of the fullest one are left out. */
const worthShowing = 0.03;

/** The chart "backlog": the fullest places, in the order of the document. */
export const backlog: ChartDescriptor = {
  id: "backlog",
  title: "Backlog",
  unit: "messages",
  help: "Messages that wait; a line that keeps climbing means that consumers are too slow or down.",
  empty: "Nothing is waiting.",
  choose: (lines) => {
    const peaks = new Map(lines.map((line) => [line.id, peakOf(line)]));
    const fullest = [...lines]
      .sort((a, b) => (peaks.get(b.id) ?? 0) - (peaks.get(a.id) ?? 0))
      .slice(0, linesMax);
    const least = (peaks.get(fullest[0]?.id ?? "") ?? 0) * worthShowing;
    return lines.filter((line) => fullest.includes(line) && (peaks.get(line.id) ?? 0) > least);
  },
  // A mean over a stretch of time may be a small part of a message.
  format: (value) => formatNumber(value < 10 ? Number(value.toPrecision(2)) : Math.round(value)),
};

function peakOf(line: Series["lines"][number]): number {
  let peak = 0;
  for (const value of line.values) if (value > peak) peak = value;
  return peak;
}
