// A service: workers that take messages and requests, work, call others, write, publish, and answer.

import { count, durations, type Fields, ratio } from "../base/fields.ts";
import { retryFields } from "./backoff.ts";
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
  ...retryFields,
  mailbox: count({
    label: "Request queue",
    max: 1e7,
    none: "unlimited",
    default: null,
    help: "How many requests may wait for a worker; further ones are refused. Messages wait in their broker.",
    live: true,
  }),
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
  publishes: true,
  consumes: true,
  calls: true,
  isCalled: true,
  writes: true,
  isWritten: false,
};
