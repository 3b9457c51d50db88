// The parameters of EventBridge under the names its users know, with their defaults. What is Spillway's own says so.

import { choice, count, duration, type Fields, rate, ratio, text } from "../../base/fields.ts";
import { lambdaFieldsFor, sdkFields, wireFields, zoneFields } from "../mechanisms/awsService.ts";
import { factsTextMax } from "../mechanisms/routing/messageFacts.ts";

const MS_PER_S = 1000;
const MS_PER_DAY = 86_400 * MS_PER_S;

/** Rule of a classic bus, subscriber of a custom one. */
export const ruleFields = {
  EventPattern: text({
    label: "EventPattern",
    help: "Events that the rule takes: fields are AND, the values of a field OR.",
    maxLength: factsTextMax,
    default: '{"source":[{"prefix":""}]}',
  }),
  State: choice({
    label: "State",
    help: "A disabled rule takes nothing; what comes meanwhile is gone for it.",
    options: [
      { value: "ENABLED", label: "ENABLED" },
      { value: "DISABLED", label: "DISABLED" },
    ],
    default: "ENABLED",
    live: true,
  }),
  Type: choice({
    label: "Subscriber type",
    help: "FIFO (Custom Event Bus only): events of one EventGroupId, the message's key, go one after the other.",
    options: [
      { value: "STANDARD", label: "STANDARD" },
      { value: "FIFO", label: "FIFO" },
    ],
    default: "STANDARD",
  }),
} satisfies Fields;

/** A publisher's connection. */
export const publishFields = {
  Source: text({
    label: "Source",
    help: "source of the events; {key} and {event} stand for key and event name.",
    default: "my.app",
  }),
  DetailType: text({
    label: "DetailType",
    help: "detail-type of the events; {event} stands for the event's name.",
    default: "{event}",
  }),
  Detail: text({
    label: "Detail",
    help: "What patterns can look at in detail, as JSON; {key} and {event} are filled in.",
    maxLength: factsTextMax,
    default: "{}",
  }),
  ...sdkFields,
} satisfies Fields;

/** A target. */
export const consumeFields = {
  Target: choice({
    label: "Target",
    help: "API destination: an HTTP call with 5 s to answer. Lambda: accepted at once, Lambda's own retries follow. Service: such as an SQS queue.",
    options: [
      { value: "api-destination", label: "API destination" },
      { value: "lambda", label: "Lambda function" },
      { value: "service", label: "Queue or other service" },
    ],
    default: "api-destination",
  }),
  MaximumRetryAttempts: count({
    label: "MaximumRetryAttempts",
    help: "Retries after the first attempt.",
    max: 185,
    none: "the bus's default: 185 on a classic bus, 5 on a Custom Event Bus",
    default: null,
  }),
  MaximumEventAgeInSeconds: duration({
    label: "MaximumEventAgeInSeconds",
    help: "Age at which retries stop; the first limit wins.",
    min: 60 * MS_PER_S,
    max: MS_PER_DAY,
    none: "the bus's default: 24 h on a classic bus, 5 min on a Custom Event Bus",
    default: null,
  }),
  DeadLetterConfig: text({
    label: "DeadLetterConfig",
    help: "Id or name of the queue for events that were given up; empty: they are lost.",
    default: "",
  }),
  InvocationRateLimitPerSecond: rate({
    label: "InvocationRateLimitPerSecond",
    help: "Most calls per second of an API destination; the rest waits and ages.",
    min: 1,
    max: 100_000,
    default: 300,
    live: true,
    onlyIf: { field: "Target", is: ["api-destination"] },
  }),
  ...lambdaFieldsFor("Target"),
  endpoint: choice({
    label: "Endpoint",
    help: "Gone: deleted, or EventBridge lacks the permission. Nothing is retried then [Spillway's own].",
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
  version: choice({
    label: "Kind of bus",
    help: "Custom Event Bus (2026): subscribers with FIFO, and far shorter retries by default.",
    options: [
      { value: "classic", label: "Classic" },
      { value: "custom-2026", label: "Custom Event Bus (2026)" },
    ],
    default: "classic",
  }),
  put_events_quota: rate({
    label: "PutEvents quota",
    help: "Calls per second before ThrottlingException; depends on the Region.",
    min: 1,
    max: 1_000_000,
    default: 10_000,
    live: true,
  }),
  processing: duration({
    label: "Time to first attempt",
    help: "From acceptance, drawn between half and one and a half of it, so that order is lost [Spillway's own].",
    max: 60_000,
    default: 150,
  }),
  duplicates: ratio({
    label: "Duplicates",
    help: "Share of events that a target gets once more although it answered [Spillway's own].",
    default: 0,
  }),
  ...zoneFields,
} satisfies Fields;
