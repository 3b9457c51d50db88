// What we advise on RabbitMQ's settings makes runs better, and is not said where it does not hold.

import {
  adviceHolds,
  lasting,
  pipe,
  subscriptionIn,
  type Pipe,
} from "../../model/advice/adviceHolds.suite.ts";

const queue = { technology: "rabbitmq", kind: "queue" } as const;
const rabbit = (about: Omit<Pipe, "technology" | "kind">) => pipe({ ...queue, ...about });
const serviceDown = [{ at: 20_000, act: "crash", target: "service", duration: 10_000 }] as const;
const nodeDown = [
  { at: 20_000, act: "crash", target: "broker", member: 0, duration: 20_000 },
] as const;
const quick = { serviceTime: lasting(1) };
const failing = { serviceTime: lasting(5), errorRate: 0.2 };
const uneven = {
  serviceTime: { distribution: "hyperexponential", mean: 250, cv2: 6 },
  concurrency: 4,
} as const;

adviceHolds([
  {
    code: "rabbitmq/automatic-ack",
    risky: rabbit({
      consume: { ack: "automatic" },
      service: { serviceTime: lasting(99) },
      timeline: serviceDown,
    }),
    sound: rabbit({
      consume: { prefetch_count: 10 },
      service: { serviceTime: lasting(99) },
      timeline: serviceDown,
    }),
    figure: "less is lost in a crash",
    measure: (report) => report.conservation.copies.dropped,
    to: { fallTo: 0 },
  },
  {
    code: "rabbitmq/unlimited-prefetch",
    risky: rabbit({ service: uneven }),
    sound: rabbit({ consume: { prefetch_count: 2 }, service: uneven }),
    figure: "messages wait less behind slow ones",
    measure: (report) => subscriptionIn(report, "consume").latency.p99 ?? Infinity,
    to: { fallTo: 0.8 },
  },
  {
    code: "rabbitmq/large-prefetch",
    risky: rabbit({ consume: { prefetch_count: 50 }, service: uneven }),
    sound: rabbit({ consume: { prefetch_count: 50 }, service: { ...uneven, ...quick } }),
    figure: "messages wait less behind slow ones",
    measure: (report) => subscriptionIn(report, "consume").latency.p99 ?? Infinity,
    to: { fallTo: 0.8 },
  },
  {
    code: "rabbitmq/no-dead-letters",
    risky: rabbit({ consume: { on_failure: "reject" }, service: failing }),
    sound: rabbit({ consume: { on_failure: "reject" }, service: quick }),
    figure: "nothing is dropped",
    measure: (report) => report.conservation.copies.dropped,
    to: { fallTo: 0 },
  },
  {
    code: "rabbitmq/endless-requeue",
    risky: rabbit({ service: { serviceTime: lasting(20), errorRate: 1 } }),
    sound: rabbit({ channel: { "x-queue-type": "quorum" }, service: failing }),
    figure: "what always fails no longer comes back",
    measure: (report) => subscriptionIn(report, "consume").redelivered,
    to: { fallTo: 0 },
  },
  {
    code: "rabbitmq/even-group",
    risky: rabbit({
      channel: { "x-queue-type": "quorum", "x-quorum-initial-group-size": 2 },
      service: quick,
      timeline: nodeDown,
    }),
    sound: rabbit({ channel: { "x-queue-type": "quorum" }, service: quick, timeline: nodeDown }),
    figure: "the queue goes on while a node is down",
    measure: (report) => subscriptionIn(report, "consume").latency.max ?? Infinity,
    to: { fallTo: 0.7 },
  },
  {
    code: "rabbitmq/ttl-below-outage",
    risky: rabbit({ channel: { "x-message-ttl": 2000 }, service: quick, timeline: serviceDown }),
    sound: rabbit({ channel: { "x-message-ttl": 2000 }, service: quick }),
    figure: "nothing expires during the outage",
    measure: (report) => report.conservation.copies.expired,
    to: { fallTo: 0 },
  },
  {
    code: "rabbitmq/endless-queue",
    risky: rabbit({ consume: { prefetch_count: 1 }, service: { serviceTime: lasting(125) } }),
    sound: rabbit({ consume: { prefetch_count: 1 }, service: { serviceTime: lasting(80) } }),
    figure: "what is taken waits less",
    measure: (report) => subscriptionIn(report, "consume").latency.p99 ?? Infinity,
    to: { fallTo: 0.5 },
  },
  {
    code: "rabbitmq/transient-messages",
    risky: rabbit({
      service: { serviceTime: lasting(95) },
      consume: { prefetch_count: 1 },
      timeline: [
        ...serviceDown,
        ...nodeDown.map((one) => ({ ...one, at: 28_000, duration: 1000 })),
      ],
    }),
    sound: rabbit({
      publish: { delivery_mode: "2" },
      service: { serviceTime: lasting(95) },
      timeline: nodeDown,
    }),
    figure: "less is lost when a node restarts",
    measure: (report) => report.conservation.copies.dropped,
    to: { fallTo: 0.2 },
  },
  {
    code: "rabbitmq/unconfirmed",
    risky: rabbit({ publish: { confirms: false }, service: quick, timeline: nodeDown }),
    sound: rabbit({ service: quick, timeline: nodeDown }),
    figure: "no loss goes unnoticed",
    measure: ({ conservation }) => conservation.publications.lost,
    to: { fallTo: 0 },
  },
]);
