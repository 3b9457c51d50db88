// Google Cloud Pub/Sub, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { googlePubsub } from "./googlePubsub.ts";
import { googlePubsubManual } from "./manual.ts";
import { PubsubBroker } from "./runtime.ts";

/** Google Cloud Pub/Sub with its behaviour. */
export const simulatedGooglePubsub: SimulatedTechnology = {
  ...googlePubsub,
  ...googlePubsubManual,
  open: (config, context) => new PubsubBroker(config, context),
};
