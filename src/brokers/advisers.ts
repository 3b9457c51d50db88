// The rules of advice of every technology that has some, apart from the manuals, because a run does without them.

import type { Adviser } from "./advice.ts";
import type { TechnologyId } from "./index.ts";
import { adviseGooglePubsub } from "./google-pubsub/advice.ts";
import { adviseKafka } from "./kafka/advice.ts";
import { adviseMqtt } from "./mqtt/advice.ts";
import { adviseNats } from "./nats/advice.ts";
import { advisePulsar } from "./pulsar/advice.ts";
import { adviseRabbitmq } from "./rabbitmq/advice.ts";
import { adviseRedisStreams } from "./redis-streams/advice.ts";
import { adviseServiceBus } from "./service-bus/advice.ts";
import { adviseSqs } from "./sqs/advice.ts";

/** The rules of a technology by its id. */
export const advisers: Readonly<Partial<Record<TechnologyId, Adviser>>> = {
  kafka: adviseKafka,
  rabbitmq: adviseRabbitmq,
  "google-pubsub": adviseGooglePubsub,
  sqs: adviseSqs,
  mqtt: adviseMqtt,
  "redis-streams": adviseRedisStreams,
  pulsar: advisePulsar,
  nats: adviseNats,
  "service-bus": adviseServiceBus,
};
