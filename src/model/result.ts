// What a run shows while it goes on: frames of numbers in columns, series for charts, and the acts of a person.
// Rows are in the order of the document; engine, worker, store and user interface share these types.

import type { NetworkFault } from "./networkFault.ts";
import type { ClusterPlace, TimelineEntry } from "./timeline.ts";

/** Numbers per node in a frame, in this order. Counters count from the start of the run. */
export const nodeMetrics = [
  /** 0 up, 1 down, 2 partly down (some nodes of a broker). Who is cut off counts as down. */
  "state",
  /** Workers at work, or broker nodes that are up and not cut off. */
  "busy",
  /** Workers, or nodes of a broker. */
  "capacity",
  /** Requests and handed-over messages that wait for a worker inside the service. */
  "queued",
  /** Events produced, messages and requests handled with success, writes of a store. */
  "handled",
  /** Messages and requests that finally failed; for a producer: refused events and failed requests. */
  "failed",
  /** Stores: updates on their way that this store does not have yet. */
  "behind",
  /** Stores: different keys written. */
  "entities",
  /** Age of the oldest update that a store does not have yet [ms]. */
  "stalenessMs",
  /** Stores with versions: keys of which it lacks an update of another store, and anomalies so far. */
  "staleKeys",
  "anomalies",
] as const;

/** Numbers per channel in a frame, in this order. */
export const channelMetrics = [
  "published",
  "waiting",
  "inFlight",
  "acknowledged",
  "redelivered",
  "deadLettered",
  "expired",
  "dropped",
] as const;

/** Numbers per connection in a frame, in this order. */
export const connectionMetrics = [
  /** Messages, requests or writes that went over it. */
  "passed",
  /** Refused publications, failed calls, redeliveries, what a bridge could not pass on. */
  "failed",
  /** Subscriptions: messages waiting, in flight, and the age of the oldest [ms]. Calls: requests under way. */
  "waiting",
  "inFlight",
  "lagMs",
  /** Bridges: 0 up, 1 down, 2 some tasks have stopped. */
  "state",
] as const;

/** Name of a number of a node. */
export type NodeMetric = (typeof nodeMetrics)[number];

/** What became of a message that moved over a connection; the colour of its particle. */
export const outcomes = [
  "normal",
  "redelivery",
  "dead-letter",
  "failure",
  "request",
  "response",
  "write",
] as const;

/** One of the outcomes. */
export type Outcome = (typeof outcomes)[number];

/** Movements of real messages since the last frame, sampled when there are too many. */
export interface Moves {
  /** Each shown movement stands for this many. */
  readonly oneOf: number;
  /** Row of the connection. */
  readonly connection: Int32Array;
  /** Simulated time at which it set out [ns]. */
  readonly timeNs: Float64Array;
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
  /** Row of the contract. */
  readonly contract: Int32Array;
  /** Number of the message. */
  readonly message: Float64Array;
}

/** Why a run has ended. */
export interface RunEnding {
  readonly reason: "finished" | "drained" | "limit" | "impossible";
  /** What happened, who was involved, what to do. */
  readonly sentence: string;
}

/** The state of a run at one simulated instant. */
export interface Frame {
  readonly timeNs: number;
  /** Simulation events so far. */
  readonly events: number;
  readonly ended: RunEnding | null;
  /** nodes × nodeMetrics, channels × channelMetrics, connections × connectionMetrics. */
  readonly nodes: Float64Array;
  readonly channels: Float64Array;
  readonly connections: Float64Array;
  readonly moves: Moves;
  /** Connection id → why nothing is delivered over it, or nothing is taken that is published over it. */
  readonly blocked: Readonly<Record<string, string>>;
  /** Channel id → messages per partition, or of the queue. */
  readonly depths: Readonly<Record<string, readonly number[]>>;
  /** Broker id → what each node of its cluster does. */
  readonly clusters: Readonly<Record<string, readonly ClusterNode[]>>;
  /** Node id → what its own mechanisms did so far, by name; for kinds that have some. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Channel id → what lies there, for channels to which dead letters come. */
  readonly deadLetters?: Readonly<Record<string, DeadLettersNow>>;
}

/** What lies in a channel of dead letters. */
export interface DeadLettersNow {
  readonly depth: number;
  /** Age of the oldest since it was published [ms]; null where nobody knows it. */
  readonly oldestMs: number | null;
}

/** What a node of a broker's cluster does. */
export interface ClusterNode {
  readonly up: boolean;
  /** Partitions or queues that it leads. */
  readonly leads: number;
  /** Cut off from the other nodes; it may run nevertheless. */
  readonly isolated: boolean;
  /** What it does takes so many times as long as usual. */
  readonly slowness: number;
  /** An instance of a service that stands still. */
  readonly paused?: boolean;
}

/** What is the matter with a node, the worst first; "up" when nothing is. */
export function conditionOf(node: ClusterNode): "up" | "down" | "isolated" | "paused" | "slow" {
  if (!node.up) return "down";
  if (node.paused === true) return "paused";
  if (node.isolated) return "isolated";
  return node.slowness === 1 ? "up" : "slow";
}

/** The charts that a run can feed. */
export type ChartId = "throughput" | "backlog" | "latency" | "failures";

/** Columns of one chart over simulated time. */
export interface Series {
  /** Start of each bucket [s]. */
  readonly timesS: Float64Array;
  readonly lines: readonly {
    readonly id: string;
    readonly label: string;
    readonly values: Float64Array;
  }[];
}

/** What a person does to a running scenario; the time is the run's. */
export type LiveAct =
  | LiveFault
  | LiveNetworkAct
  | {
      readonly act: "set";
      readonly target: string;
      readonly parameter: string;
      readonly value: Extract<TimelineEntry, { act: "set" }>["value"];
    }
  | {
      readonly act: "roll out";
      readonly target: string;
      readonly contract: string;
      readonly contractVersion: string;
    }
  | LiveRedrive;

/** Dead letters are to go back; what its fields mean says RedriveEntry (timeline.ts). */
export interface LiveRedrive {
  readonly act: "redrive";
  readonly target: string;
  readonly rate: number;
  readonly count?: number;
  readonly to?: string;
}

/** A fault of the network, which lasts until it ends: that one, or all that name the target first. */
export type LiveNetworkAct =
  | ({ readonly act: "network" } & NetworkFault)
  | { readonly act: "heal"; readonly target: string; readonly fault?: NetworkFault };

/** Something that befalls a service or nodes of a broker, or its end. */
export type LiveFault =
  | ({ readonly act: "crash"; readonly target: string } & ClusterPlace)
  | ({ readonly act: "restart"; readonly target: string } & ClusterPlace)
  | ({ readonly act: "isolate"; readonly target: string } & ClusterPlace)
  | ({ readonly act: "reconnect"; readonly target: string } & ClusterPlace)
  | ({ readonly act: "pause"; readonly target: string } & ClusterPlace)
  | ({ readonly act: "resume"; readonly target: string } & ClusterPlace)
  | ({ readonly act: "slow"; readonly target: string; readonly factor: number } & ClusterPlace);
