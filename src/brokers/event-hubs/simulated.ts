// Azure Event Hubs, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { openEventHubs } from "./broker.ts";
import { eventHubs } from "./eventHubs.ts";
import { eventHubsManual } from "./manual.ts";

/** Azure Event Hubs with its behaviour. */
export const simulatedEventHubs: SimulatedTechnology = {
  ...eventHubs,
  ...eventHubsManual,
  open: openEventHubs,
};
