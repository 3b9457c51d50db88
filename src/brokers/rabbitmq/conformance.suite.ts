// Small scenarios as data, with what a real RabbitMQ 3.10.8 (Debian 12) did in them. `npm run conformance` drives the installed
// version through them, conformance.test.ts the model, set to the version that was observed.

/** The version that was observed, and how the model calls it. */
export const observed = { server: "3.10.8", version: "3.10" } as const;

/** One thing that somebody does. Messages are known by their bodies. */
export type Step =
  | {
      readonly publish: readonly string[];
      /** A queue through the default exchange, or an exchange. */
      readonly to: string;
      readonly key?: string;
      readonly headers?: Headers;
      readonly priority?: number;
      readonly expiration?: number;
      readonly mandatory?: boolean;
    }
  | {
      readonly consume: string;
      readonly queue: string;
      readonly prefetch: number;
      readonly priority?: number;
      /** It acknowledges automatically. */
      readonly automatic?: boolean;
      /** Where it begins to read a stream. */
      readonly offset?: string | number;
      /** Its negative answers say requeue=false. */
      readonly rejects?: boolean;
    }
  /** Answers of a consumer: done, or basic.nack, with requeue unless it rejects. */
  | { readonly ack: string; readonly by: string }
  | { readonly nack: string; readonly by: string }
  | { readonly close: string }
  | { readonly wait: number };

/** Headers of a message or of a binding; null: a void argument. */
export interface Headers {
  readonly [name: string]: string | number | boolean | null | readonly string[];
}

/** Arguments of a queue under their own names. */
export type QueueArguments = Readonly<Record<string, string | number | boolean>>;

/** A scenario: what is declared, what is done, and what was seen. */
export interface ConformanceScenario {
  readonly title: string;
  /** How the line of the manual begins that says how the model differs here. */
  readonly listed?: string;
  /** Arguments of each queue by its name. */
  readonly queues: Readonly<Record<string, QueueArguments>>;
  readonly exchanges?: Readonly<
    Record<string, { readonly type: string; readonly alternate?: string }>
  >;
  readonly bindings?: readonly {
    readonly from: string;
    readonly to: string;
    readonly key?: string;
    readonly headers?: Headers;
  }[];
  readonly steps: readonly Step[];
  readonly seen: {
    /** What publishers learned, in order: ack, nack, returned. */
    readonly confirms?: readonly string[];
    /** What each consumer got, in order; "2 again" when it was marked as redelivered. */
    readonly got?: Readonly<Record<string, readonly string[]>>;
    /** What is left in each queue, in order. */
    readonly left: Readonly<Record<string, readonly string[]>>;
  };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
const dead = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dlq" };
const quorum = { "x-queue-type": "quorum" };

const requeue = (
  title: string,
  args: QueueArguments,
  seen: ConformanceScenario["seen"],
): ConformanceScenario => ({
  title,
  queues: { q: args },
  steps: [
    { publish: numbers(1, 6), to: "q" },
    { consume: "c", queue: "q", prefetch: 3 },
    { nack: "2", by: "c" },
    { ack: "1", by: "c" },
    { close: "c" },
  ],
  seen,
});

const overflow = (
  type: string,
  behaviour: string,
  seen: ConformanceScenario["seen"],
): ConformanceScenario => ({
  title: `a full ${type} queue with ${behaviour}`,
  queues: {
    q: { "x-queue-type": type, "x-max-length": 3, "x-overflow": behaviour, ...dead },
    dlq: {},
  },
  steps: [{ publish: numbers(1, 5), to: "q" }],
  seen,
});

const headBlocks = (type: string): ConformanceScenario => ({
  title: `time to live at the head of a ${type} queue only`,
  queues: { q: { "x-queue-type": type, ...dead }, dlq: {} },
  steps: [
    { publish: ["long"], to: "q", expiration: 1500 },
    { publish: ["short"], to: "q", expiration: 200 },
    { wait: 700 },
    { consume: "early", queue: "dlq", prefetch: 10 },
    { close: "early" },
    { wait: 1200 },
  ],
  seen: { got: { early: [] }, left: { dlq: ["long", "short"] } },
});

/** The scenarios. */
export const scenarios: readonly ConformanceScenario[] = [
  requeue(
    "a nack in a classic queue",
    {},
    {
      got: { c: ["1", "2", "3", "2 again", "4"] },
      left: { q: ["2 again", "3 again", "4 again", "5", "6"] },
    },
  ),
  requeue("a nack in a quorum queue without delivery limit", quorum, {
    got: { c: ["1", "2", "3", "4", "5"] },
    left: { q: ["3 again", "4 again", "5 again", "6", "2 again"] },
  }),
  requeue(
    "a nack in a quorum queue with a delivery limit",
    { ...quorum, "x-delivery-limit": 10 },
    {
      got: { c: ["1", "2", "3", "2 again", "4"] },
      left: { q: ["3 again", "2 again", "4 again", "5", "6"] },
    },
  ),
  {
    title: "the delivery limit of a quorum queue",
    queues: { q: { ...quorum, "x-delivery-limit": 2, ...dead }, dlq: {} },
    steps: [
      { publish: ["m"], to: "q" },
      { consume: "c", queue: "q", prefetch: 1 },
      { nack: "m", by: "c" },
      { nack: "m", by: "c" },
      { nack: "m", by: "c" },
    ],
    seen: { got: { c: ["m", "m again", "m again"] }, left: { q: [], dlq: ["m"] } },
  },
  overflow("classic", "drop-head", {
    confirms: ["ack", "ack", "ack", "ack", "ack"],
    left: { q: ["3", "4", "5"], dlq: ["1", "2"] },
  }),
  overflow("classic", "reject-publish", {
    confirms: ["ack", "ack", "ack", "nack", "nack"],
    left: { q: ["1", "2", "3"], dlq: [] },
  }),
  overflow("classic", "reject-publish-dlx", {
    confirms: ["ack", "ack", "ack", "nack", "nack"],
    left: { q: ["1", "2", "3"], dlq: ["4", "5"] },
  }),
  overflow("quorum", "drop-head", {
    confirms: ["ack", "ack", "ack", "ack", "ack"],
    left: { q: ["3", "4", "5"], dlq: ["1", "2"] },
  }),
  headBlocks("classic"),
  headBlocks("quorum"),
  {
    title: "priorities of a classic queue",
    queues: { q: { "x-max-priority": 5 } },
    steps: [
      { publish: ["a"], to: "q", priority: 1 },
      { publish: ["b"], to: "q", priority: 3 },
      { publish: ["c"], to: "q", priority: 2 },
      { publish: ["d"], to: "q" },
      { publish: ["e"], to: "q", priority: 9 },
      { publish: ["f"], to: "q", priority: 5 },
      { publish: ["g"], to: "q", priority: 0 },
      { publish: ["h"], to: "q", priority: 3 },
    ],
    seen: { left: { q: ["e", "f", "b", "h", "c", "a", "d", "g"] } },
  },
  {
    title: "priorities that a quorum queue of 3.x does not know",
    queues: { q: quorum },
    steps: [
      { publish: ["a"], to: "q", priority: 1 },
      { publish: ["b"], to: "q", priority: 9 },
    ],
    seen: { left: { q: ["a", "b"] } },
  },
  {
    title: "a headers exchange",
    queues: { all: {}, any: {}, none: {}, ignored: {}, exists: {}, text: {} },
    exchanges: { x: { type: "headers" } },
    bindings: [
      { from: "x", to: "all", headers: { "x-match": "all", a: 1, b: "x" } },
      { from: "x", to: "any", headers: { "x-match": "any", a: 1, b: "x" } },
      { from: "x", to: "none", headers: { "x-match": "any" } },
      { from: "x", to: "ignored", headers: { "x-match": "all", a: 1, "x-foo": "1" } },
      { from: "x", to: "exists", headers: { "x-match": "all", a: null } },
      { from: "x", to: "text", headers: { "x-match": "all", a: "1" } },
    ],
    steps: [{ publish: ["m"], to: "x", headers: { a: 1 } }],
    seen: { left: { all: [], any: ["m"], none: [], ignored: ["m"], exists: ["m"], text: [] } },
  },
  {
    title: "an alternate exchange takes what is mandatory and unroutable",
    queues: { q: {} },
    exchanges: { x: { type: "direct", alternate: "ae" }, ae: { type: "fanout" } },
    bindings: [{ from: "ae", to: "q" }],
    steps: [{ publish: ["m"], to: "x", key: "unbound", mandatory: true }],
    seen: { confirms: ["ack"], left: { q: ["m"] } },
  },
  {
    title: "an unroutable message is returned if mandatory, confirmed if not",
    queues: { q: {} },
    exchanges: { x: { type: "direct" } },
    steps: [
      { publish: ["m"], to: "x", key: "unbound", mandatory: true },
      { publish: ["n"], to: "x", key: "unbound" },
    ],
    seen: { confirms: ["returned", "ack"], left: { q: [] } },
  },
  {
    title: "CC through the default exchange",
    queues: { q: {}, r: {} },
    steps: [{ publish: ["m"], to: "q", headers: { CC: ["r"] } }],
    seen: { left: { q: ["m"], r: ["m"] } },
  },
  {
    title: "consumers take turns",
    queues: { q: {} },
    steps: [
      { consume: "a", queue: "q", prefetch: 10 },
      { consume: "b", queue: "q", prefetch: 10 },
      { consume: "c", queue: "q", prefetch: 10 },
      { publish: numbers(1, 9), to: "q" },
    ],
    seen: { got: { a: ["1", "4", "7"], b: ["2", "5", "8"], c: ["3", "6", "9"] }, left: {} },
  },
  {
    title: "a consumer of higher priority gets everything until it is full",
    queues: { q: {} },
    steps: [
      { consume: "low", queue: "q", prefetch: 2 },
      { consume: "high", queue: "q", prefetch: 2, priority: 10 },
      { publish: numbers(1, 5), to: "q" },
    ],
    seen: { got: { high: ["1", "2"], low: ["3", "4"] }, left: { q: ["5"] } },
  },
  {
    title: "a maximum length counts ready messages, and requeued ones push out the oldest",
    queues: { q: { "x-max-length": 2, ...dead }, dlq: {} },
    steps: [
      { consume: "c", queue: "q", prefetch: 2 },
      { publish: numbers(1, 5), to: "q" },
      { close: "c" },
    ],
    seen: { got: { c: ["1", "2"] }, left: { dlq: ["3", "1", "2"], q: ["4", "5"] } },
  },
  {
    title: "a circle of expiry without rejection ends",
    queues: {
      q: { "x-message-ttl": 100, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "q" },
    },
    steps: [{ publish: ["m"], to: "q" }, { wait: 500 }],
    seen: { left: { q: [] } },
  },
];
