// The manual of every technology: what can be read, exported and checked of it.

import { eventGridManual } from "./event-grid/manual.ts";
import { googlePubsubManual } from "./google-pubsub/manual.ts";
import { eventbridgeManual } from "./eventbridge/manual.ts";
import { snsManual } from "./sns/manual.ts";
import { makeManualsKnown, type TechnologyId } from "./index.ts";
import { kafkaManual } from "./kafka/manual.ts";
import { mqttManual } from "./mqtt/manual.ts";
import { rabbitmqManual } from "./rabbitmq/manual.ts";
import { sqsManual } from "./sqs/manual.ts";
import { redisStreamsManual } from "./redis-streams/manual.ts";
import { pulsarManual } from "./pulsar/manual.ts";
import { eventHubsManual } from "./event-hubs/manual.ts";
import { serviceBusManual } from "./service-bus/manual.ts";
import { natsManual } from "./nats/manual.ts";
import type { TechnologyManual } from "./technology.ts";

/** The manual of every technology by its id. */
export const manuals: Readonly<Record<TechnologyId, TechnologyManual>> = {
  kafka: kafkaManual,
  rabbitmq: rabbitmqManual,
  "google-pubsub": googlePubsubManual,
  "event-grid": eventGridManual,
  sqs: sqsManual,
  mqtt: mqttManual,
  "redis-streams": redisStreamsManual,
  nats: natsManual,
  pulsar: pulsarManual,
  eventbridge: eventbridgeManual,
  sns: snsManual,
  "event-hubs": eventHubsManual,
  "service-bus": serviceBusManual,
};

makeManualsKnown(manuals);
