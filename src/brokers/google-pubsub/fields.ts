// The parameters of Pub/Sub under the names of its API and of its client libraries, with their defaults. What is
// Spillway's own says so in its help.

import {
  bytes,
  choice,
  count,
  duration,
  type Fields,
  flag,
  ratio,
  text,
} from "../../base/fields.ts";
import { factsTextMax } from "../mechanisms/routing/messageFacts.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Largest message [bytes]. */
export const messageBytesMax = 10_000_000;

const retention = { min: 10 * MINUTE_MS, max: 31 * DAY_MS };

/** Topic. */
export const topicFields = {
  message_retention_duration: duration({
    label: "message_retention_duration",
    help: "How long the topic itself keeps every message, so that any subscription can seek back to it.",
    ...retention,
    none: "not kept",
    default: null,
  }),
} satisfies Fields;

const ifBackoff = { field: "retry_policy", is: ["backoff"] } as const;

/** Subscription. */
export const subscriptionFields = {
  delivery_type: choice({
    label: "Delivery type",
    help: "pull: clients open streams. push: Pub/Sub posts each message to an endpoint and takes a success status as acknowledgement.",
    options: [
      { value: "pull", label: "pull" },
      { value: "push", label: "push" },
    ],
    default: "pull",
  }),
  ack_deadline_seconds: duration({
    label: "ack_deadline_seconds",
    help: "A message that is not acknowledged within this time is delivered again; of a push request it is the timeout.",
    min: 10 * SECOND_MS,
    max: 600 * SECOND_MS,
    default: 10 * SECOND_MS,
  }),
  message_retention_duration: duration({
    label: "message_retention_duration",
    help: "Unacknowledged messages older than this are gone.",
    ...retention,
    default: 7 * DAY_MS,
  }),
  retain_acked_messages: flag({
    label: "retain_acked_messages",
    help: "Acknowledged messages are kept as long as unacknowledged ones, so that one can seek back over them.",
    default: false,
  }),
  "expiration_policy.ttl": duration({
    label: "expiration_policy.ttl",
    help: "A subscription that nobody has used for so long is deleted, with all its messages.",
    min: DAY_MS,
    none: "never",
    default: 31 * DAY_MS,
  }),
  filter: text({
    label: "filter",
    help: 'Which messages come in, by attributes: attributes.type = "order" AND NOT attributes:debug. Others count as acknowledged.',
    maxLength: 256,
    default: "",
  }),
  enable_message_ordering: flag({
    label: "enable_message_ordering",
    help: "Messages of one ordering key are delivered in order; when one is redelivered, so are all later ones of its key.",
    default: false,
  }),
  enable_exactly_once_delivery: flag({
    label: "enable_exactly_once_delivery",
    help: "No redelivery while a lease is valid or after a confirmed acknowledgement; late acknowledgements fail. Pull only.",
    default: false,
  }),
  retry_policy: choice({
    label: "retry_policy",
    help: "How soon a message is delivered again after a negative acknowledgement or an expired deadline.",
    options: [
      { value: "immediate", label: "immediately" },
      { value: "backoff", label: "after an exponential backoff" },
    ],
    default: "immediate",
  }),
  minimum_backoff: duration({
    label: "minimum_backoff",
    help: "Delay after the first failure of a message; it doubles with each further one.",
    max: 600 * SECOND_MS,
    default: 10 * SECOND_MS,
    onlyIf: ifBackoff,
  }),
  maximum_backoff: duration({
    label: "maximum_backoff",
    help: "Longest delay between deliveries of a message.",
    max: 600 * SECOND_MS,
    default: 600 * SECOND_MS,
    onlyIf: ifBackoff,
  }),
  dead_letter_topic: text({
    label: "dead_letter_topic",
    help: "Id or name of the topic to which messages go that have used up their attempts; empty: none.",
    default: "",
  }),
  max_delivery_attempts: count({
    label: "max_delivery_attempts",
    help: "Failed deliveries after which a message goes to the dead-letter topic. Without one it has no effect.",
    min: 5,
    max: 100,
    default: 5,
  }),
  created_after: duration({
    label: "Created after",
    help: "The subscription is created so long after the start; what was published before does not reach it [Spillway's own].",
    default: 0,
  }),
  seek: duration({
    label: "Seek",
    help: "When this is set during a run, the subscription seeks to so long ago: older messages are acknowledged, kept ones come again [Spillway's own].",
    none: "not yet",
    default: null,
    live: true,
  }),
} satisfies Fields;

const latency = (between: string) =>
  duration({
    label: "Network latency",
    help: `One way between ${between} [Spillway's own: measure yours].`,
    min: 0.01,
    max: 60_000,
    default: 10,
  });

/** A publisher's client. */
export const publishFields = {
  attributes: text({
    label: "Attributes",
    help: 'JSON object of texts, at most 100, such as {"type":"{event}"}. {key} stands for the message\'s key, {event} for its event.',
    maxLength: factsTextMax,
    default: "{}",
  }),
  ordering_key: flag({
    label: "Ordering key",
    help: "The message's key travels as its ordering key.",
    default: true,
  }),
  max_messages: count({
    label: "batching: max_messages",
    help: "A publish request goes out when it has so many messages.",
    min: 1,
    max: 1000,
    default: 100,
  }),
  max_bytes: bytes({
    label: "batching: max_bytes",
    help: "A publish request goes out when its messages have so many bytes.",
    min: 1,
    max: 10_000_000,
    default: 1_048_576,
  }),
  max_latency: duration({
    label: "batching: max_latency",
    help: "A publish request goes out at the latest so long after its first message.",
    max: 60_000,
    default: 10,
  }),
  total_timeout: duration({
    label: "total_timeout",
    help: "How long the client tries a failing publish request again, with pauses from 0.1 s that double up to 60 s.",
    min: 1,
    max: 86_400_000,
    default: 600 * SECOND_MS,
  }),
  latency: latency("publisher and service"),
} satisfies Fields;

/** A subscriber's client or endpoint. */
export const consumeFields = {
  max_messages: count({
    label: "Flow control: max_messages",
    help: "Most unacknowledged messages per worker (each is one client). Push has a window of its own.",
    min: 1,
    max: 1_000_000,
    default: 1000,
    live: true,
  }),
  max_bytes: bytes({
    label: "Flow control: max_bytes",
    help: "Most bytes of unacknowledged messages per worker.",
    min: 1,
    default: 104_857_600,
  }),
  max_extension: duration({
    label: "Maximum lease extension",
    help: "How long the client library keeps extending a lease while the handler works; 0: not at all. Push has none.",
    default: 60 * MINUTE_MS,
  }),
  on_failure: choice({
    label: "On failure",
    help: "nack: a negative acknowledgement. expire: no answer, so that the deadline passes. Push answers with an error status.",
    options: [
      { value: "nack", label: "nack" },
      { value: "expire", label: "let the deadline pass" },
    ],
    default: "nack",
  }),
  success_status: count({
    label: "Status on success",
    help: "What a push endpoint answers when it has dealt with a message. Only 102, 200, 201, 202 and 204 acknowledge.",
    min: 100,
    max: 599,
    default: 204,
  }),
  latency: latency("service and subscriber"),
} satisfies Fields;

/** The binding of a topic to a subscription has no parameters: they are the subscription's. */
export const bindFields = {} satisfies Fields;

/** The service in its region. */
export const clusterFields = {
  zones: count({
    label: "Zones",
    help: "Zones of the region over which messages are stored before a publication is confirmed [Spillway's own].",
    min: 2,
    max: 6,
    default: 3,
  }),
  zone_detection: duration({
    label: "Detection of a failed zone",
    help: "How long a share of the requests still goes to a zone that has failed [Spillway's own].",
    min: 1,
    max: 600_000,
    default: 10_000,
  }),
  duplicates: ratio({
    label: "Duplicates without a failure",
    help: "Share of acknowledged messages that are delivered once more, as at-least-once allows; Google states no figure [Spillway's own].",
    max: 0.5,
    default: 0,
  }),
  regional_throughput: bytes({
    label: "Regional publish throughput",
    help: "Bytes per second that all publishers together may send; beyond it requests are refused and tried again.",
    min: 1,
    none: "no limit",
    default: 4_000_000_000,
  }),
} satisfies Fields;
