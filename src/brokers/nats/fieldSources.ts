// Where the defaults of the fields of NATS come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of NATS, by the source of its default. */
export const natsFieldSources: readonly FieldSource[] = [
  {
    source: "https://docs.nats.io/running-a-nats-service/configuration",
    cluster: ["sync_interval", "max_pending"],
  },
  {
    source:
      "https://github.com/nats-io/nats-server/blob/main/server/raft.go (least and most election timeout)",
    cluster: ["election_least", "election_most"],
  },
  {
    source: "https://github.com/nats-io/nats.js (timeout of a JetStream publication)",
    publish: ["timeout"],
  },
  {
    source: "https://docs.nats.io/nats-concepts/jetstream/consumers",
    consume: [
      "filter_subject",
      "durable_name",
      "ack_policy",
      "ack_wait",
      "backoff",
      "max_deliver",
      "max_ack_pending",
    ],
  },
  { source: "https://docs.nats.io/nats-concepts/core-nats/queue", consume: ["queue"] },
  {
    source: "https://docs.nats.io/nats-concepts/jetstream/streams",
    kinds: {
      stream: [
        "retention",
        "max_msgs",
        "max_bytes",
        "max_age",
        "max_msgs_per_subject",
        "discard",
        "discard_new_per_subject",
        "storage",
        "num_replicas",
        "duplicate_window",
      ],
    },
  },
  {
    source: ownChoice,
    cluster: ["nodes", "crash"],
    publish: ["subject", "publish", "msg_id", "latency"],
    consume: ["delivery", "batch", "in_progress", "on_failure", "nak_delay", "latency"],
    kinds: { stream: ["subjects"] },
  },
];
