// The parameters of Event Grid under the names of its resource manager and of CloudEvents, with their defaults. What is
// Spillway's own says so in its help.

import { choice, count, duration, type Fields, flag, rate, text } from "../../base/fields.ts";
import { factsTextMax } from "../mechanisms/routing/messageFacts.ts";

const MINUTE_MS = 60_000;

/** Largest event [bytes]. */
export const eventBytesMax = 1_048_576;

/** Topic. */
export const topicFields = {
  inputSchema: choice({
    label: "inputSchema",
    help: "The form of events, by whose names advanced filters find them: eventType and topic, or type and source.",
    options: [
      { value: "EventGridSchema", label: "Event Grid schema" },
      { value: "CloudEventSchemaV1_0", label: "CloudEvents 1.0" },
    ],
    default: "EventGridSchema",
  }),
  ingress: rate({
    label: "Ingress",
    help: "Events per second that the topic takes; beyond it publishers are refused and try again.",
    min: 1,
    default: 5000,
  }),
} satisfies Fields;

/** Event subscription. */
export const subscriptionFields = {
  subjectBeginsWith: text({
    label: "subjectBeginsWith",
    help: "Only events whose subject begins like this; empty: all.",
    default: "",
  }),
  subjectEndsWith: text({
    label: "subjectEndsWith",
    help: "Only events whose subject ends like this; empty: all.",
    default: "",
  }),
  isSubjectCaseSensitive: flag({
    label: "isSubjectCaseSensitive",
    help: "Upper and lower case count in the two filters of the subject.",
    default: false,
  }),
  includedEventTypes: text({
    label: "includedEventTypes",
    help: "Types of events that are delivered, with commas between them; empty: all.",
    maxLength: 1000,
    default: "",
  }),
  advancedFilters: text({
    label: "advancedFilters",
    help: 'JSON list of conditions that must all hold: [{"operatorType":"StringIn","key":"data.color","values":["red"]}].',
    maxLength: factsTextMax,
    default: "[]",
  }),
  enableAdvancedFilteringOnArrays: flag({
    label: "enableAdvancedFilteringOnArrays",
    help: "Advanced filters look at the elements of arrays.",
    default: false,
  }),
  maxDeliveryAttempts: count({
    label: "maxDeliveryAttempts",
    help: "Attempts after which an event is given up; with the default time to live, 11 is all there is time for.",
    min: 1,
    max: 30,
    default: 30,
  }),
  eventTimeToLiveInMinutes: duration({
    label: "eventTimeToLiveInMinutes",
    help: "Age at which an event is given up.",
    min: MINUTE_MS,
    max: 1440 * MINUTE_MS,
    default: 1440 * MINUTE_MS,
  }),
  delayed_delivery: duration({
    label: "Delayed delivery",
    help: "After 10 failures in a row Event Grid sends nothing to the endpoint for a while, new events included: so long the first time, doubled every time it still fails, at most 4 h [Spillway's own: Microsoft says “some time, up to several hours”].",
    min: 1000,
    max: 4 * 60 * MINUTE_MS,
    none: "not looked at",
    default: null,
  }),
  deadLetterDestination: text({
    label: "deadLetterDestination",
    help: "Id or name of the container to which events go that are given up; empty: they are dropped.",
    default: "",
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

/** A publisher. */
export const publishFields = {
  eventType: text({
    label: "Event type",
    help: "eventType or type of its events. {event} stands for the event's name, {key} for the message's key.",
    default: "{event}",
  }),
  subject: text({
    label: "Subject",
    help: "Such as /orders/{key}.",
    default: "{key}",
  }),
  data: text({
    label: "Data",
    help: "JSON object that advanced filters see as data, with {key} and {event} in its texts.",
    maxLength: factsTextMax,
    default: "{}",
  }),
  latency: latency("publisher and topic"),
} satisfies Fields;

const status = { min: 100, max: 599 };

/** An endpoint. */
export const consumeFields = {
  success_status: count({
    label: "Status on success",
    help: "What the endpoint answers when it has dealt with an event. Only 200 to 204 count as success.",
    ...status,
    default: 200,
  }),
  failure_status: count({
    label: "Status on failure",
    help: "400, 401, 403 and 413 are not tried again; 404 waits 5 min at least, 408 2 min, 503 30 s, all others 10 s.",
    ...status,
    default: 500,
  }),
  latency: latency("Event Grid and endpoint"),
} satisfies Fields;

/** The binding of a topic to an event subscription has no parameters: they are the subscription's. */
export const bindFields = {} satisfies Fields;

/** A container keeps dead letters and has no parameters. */
export const containerFields = {} satisfies Fields;

/** The service in its region. */
export const clusterFields = {
  zones: count({
    label: "Zones",
    help: "Availability zones of the region that share the work [Spillway's own].",
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
} satisfies Fields;
