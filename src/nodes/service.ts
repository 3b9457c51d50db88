// A service: workers that take messages and requests, work, call others, write, publish, and answer.

import { choice, count, duration, durations, type Fields, grouped, ratio } from "../base/fields.ts";
import { autoscalingFields } from "./patterns/autoscaling.ts";
import { retryFields } from "./patterns/backoff.ts";
import { inboxFields } from "./patterns/inbox.ts";
import { errorClassFields } from "./patterns/errorClasses.ts";
import { instanceFields } from "./patterns/instanceFields.ts";
import { poisonFields } from "./patterns/poisonFields.ts";
import { sheddingFields } from "./patterns/shedding.ts";
import { outboxFields } from "./patterns/outbox.ts";
import type { NodeKind } from "./kind.ts";

const fields = {
  concurrency: count({
    label: "Workers",
    min: 1,
    max: 1000,
    default: 1,
    help: "How many messages or requests it handles at the same time; each worker is one consumer.",
    live: true,
  }),
  serviceTime: durations({
    label: "Service time",
    default: { distribution: "exponential", mean: 20 },
    help: "How long a worker works on one message, without calls and writes.",
    live: true,
  }),
  errorRate: ratio({
    label: "Error rate",
    default: 0,
    help: "Share of the attempts that fail at the end of the work.",
    live: true,
  }),
  ...errorClassFields,
  ...poisonFields,
  ...grouped("Retries", retryFields),
  cores: count({
    label: "CPU cores",
    min: 1,
    max: 1000,
    none: "one per worker",
    default: null,
    help: "Cores that all its workers share while they work: when more are at work, each gets on more slowly.",
  }),
  order: choice({
    label: "Order",
    options: [
      { value: "fifo", label: "First in, first out" },
      { value: "lifo", label: "Last in, first out" },
      { value: "priority", label: "Highest priority first" },
    ],
    default: "fifo",
    help: "What a free worker takes next of the requests and messages that wait inside. Work that has begun is not interrupted.",
  }),
  ageing: duration({
    label: "Rises after",
    min: 0.001,
    none: "never",
    default: null,
    help: "What has waited for this long counts as one priority higher, after twice as long as two: so that the lowest get their turn too.",
    onlyIf: { field: "order", is: ["priority"] },
  }),
  coldStart: durations({
    group: "Waking up",
    label: "Cold start",
    default: { distribution: "constant", value: 0 },
    help: "How long a worker that had nothing to do takes to wake up before it begins.",
  }),
  keepWarm: duration({
    group: "Waking up",
    label: "Stays warm",
    default: 0,
    help: "A worker that had nothing to do for no longer than this needs no cold start.",
  }),
  pollInterval: durations({
    group: "Waking up",
    label: "Poll interval",
    default: { distribution: "constant", value: 0 },
    help: "A worker that finds nothing looks again after this time. 0: it is told at once.",
  }),
  mailbox: count({
    label: "Request queue",
    max: 1e7,
    none: "unlimited",
    default: null,
    help: "How many requests may wait for a worker; further ones are refused. Messages wait in their broker.",
    live: true,
  }),
  ...grouped("Load shedding", sheddingFields),
  ...grouped("Idempotency", inboxFields),
  ...grouped("Outbox", outboxFields),
  ...instanceFields,
  ...grouped("Autoscaling", autoscalingFields),
} as const satisfies Fields;

/** The kind "service". */
export const service: NodeKind & { readonly fields: typeof fields } = {
  id: "service",
  label: "Service",
  summary: "Handles events or requests with a number of workers, and may publish, call and write.",
  icon: "cog",
  key: "s",
  accent: "service",
  fields,
  works: true,
  publishes: true,
  consumes: true,
  calls: true,
  isCalled: true,
  writes: true,
  isWritten: false,
};
