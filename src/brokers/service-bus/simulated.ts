// Azure Service Bus, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { serviceBusManual } from "./manual.ts";
import { ServiceBusBroker } from "./runtime.ts";
import { serviceBus } from "./serviceBus.ts";

/** Azure Service Bus with its behaviour. */
export const simulatedServiceBus: SimulatedTechnology = {
  ...serviceBus,
  ...serviceBusManual,
  open: (config, context) => new ServiceBusBroker(config, context),
};
