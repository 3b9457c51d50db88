// The registry of behaviours, one for each technology of index.ts. Apart from it, so that a page which only draws
// does not load how every broker works.

import { technologies, type TechnologyId } from "./index.ts";
import { openKafka } from "./kafka/broker.ts";
import { manuals } from "./manuals.ts";
import { RabbitmqBroker } from "./rabbitmq/runtime.ts";
import type { SimulatedTechnology } from "./technology.ts";

/** Every technology with its behaviour. */
export const simulated = {
  kafka: { ...technologies.kafka, ...manuals.kafka, open: openKafka },
  rabbitmq: {
    ...technologies.rabbitmq,
    ...manuals.rabbitmq,
    open: (config, context) => new RabbitmqBroker(config, context),
  },
} as const satisfies Readonly<Record<TechnologyId, SimulatedTechnology>>;
