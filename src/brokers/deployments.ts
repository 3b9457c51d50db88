// The registry of deployments, one for each technology of index.ts. Apart from the manuals, because only exports need them.

import { eventbridgeDeployment } from "./eventbridge/deploy.ts";
import { snsDeployment } from "./sns/deploy.ts";
import type { TechnologyDeployment } from "./deployment.ts";
import type { TechnologyId } from "./index.ts";
import { eventGridDeployment } from "./event-grid/deploy.ts";
import { googlePubsubDeployment } from "./google-pubsub/deploy.ts";
import { natsDeployment } from "./nats/deploy.ts";
import { kafkaDeployment } from "./kafka/deploy.ts";
import { mqttDeployment } from "./mqtt/deploy.ts";
import { rabbitmqDeployment } from "./rabbitmq/deploy.ts";
import { sqsDeployment } from "./sqs/deploy.ts";
import { redisStreamsDeployment } from "./redis-streams/deploy.ts";
import { pulsarDeployment } from "./pulsar/deploy.ts";
import { eventHubsDeployment } from "./event-hubs/deploy.ts";
import { serviceBusDeployment } from "./service-bus/deploy.ts";

/** The deployment of every technology by its id. */
export const deployments: Readonly<Record<TechnologyId, TechnologyDeployment>> = {
  kafka: kafkaDeployment,
  rabbitmq: rabbitmqDeployment,
  "google-pubsub": googlePubsubDeployment,
  "event-grid": eventGridDeployment,
  sqs: sqsDeployment,
  mqtt: mqttDeployment,
  "redis-streams": redisStreamsDeployment,
  nats: natsDeployment,
  pulsar: pulsarDeployment,
  eventbridge: eventbridgeDeployment,
  sns: snsDeployment,
  "event-hubs": eventHubsDeployment,
  "service-bus": serviceBusDeployment,
};
