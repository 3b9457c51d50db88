// Cases that are about brokers: partitions, consumers in turn, copies for everybody, messages that expire.

import { positiveKeyHash } from "../../brokers/mechanisms/routing/murmur2.ts";
import type { Parameters } from "../../base/fields.ts";
import type { Channel, Node } from "../../model/scenario.ts";
import { source } from "../sketch.suite.ts";
import type { Expression } from "./agreement.suite.ts";
import { exponential, type QueueingCase } from "./cases.suite.ts";
import { mean, meanOf } from "./figures.suite.ts";
import {
  everyStation,
  figuresOf,
  stays,
  throughput,
  turnedAway,
  waits,
} from "./stationFigures.suite.ts";
import { consume, memoryOf, publish, rabbit, server, type Station } from "./stations.suite.ts";

/** Consumers that get messages in turn, however many they have: each is E_n/M/1. */
export function inTurn({ parameters: p }: QueueingCase): Expression | string {
  if (p["dispatch"] !== "round robin") return "dispatch to the shortest queue of all, or of some";
  const consumers = Array.from({ length: p["consumers"] }, (_, i) => `consumer-${i + 1}`);
  const service = exponential(1 / p["mu"]);
  const about: Station = { rate: p["lambda_total"] / consumers.length, service, servers: 1 };
  return {
    sketch: {
      nodes: [
        source("source", p["lambda_total"]),
        rabbit,
        ...consumers.map((id) => server(id, about)),
      ],
      channels: [queue("queue")],
      connections: [
        publish("source", "queue"),
        ...consumers.map((id) => consume("queue", id, { prefetch_count: 0 })),
      ],
    },
    watch: {
      stations: consumers.map((id) => ({
        service: id,
        channel: "queue",
        dealt: true,
        servers: 1,
        meanService: service.mean,
      })),
      sources: { source: 1 / p["lambda_total"] },
      areEqual: true,
    },
    memory: memoryOf(about),
    rate: 2 * p["lambda_total"],
    figures: figuresOf(1, everyStation),
  };
}

function queue(id: string, parameters: Parameters = {}): Channel {
  return { id, broker: rabbit.id, kind: "queue", parameters };
}

const kafka: Node & { readonly kind: "broker" } = {
  id: "kafka",
  kind: "broker",
  technology: "kafka",
  parameters: { nodes: 1, "group.initial.rebalance.delay.ms": 0 },
};

/** Partitions of a topic, each read by one worker. Keys are spread by their hash: very many, or one per partition from a
 *  producer of its own. */
export function partitions({ parameters: p }: QueueingCase): Expression {
  const shares: readonly number[] | undefined = p["shares"];
  const count = shares?.length ?? p["partitions"];
  const service = exponential(1 / p["mu"]);
  const about: Station = { rate: p["lambda_total"], service, servers: count };
  const sources =
    shares === undefined
      ? [{ id: "source", rate: p["lambda_total"], keys: { keys: 1e6, keyChoice: "uniform" } }]
      : shares.map((share, i) => ({
          id: `source-${i + 1}`,
          rate: share * p["lambda_total"],
          keys: { keys: 1, keyName: nameInPartition(i, count) },
        }));
  const heaviest = Math.max(...(shares ?? [1 / count])) * p["lambda_total"];
  return {
    sketch: {
      nodes: [
        ...sources.map(({ id, rate, keys }) => source(id, rate, keys)),
        kafka,
        server("server", about),
      ],
      channels: [
        {
          id: "topic",
          broker: kafka.id,
          kind: "topic",
          parameters: { partitions: count, "replication.factor": 1, "min.insync.replicas": 1 },
        },
      ],
      connections: [
        ...sources.map(({ id }) =>
          publish(id, "topic", {
            parameters: { "network.latency.ms": 0.01, "linger.ms": 0 },
          }),
        ),
        { ...consume("topic", "server"), parameters: { "network.latency.ms": 0.01 } },
      ],
    },
    watch: {
      stations: [
        { service: "server", channel: "topic", servers: count, meanService: service.mean },
      ],
      sources: Object.fromEntries(sources.map(({ id, rate }) => [id, 1 / rate])),
    },
    memory: memoryOf({ ...about, rate: heaviest, servers: 1 }),
    rate: 2 * p["lambda_total"],
    figures: {
      W: meanOf(stays()),
      W_mean: meanOf(stays()),
      Wq: meanOf(waits()),
      L_total: mean(({ station, span }) => station.areaInside / span),
      ...Object.fromEntries(
        sources.map(({ id }, i) => [`W_partition_${i + 1}`, meanOf(stays(undefined, id))]),
      ),
    },
  };
}

/** A name whose key 0 Kafka puts into a partition. */
function nameInPartition(partition: number, partitions: number): string {
  for (let i = 0; ; i++) {
    if (positiveKeyHash(`key${i}-0`) % partitions === partition) return `key${i}`;
  }
}

/** Copies of every message for several services, and the time until the last is through. */
export function forkJoin({ parameters: p }: QueueingCase): Expression {
  const branches = Array.from({ length: p["branches"] }, (_, i) => i + 1);
  const service = exponential(1 / p["mu"]);
  const about: Station = { rate: p["lambda"], service, servers: 1 };
  return {
    sketch: {
      nodes: [
        source("source", p["lambda"]),
        rabbit,
        ...branches.map((i) => server(`branch-${i}`, about)),
      ],
      channels: [
        { id: "copies", broker: rabbit.id, kind: "exchange", parameters: { type: "fanout" } },
        ...branches.map((i) => queue(`queue-${i}`)),
      ],
      connections: [
        publish("source", "copies"),
        ...branches.map((i) => ({
          id: `bind-${i}`,
          kind: "bind" as const,
          from: "copies",
          to: `queue-${i}`,
        })),
        ...branches.map((i) => consume(`queue-${i}`, `branch-${i}`)),
      ],
    },
    watch: {
      stations: branches.map((i) => ({
        service: `branch-${i}`,
        channel: `queue-${i}`,
        servers: 1,
        meanService: service.mean,
      })),
      sources: { source: 1 / p["lambda"] },
      areEqual: true,
      branches: branches.length,
    },
    memory: memoryOf(about) / (branches.length > 4 ? 3 : 1),
    rate: 2 * p["lambda"] * branches.length,
    figures: { W_join: meanOf(({ joins }) => joins), W_branch: meanOf(stays(everyStation)) },
  };
}

/** Messages that expire before they are served. */
export function expiring({ parameters: p }: QueueingCase): Expression | string {
  if (p["ttl"] === undefined) {
    if (p["join_probability"] !== undefined) return "arrivals that look at the queue and go away";
    return "customers that each wait for a time of their own and then go away";
  }
  const service = exponential(1 / p["mu"]);
  const about: Station = { rate: p["lambda"], service, servers: 1 };
  return {
    sketch: {
      nodes: [source("source", p["lambda"]), rabbit, server("server", about)],
      channels: [queue("queue", { "x-message-ttl": p["ttl"] * 1000 })],
      connections: [publish("source", "queue"), consume("queue", "server")],
    },
    watch: {
      stations: [{ service: "server", channel: "queue", servers: 1, meanService: service.mean }],
      sources: { source: 1 / p["lambda"] },
    },
    memory: 4 * p["ttl"],
    rate: 2 * p["lambda"],
    figures: { ...figuresOf(1), P_expire: turnedAway(), throughput: throughput() },
  };
}
