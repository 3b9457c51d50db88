// Redis Streams, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { redisStreamsManual } from "./manual.ts";
import { redisStreams } from "./redisStreams.ts";
import { RedisBroker } from "./runtime.ts";

/** Redis Streams with its behaviour. */
export const simulatedRedisStreams: SimulatedTechnology = {
  ...redisStreams,
  ...redisStreamsManual,
  open: (config, context) => new RedisBroker(config, context),
};
