// What finally failed per second: refused events, failed requests, messages given up.

import { formatNumber } from "../../base/units.ts";
import { type ChartDescriptor, linesMax } from "./descriptor.ts";

/** The chart "failures". */
export const failures: ChartDescriptor = {
  id: "failures",
  title: "Failures",
  unit: "/s",
  help: "Refused events, failed requests and messages that were given up, per second.",
  empty: "Nothing has failed.",
  choose: (lines) => lines.slice(0, linesMax),
  format: (value) => `${formatNumber(value)}/s`,
};
