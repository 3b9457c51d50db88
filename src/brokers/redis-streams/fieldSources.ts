// Where the defaults of the fields of Redis Streams come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of Redis Streams, by the source of its default. */
export const redisStreamsFieldSources: readonly FieldSource[] = [
  {
    source: "redis.conf of Redis 8.0",
    cluster: [
      "maxmemory",
      "appendonly",
      "appendfsync",
      "save",
      "min-replicas-to-write",
      "min-replicas-max-lag",
      "stream-node-max-entries",
      "stream-node-max-bytes",
      "client-output-buffer-limit",
      "client-output-buffer-soft-limit",
      "client-output-buffer-soft-seconds",
    ],
  },
  { source: "sentinel.conf of Redis 8.0 (30 s)", cluster: ["down-after-milliseconds"] },
  {
    source: "https://redis.io/docs/latest/develop/data-types/streams/idempotency/",
    cluster: ["idmp-duration", "idmp-maxsize"],
    publish: ["idmp"],
  },
  {
    source: "https://redis.io/docs/latest/commands/xreadgroup/",
    consume: ["count", "noack", "claim"],
  },
  {
    source: "https://redis.io/docs/latest/commands/xautoclaim/ (COUNT 100)",
    consume: ["claim_count"],
  },
  {
    source: "https://redis.io/docs/latest/commands/xadd/",
    kinds: { stream: ["trim", "trimming", "references"] },
  },
  {
    source: ownChoice,
    cluster: ["version", "replicas", "sentinel", "failover", "replication_delay", "crash"],
    publish: ["channel", "wait_replicas", "wait_timeout", "command_timeout", "latency"],
    consume: [
      "command",
      "group",
      "block",
      "poll_pause",
      "resume",
      "consumer",
      "start",
      "on_close",
      "on_failure",
      "claim_every",
      "min-idle-time",
      "dead_letter_after",
      "dead_letter_stream",
      "patterns",
      "latency",
    ],
    kinds: { stream: ["maxlen", "minid_age"] },
  },
];
