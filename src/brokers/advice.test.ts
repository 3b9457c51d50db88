// What we advise on the settings of the smaller set of technologies makes runs better, and is not said where it does not
// hold.

import {
  adviceHolds,
  lasting,
  nodeIn,
  pipe,
  subscriptionIn,
} from "../model/advice/adviceHolds.suite.ts";

const serviceDown = [{ at: 20_000, act: "crash", target: "service", duration: 10_000 }] as const;
const busy = { serviceTime: lasting(95) };
const redelivered = (report: Parameters<typeof subscriptionIn>[0]) =>
  subscriptionIn(report, "consume").redelivered;
const handled = (report: Parameters<typeof nodeIn>[0]) => nodeIn(report, "service").handled;

const stream = { technology: "redis-streams", kind: "stream" } as const;
const jetstream = { technology: "nats", kind: "stream" } as const;
const lock = { technology: "service-bus", kind: "queue" } as const;
const pulsar = { technology: "pulsar", kind: "topic" } as const;
const mqtt = { technology: "mqtt", kind: "topic" } as const;

adviceHolds([
  {
    code: "mqtt/command-with-qos-0",
    risky: pipe({
      ...mqtt,
      writes: true,
      consume: { clean_session: false, session_expiry_interval: 60_000 },
      service: { serviceTime: lasting(1) },
      timeline: serviceDown,
    }),
    sound: pipe({
      ...mqtt,
      writes: true,
      publish: { qos: "1" },
      consume: { qos: "1" },
      service: { serviceTime: lasting(1) },
    }),
    figure: "commands of the outage arrive after all",
    measure: handled,
    to: { riseTo: 1.1 },
  },
  {
    code: "mqtt/session-below-outage",
    risky: pipe({
      ...mqtt,
      publish: { qos: "1" },
      consume: { qos: "1" },
      service: { serviceTime: lasting(1) },
      timeline: serviceDown,
    }),
    sound: pipe({
      ...mqtt,
      publish: { qos: "1" },
      consume: { qos: "1" },
      service: { serviceTime: lasting(1) },
    }),
    figure: "messages of the outage arrive after all",
    measure: handled,
    to: { riseTo: 1.1 },
  },
  {
    code: "redis-streams/nobody-claims",
    risky: pipe({ ...stream, service: { serviceTime: lasting(5), errorRate: 0.2 } }),
    sound: pipe({ ...stream, service: { serviceTime: lasting(5) } }),
    figure: "what failed is tried again until it succeeds",
    measure: handled,
    to: { riseTo: 1.1 },
  },
  {
    code: "redis-streams/noack",
    risky: pipe({
      ...stream,
      consume: { noack: true, count: 50 },
      service: busy,
      timeline: serviceDown,
      sourcesStopAt: 40_000,
    }),
    sound: pipe({ ...stream, service: busy, timeline: serviceDown }),
    figure: "what a crash interrupted is dealt with after all",
    measure: handled,
    to: { riseTo: 1 },
  },
  {
    code: "redis-streams/trimmed-in-outage",
    risky: pipe({
      ...stream,
      channel: { trim: "MAXLEN", maxlen: 20 },
      service: { serviceTime: lasting(1) },
      timeline: serviceDown,
    }),
    sound: pipe({
      ...stream,
      channel: { trim: "MAXLEN", maxlen: 1000 },
      service: { serviceTime: lasting(1) },
      timeline: serviceDown,
    }),
    figure: "what came during the outage is still there",
    measure: handled,
    to: { riseTo: 1.1 },
  },
  {
    code: "nats/no-acknowledgement",
    risky: pipe({
      ...jetstream,
      consume: { ack_policy: "none", durable_name: "work" },
      service: busy,
      timeline: serviceDown,
      sourcesStopAt: 40_000,
    }),
    sound: pipe({
      ...jetstream,
      consume: { durable_name: "work" },
      service: busy,
      timeline: serviceDown,
    }),
    figure: "what a crash interrupted is dealt with after all",
    measure: handled,
    to: { riseTo: 1 },
  },
  {
    code: "nats/ack-wait-below-work",
    risky: pipe({
      ...jetstream,
      source: { rate: 1 },
      consume: { durable_name: "work", ack_wait: 2000 },
      service: { serviceTime: lasting(3000), concurrency: 8 },
    }),
    sound: pipe({
      ...jetstream,
      source: { rate: 1 },
      consume: { durable_name: "work" },
      service: { serviceTime: lasting(3000), concurrency: 8 },
    }),
    figure: "work is not done twice",
    measure: redelivered,
    to: { fallTo: 0 },
  },
  {
    code: "nats/endless-delivery",
    risky: pipe({
      ...jetstream,
      source: { rate: 2 },
      consume: { durable_name: "work" },
      service: { serviceTime: lasting(20), errorRate: 1 },
    }),
    sound: pipe({ ...jetstream, source: { rate: 2 }, service: { serviceTime: lasting(20) } }),
    figure: "what always fails no longer takes a worker for good",
    measure: redelivered,
    to: { fallTo: 0.5 },
  },
  {
    code: "pulsar/ack-timeout-below-work",
    risky: pipe({
      ...pulsar,
      source: { rate: 1 },
      consume: { subscriptionType: "Shared", ackTimeout: 2000 },
      service: { serviceTime: lasting(3000), concurrency: 8 },
    }),
    sound: pipe({
      ...pulsar,
      source: { rate: 1 },
      consume: { subscriptionType: "Shared", ackTimeout: 30_000 },
      service: { serviceTime: lasting(3000), concurrency: 8 },
    }),
    figure: "work is not done twice",
    measure: redelivered,
    to: { fallTo: 0 },
  },
  {
    code: "pulsar/no-dead-letter-topic",
    risky: pipe({
      ...pulsar,
      source: { rate: 2 },
      consume: { subscriptionType: "Shared", negativeAckRedeliveryDelay: 1000 },
      service: { serviceTime: lasting(5), errorRate: 1 },
    }),
    sound: pipe({
      ...pulsar,
      source: { rate: 2 },
      consume: { subscriptionType: "Shared" },
      service: { serviceTime: lasting(5) },
    }),
    figure: "what always fails no longer comes back for ever",
    measure: redelivered,
    to: { fallTo: 0.4 },
  },
  {
    code: "service-bus/deleted-on-receipt",
    risky: pipe({
      ...lock,
      consume: { ReceiveMode: "ReceiveAndDelete", PrefetchCount: 20 },
      service: busy,
      timeline: serviceDown,
      sourcesStopAt: 40_000,
    }),
    sound: pipe({ ...lock, service: busy, timeline: serviceDown }),
    figure: "a crash loses nothing",
    measure: ({ conservation }) => conservation.copies.dropped,
    to: { fallTo: 0 },
  },
  {
    code: "service-bus/lock-below-work",
    risky: pipe({
      ...lock,
      source: { rate: 0.5 },
      channel: { LockDuration: 5000 },
      consume: { MaxAutoLockRenewalDuration: 0 },
      service: { serviceTime: lasting(6000), concurrency: 8 },
    }),
    sound: pipe({
      ...lock,
      source: { rate: 0.5 },
      channel: { LockDuration: 5000 },
      service: { serviceTime: lasting(6000), concurrency: 8 },
    }),
    figure: "work is not done twice",
    measure: redelivered,
    to: { fallTo: 0 },
  },
]);
