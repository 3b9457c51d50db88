// A service: workers that take messages and requests, work, call others, write, publish, and answer.

import { choice, count, duration, durations, type Fields, ratio } from "../base/fields.ts";
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
  attempts: count({
    label: "Attempts",
    min: 1,
    max: 100,
    default: 1,
    help: "How often a message is tried inside the service before it counts as failed, the first time included.",
    live: true,
  }),
  backoff: duration({
    label: "Back-off",
    default: 100,
    help: "Wait before the second attempt; it doubles with each further one. The worker waits with it.",
    live: true,
  }),
  backoffMax: duration({
    label: "Longest back-off",
    default: 20_000,
    help: "The wait before an attempt never grows beyond this.",
  }),
  jitter: choice({
    label: "Jitter",
    options: [
      { value: "none", label: "None" },
      { value: "full", label: "Full: anything from 0 to the wait" },
      { value: "equal", label: "Equal: half fixed, half random" },
    ],
    default: "full",
    help: "Spreads the attempts of many workers over time.",
  }),
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
