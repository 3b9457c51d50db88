// Small scenarios as data, with what a real Mosquitto 2.0.11 (Debian 12) did in them. `npm run conformance` drives the installed
// version through them, conformance.test.ts the model.

/** The version that was observed, and how the model calls it. */
export const observed = { server: "2.0.11", version: "2.0.0" } as const;

/** A client: what it subscribes to whenever it connects. */
export interface ConformanceClient {
  readonly filters: readonly {
    readonly filter: string;
    readonly qos: number;
    readonly share?: string;
    readonly retainHandling?: number;
  }[];
  readonly protocol?: "3.1.1" | "5.0";
  /** Its session outlives the connection, and it takes it up again. */
  readonly lasting?: boolean;
  /** Session Expiry Interval of a lasting one; without it the session does not end [ms]. */
  readonly sessionMs?: number;
  /** It never acknowledges. */
  readonly silent?: boolean;
  /** Topic of its will, which is its payload too. */
  readonly will?: string;
}

/** One thing that somebody does. Messages are known by their payloads. */
export type Step =
  | {
      readonly publish: readonly string[];
      readonly topic: string;
      readonly qos: number;
      readonly retain?: boolean;
      readonly expiryMs?: number;
    }
  | { readonly connect: string }
  | { readonly disconnect: string }
  /** Its socket is closed without DISCONNECT. */
  | { readonly kill: string }
  | { readonly wait: number };

/** A scenario, and what each client got, in order. */
export interface ConformanceScenario {
  readonly title: string;
  /** How the line of the manual begins that says how the model differs here. */
  readonly listed?: string;
  readonly clients: Readonly<Record<string, ConformanceClient>>;
  readonly steps: readonly Step[];
  readonly seen: Readonly<Record<string, readonly string[]>>;
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

const matching = (topic: string, matched: readonly string[]): ConformanceScenario => {
  const filters = ["#", "+", "a/+", "a/#", "+/b/+", "/+", "+/", "a/+/c"];
  return {
    title: `who matches ${topic}`,
    clients: Object.fromEntries(
      filters.map((filter) => [filter, { filters: [{ filter, qos: 0 }] }]),
    ),
    steps: [...filters.map((connect) => ({ connect })), { publish: ["m"], topic, qos: 0 }],
    seen: Object.fromEntries(
      filters.map((filter) => [filter, matched.includes(filter) ? ["m"] : []]),
    ),
  };
};

const overlap = (protocol: "3.1.1" | "5.0", copies: number): ConformanceScenario => ({
  title: `three filters of one ${protocol} client that match`,
  clients: {
    c: { protocol, filters: ["t/#", "t/+", "t/a"].map((filter) => ({ filter, qos: 1 })) },
  },
  steps: [{ connect: "c" }, { publish: ["m"], topic: "t/a", qos: 1 }],
  seen: { c: Array.from({ length: copies }, () => "m") },
});

const one = [{ filter: "t", qos: 1 }];

/** The scenarios. */
export const scenarios: readonly ConformanceScenario[] = [
  matching("a", ["#", "+", "a/#"]),
  matching("a/b", ["#", "a/+", "a/#"]),
  matching("a/b/c", ["#", "a/#", "+/b/+", "a/+/c"]),
  matching("/a", ["#", "/+"]),
  matching("a/", ["#", "a/+", "a/#", "+/"]),
  matching("a//c", ["#", "a/#", "a/+/c"]),
  matching("x/b/y", ["#", "+/b/+"]),
  matching("$x/a", []),
  {
    title: "a retained message: the latest, then live ones",
    clients: { c: { filters: one } },
    steps: [
      { publish: ["v1", "v2"], topic: "t", qos: 1, retain: true },
      { connect: "c" },
      { publish: ["v3"], topic: "t", qos: 1, retain: true },
    ],
    seen: { c: ["v2", "v3"] },
  },
  {
    title: "an empty retained message deletes",
    clients: { c: { filters: one } },
    steps: [
      { publish: ["v1"], topic: "t", qos: 1, retain: true },
      { publish: [""], topic: "t", qos: 1, retain: true },
      { connect: "c" },
    ],
    seen: { c: [] },
  },
  {
    title: "a session queues QoS 1 and not QoS 0",
    clients: { c: { filters: one, protocol: "3.1.1", lasting: true } },
    steps: [
      { connect: "c" },
      { disconnect: "c" },
      { publish: ["q0"], topic: "t", qos: 0 },
      { publish: ["q1", "q1b"], topic: "t", qos: 1 },
      { connect: "c" },
    ],
    seen: { c: ["q1", "q1b"] },
  },
  {
    title: "max_queued_messages: 1,000, the oldest",
    clients: { c: { filters: one, protocol: "3.1.1", lasting: true } },
    steps: [
      { connect: "c" },
      { disconnect: "c" },
      { publish: numbers(0, 1199), topic: "t", qos: 1 },
      { connect: "c" },
      { wait: 1500 },
    ],
    seen: { c: numbers(0, 999) },
  },
  {
    title: "a shared subscription beside a plain one",
    clients: {
      a: { filters: [{ filter: "t", qos: 1, share: "g" }] },
      b: { filters: [{ filter: "t", qos: 1, share: "g" }] },
      c: { filters: one },
    },
    steps: [
      { connect: "a" },
      { connect: "b" },
      { connect: "c" },
      { publish: numbers(0, 9), topic: "t", qos: 1 },
    ],
    seen: { a: ["0", "2", "4", "6", "8"], b: ["1", "3", "5", "7", "9"], c: numbers(0, 9) },
  },
  {
    title: "a will after a lost connection, none after DISCONNECT",
    clients: {
      watch: { filters: [{ filter: "will/#", qos: 1 }] },
      lost: { filters: one, will: "will/lost" },
      closed: { filters: one, will: "will/closed" },
    },
    steps: [
      { connect: "watch" },
      { connect: "lost" },
      { connect: "closed" },
      { kill: "lost" },
      { disconnect: "closed" },
    ],
    seen: { watch: ["will/lost"] },
  },
  overlap("3.1.1", 1),
  overlap("5.0", 3),
  {
    title: "messages that expire while the client is gone",
    clients: { c: { filters: one, lasting: true } },
    steps: [
      { connect: "c" },
      { disconnect: "c" },
      { publish: ["short"], topic: "t", qos: 1, expiryMs: 1000 },
      { publish: ["long"], topic: "t", qos: 1, expiryMs: 60_000 },
      { wait: 2000 },
      { connect: "c" },
    ],
    seen: { c: ["long"] },
  },
  {
    title: "what is not acknowledged comes again after a reconnection only, before newer ones",
    clients: { c: { filters: one, protocol: "3.1.1", lasting: true, silent: true } },
    steps: [
      { connect: "c" },
      { publish: numbers(1, 3), topic: "t", qos: 1 },
      { wait: 1500 },
      { kill: "c" },
      { publish: ["4"], topic: "t", qos: 1 },
      { connect: "c" },
    ],
    seen: { c: ["1", "2", "3", "1 again", "2 again", "3 again", "4"] },
  },
  {
    title: "max_inflight_messages: 20 without an answer",
    clients: { c: { filters: one, silent: true } },
    steps: [{ connect: "c" }, { publish: numbers(1, 30), topic: "t", qos: 1 }],
    seen: { c: numbers(1, 20) },
  },
  {
    title: "a clean session begins with nothing",
    clients: { c: { filters: one } },
    steps: [
      { connect: "c" },
      { disconnect: "c" },
      { publish: ["m"], topic: "t", qos: 1 },
      { connect: "c" },
      { publish: ["n"], topic: "t", qos: 1 },
    ],
    seen: { c: ["n"] },
  },
  {
    title: "Session Expiry Interval: a session that is taken up in time, and one that is not",
    clients: {
      soon: { filters: one, lasting: true, sessionMs: 60_000 },
      late: { filters: one, lasting: true, sessionMs: 1000 },
    },
    steps: [
      { connect: "soon" },
      { connect: "late" },
      { disconnect: "soon" },
      { disconnect: "late" },
      { publish: ["m"], topic: "t", qos: 1 },
      { wait: 4000 },
      { connect: "soon" },
      { connect: "late" },
    ],
    seen: { soon: ["m"], late: [] },
  },
  {
    title: "the lower QoS counts: QoS 2 is not queued for a subscription with QoS 0",
    clients: {
      zero: { filters: [{ filter: "t", qos: 0 }], lasting: true },
      two: { filters: [{ filter: "t", qos: 2 }], lasting: true },
    },
    steps: [
      { connect: "zero" },
      { connect: "two" },
      { disconnect: "zero" },
      { disconnect: "two" },
      { publish: ["0"], topic: "t", qos: 0 },
      { publish: ["2"], topic: "t", qos: 2 },
      { connect: "zero" },
      { connect: "two" },
    ],
    seen: { zero: [], two: ["2"] },
  },
  {
    title: "a retained message for a shared subscription: sent before 2.0.13, not from then on",
    clients: {
      shared: { filters: [{ filter: "t", qos: 1, share: "g" }] },
      plain: { filters: one },
    },
    steps: [
      { publish: ["v"], topic: "t", qos: 1, retain: true },
      { connect: "shared" },
      { connect: "plain" },
    ],
    seen: { shared: ["v"], plain: ["v"] },
  },
  {
    title: "who is left of a shared subscription gets everything",
    clients: {
      a: { filters: [{ filter: "t", qos: 1, share: "g" }] },
      b: { filters: [{ filter: "t", qos: 1, share: "g" }] },
    },
    steps: [
      { connect: "a" },
      { connect: "b" },
      { publish: numbers(0, 3), topic: "t", qos: 1 },
      { disconnect: "a" },
      { publish: numbers(4, 7), topic: "t", qos: 1 },
    ],
    seen: { a: ["0", "2"], b: ["1", "3", "4", "5", "6", "7"] },
  },
  {
    title: "a retained message expires",
    clients: { c: { filters: one } },
    steps: [
      { publish: ["v"], topic: "t", qos: 1, retain: true, expiryMs: 1000 },
      { wait: 2500 },
      { connect: "c" },
    ],
    seen: { c: [] },
  },
  {
    title: "Retain Handling: each time, for new subscriptions only, never",
    clients: Object.fromEntries(
      [0, 1, 2].map((retainHandling) => [
        `handling ${retainHandling}`,
        { filters: [{ filter: "t", qos: 1, retainHandling }], lasting: true },
      ]),
    ),
    steps: [
      { publish: ["v"], topic: "t", qos: 1, retain: true },
      ...[0, 1, 2, 0, 1, 2].flatMap((handling) => [
        { connect: `handling ${handling}` },
        { disconnect: `handling ${handling}` },
      ]),
    ],
    seen: { "handling 0": ["v", "v"], "handling 1": ["v"], "handling 2": [] },
  },
];
