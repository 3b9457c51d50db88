// Fetches the behaviour of those technologies that a scenario has, each in a file of its own.

import { makeBehaviourKnown, type TechnologyId } from "./index.ts";
import type { SimulatedTechnology } from "./technology.ts";

const fetches: Readonly<Record<TechnologyId, () => Promise<SimulatedTechnology>>> = {
  kafka: async () => (await import("./kafka/simulated.ts")).simulatedKafka,
  rabbitmq: async () => (await import("./rabbitmq/simulated.ts")).simulatedRabbitmq,
  "google-pubsub": async () => (await import("./google-pubsub/simulated.ts")).simulatedGooglePubsub,
  "event-grid": async () => (await import("./event-grid/simulated.ts")).simulatedEventGrid,
  sqs: async () => (await import("./sqs/simulated.ts")).simulatedSqs,
  mqtt: async () => (await import("./mqtt/simulated.ts")).simulatedMqtt,
  "redis-streams": async () => (await import("./redis-streams/simulated.ts")).simulatedRedisStreams,
  nats: async () => (await import("./nats/simulated.ts")).simulatedNats,
  pulsar: async () => (await import("./pulsar/simulated.ts")).simulatedPulsar,
  eventbridge: async () => (await import("./eventbridge/simulated.ts")).simulatedEventbridge,
  sns: async () => (await import("./sns/simulated.ts")).simulatedSns,
  "event-hubs": async () => (await import("./event-hubs/simulated.ts")).simulatedEventHubs,
  "service-bus": async () => (await import("./service-bus/simulated.ts")).simulatedServiceBus,
};

/** Makes these technologies known, whole. */
export async function loadBehaviour(ids: readonly TechnologyId[]): Promise<void> {
  makeBehaviourKnown(await Promise.all([...new Set(ids)].map(async (id) => fetches[id]())));
}
