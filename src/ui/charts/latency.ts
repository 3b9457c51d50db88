// How long events take from their entry to the end of their handling, as percentiles.

import { formatDurationMs } from "../../base/units.ts";
import { type ChartDescriptor, linesMax } from "./descriptor.ts";

/** The chart "latency": all percentiles of few flows, only the 99th of many. */
export const latency: ChartDescriptor = {
  id: "latency",
  title: "End-to-end latency",
  unit: "ms",
  help: "From the moment an event enters to the end of its handling, or to the answer.",
  empty: "Nothing has reached its end yet.",
  choose: (lines) =>
    lines.length <= linesMax
      ? lines
      : lines.filter((line) => line.id.endsWith("/p99")).slice(0, linesMax),
  format: (value) => formatDurationMs(Number(value.toPrecision(3))),
};
