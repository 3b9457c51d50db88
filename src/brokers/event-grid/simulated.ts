// Azure Event Grid, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { eventGrid } from "./eventGrid.ts";
import { eventGridManual } from "./manual.ts";
import { EventGridBroker } from "./runtime.ts";

/** Azure Event Grid with its behaviour. */
export const simulatedEventGrid: SimulatedTechnology = {
  ...eventGrid,
  ...eventGridManual,
  open: (config, context) => new EventGridBroker(config, context),
};
