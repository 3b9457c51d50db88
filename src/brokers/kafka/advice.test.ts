// What we advise on Kafka's settings makes runs better, and is not said where it does not hold.

import {
  adviceHolds,
  lasting,
  nodeIn,
  pipe,
  subscriptionIn,
  total,
  type Pipe,
} from "../../model/advice/adviceHolds.suite.ts";

const topic = { technology: "kafka", kind: "topic" } as const;
const kafka = (about: Omit<Pipe, "technology" | "kind">) => pipe({ ...topic, ...about });
const nodeDown = [
  { at: 20_000, act: "crash", target: "broker", member: 0, duration: 20_000 },
] as const;
const serviceDown = [{ at: 20_000, act: "crash", target: "service", duration: 5000 }] as const;
const quick = { serviceTime: lasting(1) };
const failing = { serviceTime: lasting(5), errorRate: 0.2 };

adviceHolds([
  {
    code: "kafka/one-node-stops-writes",
    risky: kafka({
      channel: { "min.insync.replicas": 3 },
      publish: { "delivery.timeout.ms": 5000 },
      service: quick,
      timeline: nodeDown,
    }),
    sound: kafka({ channel: { "min.insync.replicas": 2 }, service: quick, timeline: nodeDown }),
    figure: "fewer publications are refused while a node is down",
    measure: ({ conservation }) => conservation.publications.refused,
    to: { fallTo: 0.5 },
  },
  {
    code: "kafka/single-copy",
    risky: kafka({
      channel: { "replication.factor": 1 },
      publish: { "delivery.timeout.ms": 5000 },
      service: quick,
      timeline: nodeDown,
    }),
    sound: kafka({ service: quick, timeline: nodeDown }),
    figure: "more is handled although a node is down",
    measure: (report) => nodeIn(report, "service").handled,
    to: { riseTo: 1.1 },
  },
  {
    code: "kafka/acks-may-lose",
    risky: kafka({ publish: { acks: "0" }, service: quick, timeline: nodeDown }),
    sound: kafka({ service: quick, timeline: nodeDown }),
    figure: "fewer records are lost when the leader dies",
    measure: ({ conservation }) =>
      conservation.publications.lost + conservation.publications.refused,
    to: { fallTo: 0.1 },
  },
  {
    code: "kafka/hot-key",
    risky: kafka({
      source: { rate: 60, keyChoice: "hot", hotKeys: 1, hotShare: 0.8 },
      channel: { partitions: 4 },
      service: { serviceTime: lasting(40), concurrency: 4 },
    }),
    sound: kafka({
      source: { rate: 60 },
      channel: { partitions: 4 },
      service: { serviceTime: lasting(40), concurrency: 4 },
    }),
    figure: "messages wait less",
    measure: (report) => subscriptionIn(report, "consume").latency.p99 ?? Infinity,
    to: { fallTo: 0.2 },
  },
  {
    code: "kafka/commit-before-work",
    risky: kafka({
      consume: { commit: "before-processing", "session.timeout.ms": 6000 },
      service: { serviceTime: lasting(90) },
      timeline: serviceDown,
      sourcesStopAt: 40_000,
    }),
    sound: kafka({ service: { serviceTime: lasting(90) }, timeline: serviceDown }),
    figure: "more is handled although the service crashes",
    measure: (report) => nodeIn(report, "service").handled,
    to: { riseTo: 1 },
  },
  {
    code: "kafka/poll-outlives-interval",
    risky: kafka({
      consume: { "max.poll.interval.ms": 8000 },
      source: { rate: 15 },
      service: { serviceTime: lasting(60) },
      timeline: serviceDown,
    }),
    sound: kafka({
      consume: { "max.poll.interval.ms": 8000, "max.poll.records": 50 },
      service: { serviceTime: lasting(60) },
      timeline: serviceDown,
    }),
    figure: "less is delivered again",
    measure: (report) => subscriptionIn(report, "consume").redelivered,
    to: { fallTo: 0.5 },
  },
  {
    code: "kafka/idle-consumers",
    risky: kafka({
      source: { rate: 30 },
      channel: { partitions: 2 },
      service: { serviceTime: lasting(100), concurrency: 5 },
    }),
    sound: kafka({
      channel: { partitions: 5 },
      service: { serviceTime: lasting(100), concurrency: 5 },
    }),
    figure: "the backlog shrinks",
    measure: (report) => subscriptionIn(report, "consume").lagMessages,
    to: { fallTo: 0.1 },
  },
  {
    code: "kafka/blocked-partition",
    risky: kafka({ consume: { "on.failure": "block" }, service: failing }),
    sound: kafka({ consume: { "on.failure": "block" }, service: quick }),
    figure: "records wait less for those before them",
    measure: (report) => subscriptionIn(report, "consume").latency.p99 ?? Infinity,
    to: { fallTo: 0.1 },
  },
  {
    code: "kafka/no-dead-letter-topic",
    risky: kafka({ service: failing }),
    sound: kafka({ service: quick }),
    figure: "what failed is kept in a topic",
    measure: (report) =>
      total(nodeIn(report, "service").failed) -
      (report.channels.find(({ id }) => id === "channel-dead-letters")?.published ?? 0),
    to: { fallTo: 0.1 },
  },
  {
    code: "kafka/retention-below-outage",
    risky: kafka({
      cluster: { "log.retention.check.interval.ms": 1000 },
      channel: { "retention.ms": 5000, "segment.ms": 1000 },
      consume: { "auto.offset.reset": "earliest", "session.timeout.ms": 6000 },
      service: quick,
      timeline: [{ at: 20_000, act: "crash", target: "service", duration: 20_000 }],
    }),
    sound: kafka({ service: quick, timeline: serviceDown }),
    figure: "what came during the outage is handled after all",
    measure: (report) => nodeIn(report, "service").handled,
    to: { riseTo: 1.1 },
  },
  {
    code: "kafka/unclean-election",
    risky: kafka({
      channel: { "unclean.leader.election.enable": true, "replication.factor": 2 },
      consume: { "auto.offset.reset": "earliest", "session.timeout.ms": 6000 },
      service: quick,
      timeline: [
        { at: 9000, act: "crash", target: "service", duration: 40_000 },
        { at: 10_000, act: "crash", target: "broker", member: 1 },
        { at: 25_000, act: "crash", target: "broker", member: 0 },
        { at: 26_000, act: "restart", target: "broker", member: 1 },
        { at: 45_000, act: "restart", target: "broker", member: 0 },
      ],
    }),
    sound: kafka({ channel: { "replication.factor": 2 }, service: quick }),
    figure: "confirmed records are no longer cut off",
    measure: ({ conservation }) => conservation.copies.dropped,
    to: { fallTo: 0 },
  },
]);
