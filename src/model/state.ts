// The state of a run at one instant: the JSON that `spillway run --at 37.5s --json` prints. Other tools read it: fields
// are added, never changed. It says where everything is at that instant; how it got there is in the report.

import { nodeKinds } from "../nodes/index.ts";
import { nameOf } from "./elements.ts";
import type { ConservationReport, Note, Report } from "./report.ts";
import {
  channelMetrics,
  type ClusterNode,
  connectionMetrics,
  type Frame,
  nodeMetrics,
} from "./result.ts";
import type { Connection, Scenario } from "./scenario.ts";

/** Version of this format. */
export const stateVersion = 1;

/** A node at an instant. What does not apply is 0 or empty. */
export interface NodeState {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: "up" | "down" | "partly down";
  /** Services: workers at work, all workers, and what waits for one inside the service. */
  readonly busy: number;
  readonly workers: number;
  readonly queued: number;
  /** Stores: different keys, updates on their way, and the age of the oldest of them [s]. */
  readonly entities: number;
  readonly updatesBehind: number;
  readonly stalenessSeconds: number;
  /** Brokers: each node of the cluster. */
  readonly members: readonly ClusterNode[];
  /** Kinds with mechanisms of their own: what these did, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A channel at an instant. */
export interface ChannelState {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Copies that wait, and that are with a consumer, of all groups together. */
  readonly waiting: number;
  readonly inFlight: number;
  /** Messages per partition, or of the queue. */
  readonly depths: readonly number[];
}

/** A subscription (a consume connection) at an instant. */
export interface SubscriptionState {
  readonly id: string;
  readonly channel: string;
  readonly consumer: string;
  readonly waiting: number;
  readonly inFlight: number;
  /** Age of the oldest message that is not dealt with [s]. */
  readonly lagSeconds: number;
  /** Why nothing is delivered; "" when it flows or is empty. */
  readonly blocked: string;
}

/** Publications or calls over a connection that have no answer at an instant. */
export interface PendingState {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly pending: number;
}

/** The state of a run. */
export interface State {
  readonly stateVersion: typeof stateVersion;
  readonly scenario: string;
  readonly title: string;
  readonly seed: number;
  /** The instant; everything that happens at it has happened [s]. */
  readonly atSeconds: number;
  readonly events: number;
  readonly stateHash: string;
  readonly ended: Report["ended"];
  readonly nodes: readonly NodeState[];
  readonly channels: readonly ChannelState[];
  readonly subscriptions: readonly SubscriptionState[];
  readonly publications: readonly PendingState[];
  readonly calls: readonly PendingState[];
  readonly conservation: ConservationReport;
  /** What happened up to the instant. */
  readonly notes: readonly Note[];
}

/** The state of a run of `scenario`, from the frame and the report of one instant. */
export function stateOf(scenario: Scenario, frame: Frame, report: Report): State {
  const linksOf = (kind: Connection["kind"]) =>
    scenario.connections.flatMap((link, row) => (link.kind === kind ? [{ link, row }] : []));
  const pendingOver = (kind: "publish" | "call"): readonly PendingState[] =>
    linksOf(kind).map(({ link: { id, from, to }, row }) => {
      return { id, from, to, pending: ofConnection(frame, row).inFlight };
    });
  return {
    stateVersion,
    scenario: scenario.id,
    title: scenario.title,
    seed: scenario.seed,
    atSeconds: frame.timeNs / 1e9,
    events: frame.events,
    stateHash: report.stateHash,
    ended: report.ended,
    nodes: scenario.nodes.map((_, row) => nodeState(scenario, frame, row)),
    channels: scenario.channels.map(({ id, kind }, row) => {
      const { waiting, inFlight } = numbersAt(frame.channels, channelMetrics, row);
      const depths = frame.depths[id] ?? [];
      return { id, name: nameOf(scenario, id), kind, waiting, inFlight, depths };
    }),
    subscriptions: linksOf("consume").map(({ link: { id, from, to }, row }) => {
      const { waiting, inFlight, lagMs } = ofConnection(frame, row);
      const blocked = frame.blocked[id] ?? "";
      return {
        id,
        channel: from,
        consumer: to,
        waiting,
        inFlight,
        lagSeconds: lagMs / 1e3,
        blocked,
      };
    }),
    publications: pendingOver("publish"),
    calls: pendingOver("call"),
    conservation: report.conservation,
    notes: report.notes,
  };
}

function nodeState(scenario: Scenario, frame: Frame, row: number): NodeState {
  const { id, kind } = scenario.nodes[row]!;
  const numbers = numbersAt(frame.nodes, nodeMetrics, row);
  const { works } = nodeKinds[kind];
  return {
    id,
    name: nameOf(scenario, id),
    kind,
    state: (["up", "down", "partly down"] as const)[numbers.state] ?? "up",
    busy: works ? numbers.busy : 0,
    workers: works ? numbers.capacity : 0,
    queued: numbers.queued,
    entities: numbers.entities,
    updatesBehind: numbers.behind,
    stalenessSeconds: numbers.stalenessMs / 1e3,
    members: frame.clusters[id] ?? [],
    counts: frame.counts[id] ?? {},
  };
}

function ofConnection(frame: Frame, row: number) {
  return numbersAt(frame.connections, connectionMetrics, row);
}

/** The numbers of a row of a frame by name. */
function numbersAt<Metric extends string>(
  cells: Float64Array,
  metrics: readonly Metric[],
  row: number,
): Readonly<Record<Metric, number>> {
  const entries = metrics.map((metric, i) => [metric, cells[row * metrics.length + i] ?? 0]);
  // Every metric has its entry.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Record<Metric, number>;
}
