// SNS, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { snsManual } from "./manual.ts";
import { openSns } from "./runtime.ts";
import { sns } from "./sns.ts";

/** SNS with its behaviour. */
export const simulatedSns: SimulatedTechnology = {
  ...sns,
  ...snsManual,
  open: openSns,
};
