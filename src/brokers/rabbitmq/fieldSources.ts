// Where the defaults of the fields of RabbitMQ come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of RabbitMQ, by the source of its default. */
export const rabbitmqFieldSources: readonly FieldSource[] = [
  { source: "https://www.rabbitmq.com/docs/nettick", cluster: ["net_ticktime"] },
  { source: "https://www.rabbitmq.com/docs/partitions", cluster: ["cluster_partition_handling"] },
  {
    source: "https://www.rabbitmq.com/docs/alarms",
    cluster: ["vm_memory_high_watermark", "disk_free_limit"],
  },
  {
    source: "https://www.rabbitmq.com/docs/consumers",
    cluster: ["consumer_timeout"],
    kinds: { queue: ["x-single-active-consumer"] },
  },
  {
    source: "rabbitmq-server, deps/rabbit/priv/schema/rabbit.schema (channel_tick_interval)",
    cluster: ["channel_tick_interval"],
  },
  {
    source: "https://www.rabbitmq.com/amqp-0-9-1-reference",
    publish: ["mandatory", "delivery_mode"],
    consume: ["ack"],
  },
  {
    source: "https://www.rabbitmq.com/docs/priority",
    publish: ["priority"],
    kinds: { queue: ["x-max-priority"] },
  },
  {
    source: "https://www.rabbitmq.com/docs/ttl",
    publish: ["expiration"],
    kinds: { queue: ["x-message-ttl", "x-expires"] },
  },
  {
    source: "https://www.rabbitmq.com/docs/consumer-prefetch",
    consume: ["prefetch_count", "global"],
  },
  {
    source: "https://www.rabbitmq.com/docs/streams",
    consume: ["x-stream-offset"],
    kinds: { queue: ["x-max-age", "x-stream-max-segment-size-bytes"] },
  },
  { source: "https://www.rabbitmq.com/docs/consumer-priority", consume: ["x-priority"] },
  { source: "https://www.rabbitmq.com/docs/ae", kinds: { exchange: ["alternate-exchange"] } },
  { source: "https://www.rabbitmq.com/docs/queues", kinds: { queue: ["x-queue-type"] } },
  {
    source: "https://www.rabbitmq.com/docs/maxlength",
    kinds: { queue: ["x-max-length", "x-max-length-bytes", "x-overflow"] },
  },
  {
    source: "https://www.rabbitmq.com/docs/dlx",
    kinds: { queue: ["x-dead-letter-exchange", "x-dead-letter-routing-key"] },
  },
  {
    source: "https://www.rabbitmq.com/docs/quorum-queues",
    kinds: { queue: ["x-delivery-limit", "x-delayed-retry-type", "x-quorum-initial-group-size"] },
  },
  {
    source: ownChoice,
    cluster: ["version", "nodes", "election", "suspicion", "memory", "disk"],
    publish: ["routing_key", "headers", "confirms", "latency"],
    consume: ["on_failure", "latency"],
    bind: ["routing_key", "arguments"],
    kinds: {
      exchange: ["type", "declared"],
      queue: ["x-delayed-retry-min", "x-delayed-retry-max"],
    },
  },
];
