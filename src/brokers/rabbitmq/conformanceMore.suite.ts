// Further scenarios of the kind of conformance.suite.ts: routing in detail, times to live, consumers, delivery limits, streams.

import type { ConformanceScenario } from "./conformance.suite.ts";

const toDlq = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dlq" };
const quorum = { "x-queue-type": "quorum" };
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

const patterns = ["#", "*", "a.*", "a.#", "*.b.*", "#.b", "a.#.c", "a.*.#", "*.*", "a.b.c", ""];

/** Which queues of a topic exchange get which keys; each queue is bound with one of the patterns. */
const topics: Readonly<Record<string, readonly string[]>> = {
  "": ["#", ""],
  a: ["#", "*", "a.#"],
  "a.b": ["#", "a.*", "a.#", "#.b", "a.*.#", "*.*"],
  "a.b.c": ["#", "a.#", "*.b.*", "a.#.c", "a.*.#", "a.b.c"],
  "a.c": ["#", "a.*", "a.#", "a.#.c", "a.*.#", "*.*"],
  "a.b.b.c": ["#", "a.#", "a.#.c", "a.*.#"],
  b: ["#", "*", "#.b"],
  "a.": ["#", "a.*", "a.#", "a.*.#", "*.*"],
  ".": ["#", "*.*"],
  "A.b": ["#", "#.b", "*.*"],
};

const limited = (limit: number): ConformanceScenario => ({
  title: `a delivery limit of ${limit} allows ${limit + 1} deliveries`,
  queues: { q: { ...quorum, "x-delivery-limit": limit, ...toDlq }, dlq: {} },
  steps: [
    { publish: ["m"], to: "q" },
    { consume: "c", queue: "q", prefetch: 1 },
    ...Array.from({ length: limit + 1 }, () => ({ nack: "m", by: "c" })),
  ],
  seen: {
    got: { c: ["m", ...Array.from({ length: limit }, () => "m again")] },
    left: { q: [], dlq: ["m"] },
  },
});

/** The scenarios. */
export const moreScenarios: readonly ConformanceScenario[] = [
  {
    title: "a topic exchange: ten keys against eleven patterns",
    queues: Object.fromEntries(patterns.map((pattern) => [`q ${pattern}`, {}])),
    exchanges: { x: { type: "topic" } },
    bindings: patterns.map((key) => ({ from: "x", to: `q ${key}`, key })),
    steps: Object.keys(topics).map((key) => ({ publish: [`key ${key}`], to: "x", key })),
    seen: {
      left: Object.fromEntries(
        patterns.map((pattern) => [
          `q ${pattern}`,
          Object.keys(topics)
            .filter((key) => topics[key]!.includes(pattern))
            .map((key) => `key ${key}`),
        ]),
      ),
    },
  },
  {
    title: "a direct exchange compares exactly, a fanout exchange not at all",
    queues: { exact: {}, upper: {}, all: {} },
    exchanges: { d: { type: "direct" }, f: { type: "fanout" } },
    bindings: [
      { from: "d", to: "exact", key: "a.b" },
      { from: "d", to: "upper", key: "A.B" },
      { from: "f", to: "all", key: "nothing" },
    ],
    steps: [
      { publish: ["m"], to: "d", key: "a.b" },
      { publish: ["n"], to: "f", key: "a.b" },
    ],
    seen: { left: { exact: ["m"], upper: [], all: ["n"] } },
  },
  {
    title: "one copy per queue, whatever number of bindings and exchanges leads there",
    queues: { q: {} },
    exchanges: { x: { type: "topic" }, y: { type: "fanout" } },
    bindings: [
      { from: "x", to: "q", key: "a.*" },
      { from: "x", to: "q", key: "#" },
      { from: "x", to: "y", key: "a.b" },
      { from: "y", to: "q" },
    ],
    steps: [{ publish: ["m"], to: "x", key: "a.b" }],
    seen: { confirms: ["ack"], left: { q: ["m"] } },
  },
  {
    title: "CC and BCC add keys",
    queues: { a: {}, b: {}, c: {} },
    exchanges: { x: { type: "direct" } },
    bindings: ["a", "b", "c"].map((key) => ({ from: "x", to: key, key })),
    steps: [{ publish: ["m"], to: "x", key: "a", headers: { CC: ["b"], BCC: ["c"] } }],
    seen: { left: { a: ["m"], b: ["m"], c: ["m"] } },
  },
  {
    title: "a fan-out to two queues, one of them full: nack, and the other one has it",
    queues: { full: { "x-max-length": 1, "x-overflow": "reject-publish" }, free: {} },
    exchanges: { x: { type: "fanout" } },
    bindings: [
      { from: "x", to: "full" },
      { from: "x", to: "free" },
    ],
    steps: [{ publish: ["1", "2"], to: "x" }],
    seen: { confirms: ["ack", "nack"], left: { full: ["1"], free: ["1", "2"] } },
  },
  {
    title:
      "the lower one of expiration and queue TTL counts, and expiration is gone in the next queue",
    queues: { q: { "x-message-ttl": 3000, ...toDlq }, dlq: {} },
    steps: [{ publish: ["m"], to: "q", expiration: 200 }, { wait: 900 }],
    seen: { left: { q: [], dlq: ["m"] } },
  },
  {
    title: "a requeue does not start the time to live anew",
    queues: { q: { "x-message-ttl": 800, ...toDlq }, dlq: {} },
    steps: [
      { publish: ["m"], to: "q" },
      { consume: "c", queue: "q", prefetch: 1 },
      { wait: 300 },
      { close: "c" },
      { wait: 700 },
    ],
    seen: { got: { c: ["m"] }, left: { q: [], dlq: ["m"] } },
  },
  {
    title: "what is unacknowledged does not expire until it comes back",
    queues: { q: { "x-message-ttl": 200, ...toDlq }, dlq: {} },
    steps: [
      { publish: ["m"], to: "q" },
      { consume: "c", queue: "q", prefetch: 1 },
      { wait: 600 },
      { consume: "early", queue: "dlq", prefetch: 1 },
      { close: "early" },
      { close: "c" },
    ],
    seen: { got: { c: ["m"], early: [] }, left: { q: [], dlq: ["m"] } },
  },
  {
    title: "a TTL of 0: to a consumer with room or to the dead letters",
    queues: { q: { "x-message-ttl": 0, ...toDlq }, dlq: {} },
    steps: [
      { consume: "c", queue: "q", prefetch: 1 },
      { publish: ["1", "2"], to: "q" },
    ],
    seen: { got: { c: ["1"] }, left: { q: [], dlq: ["2"] } },
  },
  limited(0),
  limited(3),
  {
    title: "a closed channel counts towards the delivery limit",
    queues: { q: { ...quorum, "x-delivery-limit": 1, ...toDlq }, dlq: {} },
    steps: [
      { publish: ["m"], to: "q" },
      { consume: "a", queue: "q", prefetch: 1 },
      { close: "a" },
      { consume: "b", queue: "q", prefetch: 1 },
      { close: "b" },
    ],
    seen: { got: { a: ["m"], b: ["m again"] }, left: { q: [], dlq: ["m"] } },
  },
  {
    title: "a rejected message goes to the dead letters, unmarked",
    queues: { q: toDlq, dlq: {} },
    steps: [
      { publish: numbers(1, 3), to: "q" },
      { consume: "c", queue: "q", prefetch: 2, rejects: true },
      { nack: "1", by: "c" },
      { ack: "2", by: "c" },
      { close: "c" },
    ],
    seen: { got: { c: ["1", "2", "3"] }, left: { q: ["3 again"], dlq: ["1"] } },
  },
  {
    title:
      "without a dead-letter exchange, or with one that is not there, a rejected message is gone",
    queues: { none: {}, missing: { "x-dead-letter-exchange": "nowhere" } },
    steps: [
      { publish: ["1"], to: "none" },
      { publish: ["2"], to: "missing" },
      { consume: "a", queue: "none", prefetch: 1, rejects: true },
      { consume: "b", queue: "missing", prefetch: 1, rejects: true },
      { nack: "1", by: "a" },
      { nack: "2", by: "b" },
    ],
    seen: { got: { a: ["1"], b: ["2"] }, left: { none: [], missing: [] } },
  },
  {
    title: "a retry by way of a waiting queue: rejected, expired, delivered again as new",
    queues: {
      work: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "waiting" },
      waiting: {
        "x-message-ttl": 300,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "work",
      },
    },
    steps: [
      { consume: "c", queue: "work", prefetch: 1, rejects: true },
      { publish: ["m"], to: "work" },
      { nack: "m", by: "c" },
      { wait: 600 },
      { nack: "m", by: "c" },
      { wait: 600 },
      { ack: "m", by: "c" },
    ],
    seen: { got: { c: ["m", "m", "m"] }, left: { work: [], waiting: [] } },
  },
  {
    title: "a single active consumer, and the next one when it is gone",
    queues: { q: { "x-single-active-consumer": true } },
    steps: [
      { consume: "a", queue: "q", prefetch: 2 },
      { consume: "b", queue: "q", prefetch: 10 },
      { publish: numbers(1, 4), to: "q" },
      { ack: "1", by: "a" },
      { close: "a" },
    ],
    seen: { got: { a: ["1", "2", "3"], b: ["2 again", "3 again", "4"] }, left: { q: [] } },
  },
  {
    title: "without prefetch the first consumer gets the whole backlog",
    queues: { q: {} },
    steps: [
      { publish: numbers(1, 6), to: "q" },
      { consume: "a", queue: "q", prefetch: 0 },
      { consume: "b", queue: "q", prefetch: 0 },
    ],
    seen: { got: { a: numbers(1, 6), b: [] }, left: { q: [] } },
  },
  {
    title: "a quorum queue sends 2,000 to a consumer without prefetch",
    queues: { q: quorum },
    steps: [
      { publish: numbers(1, 2005), to: "q" },
      { consume: "a", queue: "q", prefetch: 0 },
      { wait: 300 },
    ],
    seen: { got: { a: numbers(1, 2000) }, left: { q: numbers(2001, 2005) } },
  },
  {
    title: "with automatic acknowledgement everything that was sent is gone with the consumer",
    queues: { q: {} },
    steps: [
      { publish: numbers(1, 5), to: "q" },
      { consume: "a", queue: "q", prefetch: 1, automatic: true },
      { close: "a" },
    ],
    seen: { got: { a: numbers(1, 5) }, left: { q: [] } },
  },
  {
    title: "a full quorum queue with reject-publish",
    queues: { q: { ...quorum, "x-max-length": 3, "x-overflow": "reject-publish" } },
    steps: [
      { publish: ["1"], to: "q" },
      { publish: ["2"], to: "q" },
      { publish: ["3"], to: "q" },
      { publish: ["4"], to: "q" },
      { publish: ["5"], to: "q" },
    ],
    listed: "The maximum length of quorum queues is exact.",
    seen: { confirms: ["ack", "ack", "ack", "ack", "nack"], left: { q: ["1", "2", "3", "4"] } },
  },
  {
    title: "a stream is read from first, last, next and a number, by everybody",
    queues: { s: { "x-queue-type": "stream" } },
    steps: [
      ...numbers(1, 4).map((body) => ({ publish: [body], to: "s" })),
      { consume: "first", queue: "s", prefetch: 10, offset: "first" },
      { consume: "last", queue: "s", prefetch: 10, offset: "last" },
      { consume: "next", queue: "s", prefetch: 10, offset: "next" },
      { consume: "second", queue: "s", prefetch: 10, offset: 2 },
      { publish: ["5"], to: "s" },
    ],
    seen: {
      got: {
        first: numbers(1, 5),
        last: ["4", "5"],
        next: ["5"],
        second: ["3", "4", "5"],
      },
      left: {},
    },
  },
  {
    title: "headers: x-match with -with-x counts keys that begin with x-",
    queues: { all: {}, any: {} },
    exchanges: { x: { type: "headers" } },
    bindings: [
      { from: "x", to: "all", headers: { "x-match": "all-with-x", a: 1, "x-b": "2" } },
      { from: "x", to: "any", headers: { "x-match": "any-with-x", a: 1, "x-b": "2" } },
    ],
    steps: [
      { publish: ["m"], to: "x", headers: { "x-b": "2" } },
      { publish: ["n"], to: "x", headers: { a: 1, "x-b": "2" } },
    ],
    seen: { left: { all: ["n"], any: ["m", "n"] } },
  },
];
