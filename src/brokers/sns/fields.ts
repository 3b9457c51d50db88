// The parameters of SNS under the names its users know, with their defaults. What is Spillway's own says so.

import {
  choice,
  count,
  duration,
  type Fields,
  flag,
  rate,
  ratio,
  text,
} from "../../base/fields.ts";
import {
  deadLetterQueueFields,
  lambdaFieldsFor,
  sdkFields,
  wireFields,
  zoneFields,
} from "../mechanisms/awsService.ts";
import { factsTextMax } from "../mechanisms/routing/messageFacts.ts";

const MS_PER_S = 1000;
const HOUR_MS = 3_600_000;

/** Topic. */
export const topicFields = {
  FifoTopic: flag({
    label: "FifoTopic",
    help: "Keeps the order within a message group, the message's key, and drops repetitions for five minutes.",
    default: false,
  }),
} satisfies Fields;

/** Queue for dead letters. */
export const queueFields = {
  ...deadLetterQueueFields,
  FifoQueue: flag({
    label: "FifoQueue",
    help: "Subscriptions of FIFO topics need one, those of standard topics may not have one.",
    default: false,
  }),
} satisfies Fields;

const facts = (label: string, help: string) =>
  text({ label, help, maxLength: factsTextMax, default: "{}" });

/** A publisher's connection. */
export const publishFields = {
  MessageAttributes: facts(
    "MessageAttributes",
    "What filter policies can look at, as JSON; {key} and {event} are filled in.",
  ),
  Message: facts(
    "Message",
    "What filter policies of scope MessageBody can look at, as JSON; {key} and {event} are filled in.",
  ),
  MessageDeduplicationId: text({
    label: "MessageDeduplicationId",
    help: "On FIFO topics: the same id is delivered once in five minutes; {key} is filled in. Empty: never the same.",
    default: "",
  }),
  ...sdkFields,
} satisfies Fields;

const ofHttps = { field: "Protocol", is: ["https"] };
const delay = (label: string, help: string) =>
  duration({
    label,
    help,
    min: MS_PER_S,
    max: HOUR_MS,
    default: 20 * MS_PER_S,
    onlyIf: ofHttps,
  });
const retries = (label: string, help: string, most = 0) =>
  count({ label, help, max: 100, default: most, onlyIf: ofHttps });

/** A subscription. */
export const consumeFields = {
  Protocol: choice({
    label: "Protocol",
    help: "Decides how failed deliveries are retried.",
    options: [
      { value: "https", label: "HTTP/S" },
      { value: "lambda", label: "AWS Lambda" },
      { value: "sqs", label: "Amazon SQS or Firehose" },
      { value: "email", label: "Email, SMS or mobile push" },
    ],
    default: "https",
  }),
  FilterPolicy: text({
    label: "FilterPolicy",
    help: "JSON: keys are AND, the values of a key OR. Empty: every message.",
    maxLength: factsTextMax,
    default: "",
  }),
  FilterPolicyScope: choice({
    label: "FilterPolicyScope",
    help: "What the filter policy looks at.",
    options: [
      { value: "MessageAttributes", label: "MessageAttributes" },
      { value: "MessageBody", label: "MessageBody" },
    ],
    default: "MessageAttributes",
  }),
  RawMessageDelivery: flag({
    label: "RawMessageDelivery",
    help: "The message as it is, without SNS's JSON around it; written into exports.",
    default: false,
    onlyIf: { field: "Protocol", is: ["https", "sqs"] },
  }),
  RedrivePolicy: text({
    label: "RedrivePolicy",
    help: "Id or name of the dead-letter queue of this subscription; empty: what cannot be delivered is lost.",
    default: "",
  }),
  numRetries: retries("numRetries", "Retries in all phases together.", 3),
  numNoDelayRetries: retries("numNoDelayRetries", "First phase: retries at once."),
  numMinDelayRetries: retries("numMinDelayRetries", "Second phase: retries at the least delay."),
  numMaxDelayRetries: retries("numMaxDelayRetries", "Last phase: retries at the longest delay."),
  minDelayTarget: delay("minDelayTarget", "Least delay before a retry."),
  maxDelayTarget: delay("maxDelayTarget", "Longest delay before a retry."),
  backoffFunction: choice({
    label: "backoffFunction",
    help: "How delays grow in the phase between.",
    options: [
      { value: "linear", label: "linear" },
      { value: "arithmetic", label: "arithmetic" },
      { value: "geometric", label: "geometric" },
      { value: "exponential", label: "exponential" },
    ],
    default: "linear",
    onlyIf: ofHttps,
  }),
  maxReceivesPerSecond: {
    kind: "rate",
    label: "maxReceivesPerSecond",
    help: "Most deliveries per second; the rest waits.",
    min: 1,
    max: 100_000,
    none: "no limit",
    default: null,
    live: true,
    onlyIf: ofHttps,
  },
  ...lambdaFieldsFor("Protocol"),
  endpoint: choice({
    label: "Endpoint",
    help: "Gone: deleted, or SNS lacks the permission. Nothing is retried then [Spillway's own].",
    options: [
      { value: "there", label: "there" },
      { value: "gone", label: "gone" },
    ],
    default: "there",
    live: true,
  }),
  ...wireFields,
} satisfies Fields;

/** The service. */
export const clusterFields = {
  publish_quota: rate({
    label: "Publish quota",
    help: "Messages per second into standard topics before throttling; depends on the Region.",
    min: 1,
    max: 1_000_000,
    default: 30_000,
    live: true,
  }),
  fifo_publish_quota: rate({
    label: "Publish quota of a FIFO topic",
    help: "Messages per second into each FIFO topic.",
    min: 1,
    max: 100_000,
    default: 300,
    live: true,
  }),
  processing: duration({
    label: "Time to first attempt",
    help: "From acceptance, drawn between half and one and a half of it on standard topics [Spillway's own].",
    max: 60_000,
    default: 30,
  }),
  duplicates: ratio({
    label: "Duplicates",
    help: "Share of messages that a standard subscription gets once more although it answered [Spillway's own].",
    default: 0,
  }),
  ...zoneFields,
} satisfies Fields;
