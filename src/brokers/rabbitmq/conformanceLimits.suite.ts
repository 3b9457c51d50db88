// Further scenarios of the kind of conformance.suite.ts: limits in bytes, and queues that are deleted when nobody uses them.

import type { ConformanceScenario } from "./conformance.suite.ts";

const toDlq = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dlq" };

const overflow = (behaviour: string, seen: ConformanceScenario["seen"]): ConformanceScenario => ({
  title: `a queue that is full in bytes with ${behaviour}`,
  queues: { q: { "x-max-length-bytes": 10, "x-overflow": behaviour, ...toDlq }, dlq: {} },
  // One of one byte, one of eight, one of three, one of two.
  steps: [{ publish: ["a", "bbbbbbbb", "ccc", "dd"], to: "q" }],
  seen,
});

/** The scenarios. */
export const limitScenarios: readonly ConformanceScenario[] = [
  overflow("drop-head", {
    confirms: ["ack", "ack", "ack", "ack"],
    left: { q: ["ccc", "dd"], dlq: ["a", "bbbbbbbb"] },
  }),
  overflow("reject-publish", {
    confirms: ["ack", "ack", "nack", "nack"],
    left: { q: ["a", "bbbbbbbb"], dlq: [] },
  }),
  overflow("reject-publish-dlx", {
    confirms: ["ack", "ack", "nack", "nack"],
    left: { q: ["a", "bbbbbbbb"], dlq: ["ccc", "dd"] },
  }),
  {
    title: "a queue without consumers is deleted, whatever is in it and comes to it",
    queues: { q: { "x-expires": 500, ...toDlq }, dlq: {} },
    steps: [
      { consume: "c", queue: "q", prefetch: 1 },
      { wait: 800 },
      { publish: ["a", "b"], to: "q" },
      { close: "c" },
      { wait: 300 },
      { publish: ["c"], to: "q", mandatory: true },
      { wait: 500 },
      { publish: ["d"], to: "q", mandatory: true },
    ],
    seen: {
      confirms: ["ack", "ack", "ack", "returned"],
      got: { c: ["a"] },
      left: { dlq: [] },
    },
  },
  {
    title: "a stream is read from an interval ago",
    queues: { q: { "x-queue-type": "stream" } },
    steps: [
      { publish: ["a", "b"], to: "q" },
      { wait: 3000 },
      { publish: ["c"], to: "q" },
      { wait: 200 },
      { consume: "recent", queue: "q", prefetch: 10, offset: "2s" },
      { consume: "all", queue: "q", prefetch: 10, offset: "1m" },
    ],
    seen: { got: { recent: ["c"], all: ["a", "b", "c"] }, left: {} },
  },
];
