// What every technology shows: its name, its fields and its kinds of channels. To read a document takes all of them.

import { eventGrid } from "./event-grid/eventGrid.ts";
import { googlePubsub } from "./google-pubsub/googlePubsub.ts";
import { makeKnown, type TechnologyId } from "./index.ts";
import { eventbridge } from "./eventbridge/eventbridge.ts";
import { sns } from "./sns/sns.ts";
import { kafka } from "./kafka/kafka.ts";
import { mqtt } from "./mqtt/mqtt.ts";
import { rabbitmq } from "./rabbitmq/rabbitmq.ts";
import { sqs } from "./sqs/sqs.ts";
import { redisStreams } from "./redis-streams/redisStreams.ts";
import { pulsar } from "./pulsar/pulsar.ts";
import { eventHubs } from "./event-hubs/eventHubs.ts";
import { serviceBus } from "./service-bus/serviceBus.ts";
import { nats } from "./nats/nats.ts";
import type { Technology } from "./technology.ts";

/** Every technology by its id, in the order on screen. */
export const technologies = {
  kafka,
  rabbitmq,
  "google-pubsub": googlePubsub,
  "event-grid": eventGrid,
  sqs,
  mqtt,
  "redis-streams": redisStreams,
  nats,
  pulsar,
  eventbridge,
  sns,
  "event-hubs": eventHubs,
  "service-bus": serviceBus,
} as const satisfies Readonly<Record<TechnologyId, Technology>>;

makeKnown(Object.values(technologies));
