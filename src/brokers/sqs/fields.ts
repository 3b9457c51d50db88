// The parameters of SQS under the names of its API, with its defaults. What is Spillway's own (latencies, chances,
// detection time) says so in its help.

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

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const fifo = { field: "FifoQueue", is: [true] };
const standard = { field: "FifoQueue", is: [false] };

/** Queue. */
export const queueFields = {
  FifoQueue: flag({
    label: "FifoQueue",
    help: "Order per message group and no duplicates within five minutes. Off: standard, at least once, best-effort order.",
    default: false,
  }),
  VisibilityTimeout: duration({
    label: "VisibilityTimeout",
    help: "How long a received message is hidden from other consumers; not deleted by then, it comes back.",
    max: 12 * HOUR,
    default: 30 * SECOND,
    live: true,
  }),
  MessageRetentionPeriod: duration({
    label: "MessageRetentionPeriod",
    help: "After this time a message is deleted without a word, counted from when it was sent first.",
    min: MINUTE,
    max: 14 * DAY,
    default: 4 * DAY,
  }),
  DelaySeconds: duration({
    label: "DelaySeconds",
    help: "A new message is hidden for this time.",
    max: 15 * MINUTE,
    default: 0,
    live: true,
  }),
  ReceiveMessageWaitTimeSeconds: duration({
    label: "ReceiveMessageWaitTimeSeconds",
    help: "How long a receive waits for a message (long polling). 0: short polling, which asks only some servers and may miss messages.",
    max: 20 * SECOND,
    default: 0,
  }),
  MaximumMessageSize: bytes({
    label: "MaximumMessageSize",
    help: "Larger messages are refused.",
    min: 1024,
    max: 1_048_576,
    default: 1_048_576,
  }),
  deadLetterTargetArn: text({
    label: "RedrivePolicy deadLetterTargetArn",
    help: "Id or name of the dead-letter queue, of the same type; empty: none.",
    default: "",
  }),
  maxReceiveCount: count({
    label: "RedrivePolicy maxReceiveCount",
    help: "A receive that would be one more than this moves the message to the dead-letter queue instead, if there is one.",
    min: 1,
    max: 1000,
    default: 10,
  }),
  RedriveAllowPolicy: choice({
    label: "RedriveAllowPolicy",
    help: "Whether other queues may name this one as their dead-letter queue.",
    options: [
      { value: "allowAll", label: "allowAll" },
      { value: "denyAll", label: "denyAll" },
    ],
    default: "allowAll",
  }),
  StartMessageMoveTask: flag({
    label: "StartMessageMoveTask",
    help: "While on, dead letters go back to the queue they came from, with a new life.",
    default: false,
    live: true,
  }),
  MaxNumberOfMessagesPerSecond: count({
    label: "MaxNumberOfMessagesPerSecond",
    help: "Rate at which StartMessageMoveTask moves messages; here 500 where nothing is said.",
    min: 1,
    max: 500,
    none: "the service decides",
    default: null,
  }),
  ContentBasedDeduplication: flag({
    label: "ContentBasedDeduplication",
    help: "Publishers need not state a MessageDeduplicationId: a hash of the body takes its place (here all bodies differ).",
    default: false,
    onlyIf: fifo,
  }),
  DeduplicationScope: choice({
    label: "DeduplicationScope",
    help: "Whether an id may occur once per queue or once per message group in five minutes.",
    options: [
      { value: "queue", label: "queue" },
      { value: "messageGroup", label: "messageGroup" },
    ],
    default: "queue",
    onlyIf: fifo,
  }),
  FifoThroughputLimit: choice({
    label: "FifoThroughputLimit",
    help: "perQueue: 300 calls per second and action. perMessageGroupId: high throughput, up to the quota of the Region.",
    options: [
      { value: "perQueue", label: "perQueue" },
      { value: "perMessageGroupId", label: "perMessageGroupId" },
    ],
    default: "perQueue",
    onlyIf: fifo,
  }),
  early_duplicates: ratio({
    label: "Early duplicates",
    help: "Share of receives after which a standard queue hands the message out once more before its time [Spillway's own].",
    default: 0.0001,
    onlyIf: standard,
  }),
  disorder: ratio({
    label: "Disorder",
    help: "Share of receives in which a standard queue gives a later message before an earlier one [Spillway's own].",
    default: 0.01,
    onlyIf: standard,
  }),
} satisfies Fields;

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
  MessageGroupId: text({
    label: "MessageGroupId",
    help: "Group of a message in a FIFO queue; {key} stands for its key, {event} for its event. Without a key: the event's name.",
    default: "{key}",
  }),
  MessageDeduplicationId: text({
    label: "MessageDeduplicationId",
    help: "For FIFO queues. {message}: every message has an id of its own; {key} and {event} as above; empty: left to ContentBasedDeduplication.",
    default: "{message}",
  }),
  DelaySeconds: duration({
    label: "DelaySeconds",
    help: "A delay for each message, instead of the queue's. FIFO queues refuse it.",
    max: 15 * MINUTE,
    none: "the queue's",
    default: null,
  }),
  SendMessageBatch: count({
    label: "SendMessageBatch",
    help: "Messages per call, which is what the quotas of FIFO queues count. They are sent at once all the same.",
    min: 1,
    max: 10,
    default: 1,
  }),
  max_attempts: count({
    label: "SDK max_attempts",
    help: "Attempts of a call in all, with growing pauses of up to 20 s between them.",
    min: 1,
    max: 20,
    default: 3,
  }),
  request_timeout: duration({
    label: "SDK request timeout",
    help: "How long the SDK waits for an answer before it sends again [varies between SDKs].",
    min: 1,
    max: 10 * MINUTE,
    default: MINUTE,
  }),
  answer_loss: ratio({
    label: "Lost answers",
    help: "Share of calls that are obeyed while the answer is lost: sent again, they make duplicates in standard queues [Spillway's own].",
    default: 0,
  }),
  latency: latency("between publisher and service"),
} satisfies Fields;

/** A consumer's connection. */
export const consumeFields = {
  MaxNumberOfMessages: count({
    label: "MaxNumberOfMessages",
    help: "Most messages per receive. A worker deals with one after the other; the time of all runs from the receive.",
    min: 1,
    max: 10,
    default: 1,
  }),
  WaitTimeSeconds: duration({
    label: "WaitTimeSeconds",
    help: "How long a receive waits for a message, instead of the queue's ReceiveMessageWaitTimeSeconds.",
    max: 20 * SECOND,
    none: "the queue's",
    default: null,
  }),
  VisibilityTimeout: duration({
    label: "VisibilityTimeout",
    help: "How long what this service receives is hidden, instead of the queue's.",
    max: 12 * HOUR,
    none: "the queue's",
    default: null,
  }),
  heartbeat: duration({
    label: "Heartbeat",
    help: "How often a working consumer calls ChangeMessageVisibility to start the visibility timeout anew.",
    min: 10,
    max: 12 * HOUR,
    none: "never",
    default: null,
  }),
  on_failure: choice({
    label: "On failure",
    help: "SQS knows no rejection: either the message is left until its timeout, or its timeout is changed.",
    options: [
      { value: "timeout", label: "leave it until its timeout" },
      { value: "visibility", label: "ChangeMessageVisibility" },
    ],
    default: "timeout",
  }),
  backoff: text({
    label: "VisibilityTimeout after a failure",
    help: "Seconds after the first, second, … receive, such as 10, 20, 40; the last one repeats. 0: at once.",
    default: "0",
    onlyIf: { field: "on_failure", is: ["visibility"] },
  }),
  poll_pause: duration({
    label: "Pause between short polls",
    help: "How long a worker waits after a receive that brought nothing, with a wait time of 0 [Spillway's own].",
    max: HOUR,
    default: 0,
  }),
  empty_receives: ratio({
    label: "Short polls that miss",
    help: "Share of short polls that find nothing although messages wait, because only some servers are asked [Spillway's own].",
    default: 0.05,
  }),
  latency: latency("between service and consumer"),
} satisfies Fields;

/** The service in one Region. */
export const clusterFields = {
  zones: count({
    label: "Availability zones",
    help: "Every message is kept in several of them: losing one loses nothing.",
    min: 1,
    max: 6,
    default: 3,
  }),
  detection: duration({
    label: "Detection of a zone's failure",
    help: "How long calls still go to a zone that fails or is slow [Spillway's own].",
    max: HOUR,
    default: 10 * SECOND,
  }),
  standard_in_flight: count({
    label: "Messages in flight per standard queue",
    help: "Quota: received and not deleted. At the quota receives bring nothing.",
    min: 1,
    max: 1_000_000,
    default: 120_000,
  }),
  fifo_in_flight: count({
    label: "Messages in flight per FIFO queue",
    help: "Quota, 20,000 before November 2024. At the quota receives bring nothing.",
    min: 1,
    max: 1_000_000,
    default: 120_000,
  }),
  fifo_calls: count({
    label: "Calls per second and FIFO queue",
    help: "Quota of each action (send, receive, delete) of a FIFO queue.",
    min: 1,
    max: 1_000_000,
    default: 300,
  }),
  high_throughput_calls: count({
    label: "Calls per second at high throughput",
    help: "The same quota for perMessageGroupId; it depends on the Region.",
    min: 1,
    max: 1_000_000,
    default: 70_000,
  }),
} satisfies Fields;
