// Every technology with its behaviour, for the terminal and for tests. Who simulates in a page takes simulatedByNeed.ts.

import { simulatedEventGrid } from "./event-grid/simulated.ts";
import { simulatedGooglePubsub } from "./google-pubsub/simulated.ts";
import { simulatedEventbridge } from "./eventbridge/simulated.ts";
import { simulatedSns } from "./sns/simulated.ts";
import { makeBehaviourKnown, type TechnologyId } from "./index.ts";
import { simulatedKafka } from "./kafka/simulated.ts";
import { simulatedMqtt } from "./mqtt/simulated.ts";
import { simulatedRabbitmq } from "./rabbitmq/simulated.ts";
import { simulatedSqs } from "./sqs/simulated.ts";
import { simulatedRedisStreams } from "./redis-streams/simulated.ts";
import { simulatedPulsar } from "./pulsar/simulated.ts";
import { simulatedEventHubs } from "./event-hubs/simulated.ts";
import { simulatedServiceBus } from "./service-bus/simulated.ts";
import { simulatedNats } from "./nats/simulated.ts";
import type { SimulatedTechnology } from "./technology.ts";

/** Every technology with its behaviour, by its id. */
export const simulated = {
  kafka: simulatedKafka,
  rabbitmq: simulatedRabbitmq,
  "google-pubsub": simulatedGooglePubsub,
  "event-grid": simulatedEventGrid,
  sqs: simulatedSqs,
  mqtt: simulatedMqtt,
  "redis-streams": simulatedRedisStreams,
  nats: simulatedNats,
  pulsar: simulatedPulsar,
  eventbridge: simulatedEventbridge,
  sns: simulatedSns,
  "event-hubs": simulatedEventHubs,
  "service-bus": simulatedServiceBus,
} as const satisfies Readonly<Record<TechnologyId, SimulatedTechnology>>;

makeBehaviourKnown(Object.values(simulated));
