// How much every part gets done per second.

import { formatNumber } from "../../base/units.ts";
import { type ChartDescriptor, linesMax } from "./descriptor.ts";

/** The chart "throughput". */
export const throughput: ChartDescriptor = {
  id: "throughput",
  title: "Throughput",
  unit: "/s",
  help: "Events sent and messages handled per second.",
  empty: "Nothing has been handled yet.",
  choose: (lines) => lines.slice(0, linesMax),
  format: (value) => `${formatNumber(value)}/s`,
};
