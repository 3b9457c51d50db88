// NATS, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { natsManual } from "./manual.ts";
import { nats } from "./nats.ts";
import { NatsBroker } from "./runtime.ts";

/** NATS with its behaviour. */
export const simulatedNats: SimulatedTechnology = {
  ...nats,
  ...natsManual,
  open: (config, context) => new NatsBroker(config, context),
};
