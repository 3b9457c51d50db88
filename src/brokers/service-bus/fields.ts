// The parameters of Service Bus under the names of its API and SDK, with their defaults. What is Spillway's own (latencies,
// detection time, names of dead-letter queues on the canvas) says so in its help.

import { choice, count, duration, type Fields, flag, ratio, text } from "../../base/fields.ts";
import { factsTextMax } from "../mechanisms/routing/messageFacts.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const storing = {
  LockDuration: duration({
    label: "LockDuration",
    help: "How long a received message is locked; when the lock is lost, it is delivered again.",
    min: 5 * SECOND,
    max: 5 * MINUTE,
    default: MINUTE,
  }),
  MaxDeliveryCount: count({
    label: "MaxDeliveryCount",
    help: "After so many deliveries that were abandoned or lost their lock, the message goes to the dead-letter queue.",
    min: 1,
    max: 2000,
    default: 10,
  }),
  DefaultMessageTimeToLive: duration({
    label: "DefaultMessageTimeToLive",
    help: "A message that waits longer expires; the shorter one of this and its own counts.",
    min: SECOND,
    none: "never",
    default: null,
  }),
  DeadLetteringOnMessageExpiration: flag({
    label: "DeadLetteringOnMessageExpiration",
    help: "Expired messages go to the dead-letter queue instead of being deleted.",
    default: false,
  }),
  RequiresSession: flag({
    label: "RequiresSession",
    help: "A message's key is its SessionId; one receiver at a time locks a session and gets its messages in order.",
    default: false,
  }),
  ForwardTo: text({
    label: "ForwardTo",
    help: "Id or name of the queue or topic to which everything is forwarded; empty: none.",
    default: "",
  }),
  dead_letter_queue: text({
    label: "Dead-letter queue",
    help: "Id or name of the dead-letter queue on the drawing that stands for its $DeadLetterQueue; empty: dead letters pile up unread [Spillway's own].",
    default: "",
  }),
} satisfies Fields;

const duplicates = {
  RequiresDuplicateDetection: flag({
    label: "RequiresDuplicateDetection",
    help: "A MessageId that was seen within the window is accepted and dropped.",
    default: false,
  }),
  DuplicateDetectionHistoryTimeWindow: duration({
    label: "DuplicateDetectionHistoryTimeWindow",
    help: "How long a MessageId is remembered.",
    min: 20 * SECOND,
    max: 7 * DAY,
    default: 10 * MINUTE,
    onlyIf: { field: "RequiresDuplicateDetection", is: [true] },
  }),
} satisfies Fields;

/** Queue. */
export const queueFields = { ...storing, ...duplicates } satisfies Fields;

/** Topic. */
export const topicFields = duplicates satisfies Fields;

/** Subscription. */
export const subscriptionFields = storing satisfies Fields;

/** Dead-letter queue: it knows no expiry and no limit of deliveries. */
export const deadLetterFields = { LockDuration: storing.LockDuration } satisfies Fields;

const latency = (from: string) =>
  duration({
    label: "Network latency",
    help: `One way ${from} [Spillway's own: measure yours].`,
    min: 0.01,
    max: MINUTE,
    default: 5,
  });

/** A publisher's connection. */
export const publishFields = {
  MessageId: text({
    label: "MessageId",
    help: "What duplicate detection compares. {message}: an id of its own for each message; {key} and {event} stand for key and event.",
    default: "{message}",
  }),
  ApplicationProperties: text({
    label: "ApplicationProperties",
    help: 'What rules look at, a JSON object such as {"type":"{event}","customer":"{key}"}.',
    maxLength: factsTextMax,
    default: "{}",
  }),
  Subject: text({
    label: "Subject",
    help: "Also called label; rules know it as sys.Label. {event} stands for the event, {key} for the key.",
    default: "{event}",
  }),
  TimeToLive: duration({
    label: "TimeToLive",
    help: "The message's own time to live.",
    min: 1,
    none: "the entity's",
    default: null,
  }),
  ScheduledEnqueueTime: duration({
    label: "ScheduledEnqueueTime",
    help: "How long after sending a message is enqueued.",
    max: 365 * DAY,
    default: 0,
  }),
  MaxRetries: count({
    label: "MaxRetries",
    help: "How often the SDK tries a failed send again, after 0.8 s and twice as long each time, up to 60 s.",
    max: 100,
    default: 3,
  }),
  TryTimeout: duration({
    label: "TryTimeout",
    help: "How long the SDK waits for an answer.",
    min: 1,
    max: 10 * MINUTE,
    default: MINUTE,
  }),
  answer_loss: ratio({
    label: "Lost answers",
    help: "Share of sends that are obeyed while the answer is lost; sent again, they make duplicates [Spillway's own].",
    default: 0,
  }),
  latency: latency("between publisher and service"),
} satisfies Fields;

/** A receiver's connection. */
export const consumeFields = {
  ReceiveMode: choice({
    label: "ReceiveMode",
    help: "PeekLock: completed after the work. ReceiveAndDelete: gone when sent, so that a crash loses what was not worked off.",
    options: [
      { value: "PeekLock", label: "PeekLock" },
      { value: "ReceiveAndDelete", label: "ReceiveAndDelete" },
    ],
    default: "PeekLock",
  }),
  PrefetchCount: count({
    label: "PrefetchCount",
    help: "Messages that a worker holds beyond the one it works on; their locks run.",
    max: 1000,
    default: 0,
  }),
  MaxAutoLockRenewalDuration: duration({
    label: "MaxAutoLockRenewalDuration",
    help: "How long the SDK renews locks while a worker has the message.",
    max: DAY,
    default: 5 * MINUTE,
    onlyIf: { field: "ReceiveMode", is: ["PeekLock"] },
  }),
  on_failure: choice({
    label: "On failure",
    help: "abandon: available again at once. dead-letter: to the dead-letter queue. lock: left until the lock is lost.",
    options: [
      { value: "abandon", label: "abandon" },
      { value: "dead-letter", label: "dead-letter" },
      { value: "lock", label: "leave it locked" },
    ],
    default: "abandon",
    onlyIf: { field: "ReceiveMode", is: ["PeekLock"] },
  }),
  SessionIdleTimeout: duration({
    label: "SessionIdleTimeout",
    help: "How long a worker waits for another message of its session before it takes the next session.",
    max: DAY,
    default: MINUTE,
  }),
  latency: latency("between service and receiver"),
} satisfies Fields;

/** A rule: a line from a topic to a subscription. */
export const bindFields = {
  filter: choice({
    label: "Filter",
    help: "TrueFilter takes everything; a CorrelationFilter compares properties; a SqlFilter is an expression over them.",
    options: [
      { value: "TrueFilter", label: "TrueFilter" },
      { value: "CorrelationFilter", label: "CorrelationFilter" },
      { value: "SqlFilter", label: "SqlFilter" },
    ],
    default: "TrueFilter",
  }),
  correlation: text({
    label: "Correlation",
    help: 'A JSON object: every member must be equal; sys.Label is the Subject, such as {"sys.Label":"OrderPlaced"}.',
    maxLength: factsTextMax,
    default: "{}",
    onlyIf: { field: "filter", is: ["CorrelationFilter"] },
  }),
  sqlExpression: text({
    label: "SQL expression",
    help: "Such as type = 'order' AND amount > 10; =, <>, <, >, <=, >=, LIKE, IN, IS NULL, EXISTS, AND, OR, NOT.",
    maxLength: 1024,
    default: "1 = 1",
    onlyIf: { field: "filter", is: ["SqlFilter"] },
  }),
} satisfies Fields;

/** The namespace. */
export const clusterFields = {
  tier: choice({
    label: "Tier",
    help: "Basic: queues only, messages of 256 KB. Standard: also topics, sessions and duplicate detection. Premium: messages of 1 MB.",
    options: [
      { value: "Basic", label: "Basic" },
      { value: "Standard", label: "Standard" },
      { value: "Premium", label: "Premium" },
    ],
    default: "Standard",
  }),
  zones: count({
    label: "Availability zones",
    help: "Every message is kept in several of them: losing one loses nothing.",
    min: 1,
    max: 6,
    default: 3,
  }),
  detection: duration({
    label: "Detection of a zone's failure",
    help: "How long sends still go to a zone that fails or is slow [Spillway's own].",
    max: 60 * MINUTE,
    default: 10 * SECOND,
  }),
} satisfies Fields;
