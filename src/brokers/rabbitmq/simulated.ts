// RabbitMQ, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { rabbitmqManual } from "./manual.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { RabbitmqBroker } from "./runtime.ts";

/** RabbitMQ with its behaviour. */
export const simulatedRabbitmq: SimulatedTechnology = {
  ...rabbitmq,
  ...rabbitmqManual,
  open: (config, context) => new RabbitmqBroker(config, context),
};
