// An external API: somebody else's service, with a capacity, a rate limit and outages of its own, that we only call.

import { choice, count, durations, type Fields, flag, ratio } from "../base/fields.ts";
import type { NodeKind } from "./kind.ts";
import { rateLimitFields } from "./patterns/rateLimit.ts";

const ifOutages = { field: "outages", is: [true] };

const fields = {
  responseTime: durations({
    label: "Response time",
    default: { distribution: "lognormal", mean: 80, sd: 40 },
    help: "From the arrival of a request to its answer.",
    live: true,
  }),
  concurrency: count({
    label: "Concurrent requests",
    min: 1,
    max: 1_000_000,
    default: 100,
    help: "Further ones are refused at once (503).",
    live: true,
  }),
  errorRate: ratio({
    label: "Error rate",
    default: 0,
    help: "Share of the requests that it answers with an error (500).",
    live: true,
  }),
  ...rateLimitFields,
  outages: flag({
    label: "Outages",
    default: false,
    help: "Whether it fails as a whole now and then, by lot.",
  }),
  betweenOutages: durations({
    label: "Between outages",
    default: { distribution: "exponential", mean: 60_000 },
    help: "From the end of an outage to the next one, at least 1 ms.",
    onlyIf: ifOutages,
  }),
  repair: durations({
    label: "Repair time",
    default: { distribution: "exponential", mean: 5000 },
    help: "How long an outage lasts.",
    onlyIf: ifOutages,
  }),
  whileOut: choice({
    label: "While it is out",
    options: [
      { value: "refuses", label: "Refuses at once (503)" },
      { value: "silent", label: "Does not answer until it is back" },
    ],
    default: "refuses",
    help: "Silence costs callers their whole timeout.",
    onlyIf: ifOutages,
  }),
} as const satisfies Fields;

/** The kind "external". */
export const external: NodeKind & { readonly fields: typeof fields } = {
  id: "external",
  label: "External API",
  summary: "Somebody else's service that ours call, with its own limits and outages.",
  icon: "globe",
  key: "x",
  accent: "producer",
  fields,
  works: true,
  publishes: false,
  consumes: false,
  calls: false,
  isCalled: true,
  writes: false,
  isWritten: false,
};
