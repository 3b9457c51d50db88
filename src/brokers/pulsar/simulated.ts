// Apache Pulsar, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { openPulsar } from "./broker.ts";
import { pulsarManual } from "./manual.ts";
import { pulsar } from "./pulsar.ts";

/** Apache Pulsar with its behaviour. */
export const simulatedPulsar: SimulatedTechnology = {
  ...pulsar,
  ...pulsarManual,
  open: openPulsar,
};
