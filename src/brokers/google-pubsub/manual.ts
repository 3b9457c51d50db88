// What is modelled of Pub/Sub and what is not, its bindings in AsyncAPI documents, what reaches its channels, and what it
// finds wrong.

import { googlePubsubFieldSources } from "./fieldSources.ts";
import { pubsubCounterparts } from "./counterparts.ts";
import { valuesOf } from "../../base/fields.ts";
import { parseFacts } from "../mechanisms/routing/messageFacts.ts";
import { checkGooglePubsub } from "./check.ts";
import { publishFields } from "./fields.ts";
import { deadLetterTopic, reachOfPubsub } from "./reach.ts";
import { subscriptionUnlikeQueue } from "./unlikeQueue.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

const bindingVersion = "0.2.0";

const asyncapi: TechnologyBindings = {
  protocol: "googlepubsub",
  protocolVersion: "v1",
  host: "pubsub.googleapis.com",
  key: "googlepubsub",
  // The binding of a channel demands the settings of a schema, of which a drawing knows nothing; those of operations and
  // servers are not defined.
  channel: () => undefined,
  publish: () => undefined,
  consume: () => undefined,
  message: (_config, publisher) => {
    const parsed = parseFacts(valuesOf(publishFields, publisher.parameters).attributes);
    if (!parsed.ok || Object.keys(parsed.value.facts).length === 0) return undefined;
    return { attributes: parsed.value.facts, bindingVersion };
  },
  parametersIn: (level, content) => {
    const { messageRetentionDuration: duration } = content;
    const found =
      typeof duration === "string" ? /^(\d{1,9})(?:\.\d{1,9})?s$/u.exec(duration) : null;
    return level === "channel" && found !== null
      ? { message_retention_duration: Number(found[1]) * 1000 }
      : {};
  },
};

/** The manual of Google Cloud Pub/Sub. */
export const googlePubsubManual: TechnologyManual = {
  counterparts: pubsubCounterparts,
  guarantees: {
    order: "None, except per ordering key in subscriptions with enable_message_ordering.",
    delivery:
      "At least once per subscription; exactly once per message id and pull subscription where that is turned on. A topic without a subscription loses what is published.",
    retention:
      "Per subscription until acknowledged, 7 days at most by default; acknowledged messages only where they are retained.",
  },
  modelled: [
    "A copy for each subscription of a topic; clients of one subscription share its messages.",
    "Filters on attributes in the whole language; what does not pass counts as acknowledged.",
    "Publish requests in batches by messages, bytes and time, tried again with back-off until the total timeout; the message size limit.",
    "Streaming pull with flow control by messages and bytes; leases by ack_deadline_seconds, extended by the client library up to its maximum.",
    "A crashed client is noticed when its leases end; a client that closes gives back what it holds at once.",
    "Negative acknowledgements, expired deadlines and late acknowledgements; exactly-once delivery with confirmed acknowledgements.",
    "Retry policy per message; delivery attempts and the dead-letter topic, whose messages are lost without a subscription.",
    "Ordering keys: in order to one client at a time, redelivery of all later messages of the key, blocking by backoff.",
    "Push with timeout, success statuses, window that grows and shrinks, and pauses after failures in a row.",
    "Retention of subscription and topic, retain_acked_messages, seek to a time, expiration of unused subscriptions, creation after the start.",
    "Zones: failed requests are tried again until the failure is detected, nothing is lost.",
  ],
  simplified: [
    "The backoff doubles with every failure; Google publishes its limits, not its growth. Times are exact, attempts are counted exactly.",
    "Forwarding to the dead-letter topic takes no time and happens once.",
    "A worker is one client with one stream. Leases are extended at nine tenths of the deadline (60 s with exactly-once), not at the 99th percentile of past times.",
    "The push window begins at 3, grows by one with each success and is halved by a failure; pauses double from 0.1 s to 60 s. The documentation gives only the bounds.",
    "A message that waits for its redelivery may still be acknowledged late; once it is sent again, only the new delivery counts.",
    "With ordering keys, the requests of a publisher wait for one that is tried again; the application resumes a key at once after a publish error.",
    "A request that fails because of a zone was not stored, so that trying again makes no duplicates.",
    "Filters see the attributes of the publisher, also for dead letters.",
    "The regional quota counts payloads of publish requests only, with the figure for large regions.",
  ],
  notModelled: [
    "BigQuery and Cloud Storage subscriptions, single message transforms, schemas, snapshots.",
    "Unary pull, and changing the deadline of single messages.",
    "The limit of 1 MB/s per ordering key, quotas of subscribers and of administration.",
    "Storage locations, cross-region publishing and delivery, Pub/Sub Lite.",
    "The attributes that Pub/Sub adds to dead letters.",
    "Billing, authentication, message storage policy.",
  ],
  sources: [
    "https://cloud.google.com/pubsub/docs/subscription-properties",
    "https://cloud.google.com/pubsub/docs/subscription-message-filter (also: != lets messages without the attribute pass)",
    "https://cloud.google.com/pubsub/docs/handling-failures",
    "https://cloud.google.com/pubsub/docs/subscription-retry-policy",
    "https://cloud.google.com/pubsub/docs/ordering",
    "https://cloud.google.com/pubsub/docs/exactly-once-delivery",
    "https://cloud.google.com/pubsub/docs/push",
    "https://cloud.google.com/pubsub/docs/replay-overview",
    "https://cloud.google.com/pubsub/quotas (message size, attributes, regional publish throughput)",
    "googleapis/nodejs-pubsub: protos/google/pubsub/v1/pubsub.proto, src/default-options.ts, src/lease-manager.ts (client defaults: batching 100 messages, 1 MiB, 10 ms; flow control 1000 messages, 100 MiB; extension 60 min)",
  ],
  fieldSources: googlePubsubFieldSources,
  asyncapi,
  unlikeQueue: subscriptionUnlikeQueue,
  check: checkGooglePubsub,
  reach: reachOfPubsub,
  deadLetterTarget: deadLetterTopic,
};
