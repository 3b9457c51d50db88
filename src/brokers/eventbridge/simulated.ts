// EventBridge, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { eventbridge } from "./eventbridge.ts";
import { eventbridgeManual } from "./manual.ts";
import { openEventbridge } from "./runtime.ts";

/** EventBridge with its behaviour. */
export const simulatedEventbridge: SimulatedTechnology = {
  ...eventbridge,
  ...eventbridgeManual,
  open: openEventbridge,
};
