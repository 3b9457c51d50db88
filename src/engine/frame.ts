// The present instant as columns for the page. Reading changes nothing but the list of movements.

import {
  channelMetrics,
  type ClusterNode,
  connectionMetrics,
  type Frame,
  type NodeMetric,
  nodeMetrics,
  type RunEnding,
} from "../model/result.ts";
import { deadLettersNow } from "./deadLetters.ts";
import { accountOf, accountsOfChannel, arrivals, behind, lagMs, readerOf } from "./progress.ts";
import { InstancedService } from "../nodes/instances.ts";
import type { ServiceRun } from "../nodes/serviceRun.ts";
import { capacityOf } from "./storeWaits.ts";
import type { World } from "./world.ts";

/** Where the run is, which the world does not know. */
export interface Instant {
  readonly timeNs: number;
  readonly events: number;
  readonly ended: RunEnding | null;
  readonly movesMax: number;
}

/** The frame at an instant. */
export function frameOf(world: World, at: Instant): Frame {
  const { nodes, channels, connections } = world.plan.document;
  return {
    timeNs: at.timeNs,
    events: at.events,
    ended: at.ended,
    nodes: columns(nodes.length, nodeMetrics, (row) => nodeRow(world, row, at.timeNs)),
    channels: columns(channels.length, channelMetrics, (row) => channelRow(world, row)),
    connections: columns(connections.length, connectionMetrics, (row) =>
      connectionRow(world, row, at.timeNs),
    ),
    moves: world.moves.take(at.movesMax),
    blocked: blockedOf(world),
    depths: depthsOf(world),
    clusters: clustersOf(world),
    counts: countsOf(world),
    deadLetters: deadLettersNow(world, at.timeNs),
  };
}

function columns<Metric extends string>(
  rows: number,
  metrics: readonly Metric[],
  valuesAt: (row: number) => Partial<Record<Metric, number>>,
): Float64Array {
  const cells = new Float64Array(rows * metrics.length);
  for (let row = 0; row < rows; row++) {
    const values = valuesAt(row);
    metrics.forEach((metric, i) => {
      cells[row * metrics.length + i] = values[metric] ?? 0;
    });
  }
  return cells;
}

type NodeRow = Partial<Record<NodeMetric, number>>;

function nodeRow(world: World, row: number, timeNs: number): NodeRow {
  const component = world.components[row]!;
  const handled = world.recorder.handled.data[row]!;
  const failed = world.recorder.failed.data[row]!;
  switch (component.kind) {
    case "producer":
      return { handled, failed };
    case "station":
    case "service": {
      const { run } = component;
      const busy = run.busy();
      const state = run.isUp() ? 0 : 1;
      return { state, busy, capacity: run.workers(), queued: run.inside() - busy, handled, failed };
    }
    case "bridge":
      return {};
    case "store": {
      const { updates, ageMs } = behind(world, row, timeNs);
      const entities = component.run.entities();
      const stalenessMs = updates === 0 ? 0 : ageMs;
      const places = capacityOf(world, row);
      return {
        handled,
        behind: updates,
        entities,
        stalenessMs,
        ...(places === undefined ? {} : { busy: places.busy(timeNs), capacity: places.places() }),
        ...lagOf(world, row, timeNs),
      };
    }
    case "broker": {
      const nodes = component.faults.nodes(component.run);
      const up = nodes.filter((node) => node.up && !node.isolated).length;
      const state = up === nodes.length ? 0 : up === 0 ? 1 : 2;
      return { state, busy: up, capacity: nodes.length };
    }
  }
}

/** What a store with versions knows exactly; nothing of others. */
function lagOf({ consistency }: World, store: number, timeNs: number): NodeRow {
  const entities = consistency?.entities[store];
  if (consistency === undefined || entities === undefined) return {};
  const anomalies = consistency.anomalies.of(store);
  const { replicas } = entities;
  if (replicas.length === 0) return { anomalies };
  return {
    anomalies,
    behind: replicas.reduce((sum, replica) => sum + replica.lacking(), 0),
    staleKeys: Math.max(...replicas.map((replica) => replica.staleKeys.level())),
    stalenessMs: Math.max(...replicas.map((replica) => replica.age(timeNs).nowNs)) / 1e6,
  };
}

function channelRow(
  world: World,
  row: number,
): Partial<Record<(typeof channelMetrics)[number], number>> {
  const { copies, accounts } = world.ledger;
  const numbers = accountsOfChannel(world, row);
  const sum = (value: (account: number) => number): number =>
    numbers.reduce((total, account) => total + value(account), 0);
  return {
    published: arrivals(world, row),
    waiting: sum((account) => accounts[account]!.waiting.level()),
    inFlight: sum((account) => accounts[account]!.inFlight.data[0]!),
    acknowledged: sum((account) => copies.acknowledged.data[account]!),
    redelivered: sum((account) => copies.redelivered.data[account]!),
    deadLettered: sum((account) => copies.deadLettered.data[account]!),
    expired: sum((account) => copies.expired.data[account]!),
    dropped: sum((account) => copies.dropped.data[account]!),
  };
}

type ConnectionRow = Partial<Record<(typeof connectionMetrics)[number], number>>;

function connectionRow(world: World, row: number, timeNs: number): ConnectionRow {
  const { ledger } = world;
  switch (world.plan.scenario.connections[row]!.kind) {
    case "publish":
      return {
        passed: ledger.published.data[row]!,
        failed: ledger.refused.data[row]!,
        inFlight: ledger.publishing.data[row]!,
      };
    case "consume":
      return {
        passed: ledger.deliveredTo.data[row]!,
        failed: ledger.redeliveredTo.data[row]!,
        waiting: ledger.accounts[accountOf(world, row)]?.waiting.level() ?? 0,
        inFlight: ledger.inFlightAt.data[row]!,
        lagMs: lagMs(world, row, timeNs),
      };
    case "bridge":
      return bridgeRow(world, row, timeNs);
    case "call":
      return {
        passed: ledger.called.data[row]!,
        failed: ledger.callFailed.data[row]!,
        inFlight: ledger.calling.data[row]!,
        waiting: readerOf(world, row)?.toHandOver() ?? 0,
      };
    case "read":
      return { passed: ledger.read.data[row]! };
    case "write":
      return { passed: ledger.written.data[row]! };
    case "bind":
      return {};
  }
}

function bridgeRow(world: World, row: number, timeNs: number): ConnectionRow {
  const { ledger, recorder } = world;
  const number = world.plan.connections[row]!.to;
  const component = world.components[number];
  if (component?.kind !== "bridge") return {};
  const { run } = component;
  return {
    passed: recorder.handled.data[number]!,
    failed: recorder.failed.data[number]!,
    waiting: ledger.accounts[accountOf(world, row)]?.waiting.level() ?? 0,
    inFlight: ledger.inFlightAt.data[row]!,
    lagMs: lagMs(world, row, timeNs),
    state: run.isUp() ? (run.stopped() > 0 ? 2 : 0) : 1,
  };
}

function blockedOf(world: World): Readonly<Record<string, string>> {
  const sentences: Record<string, string> = {};
  world.plan.scenario.connections.forEach((link, row) => {
    if (link.kind === "publish") {
      const sentence = world.brokerOf(row).publisherBlocked?.(row) ?? "";
      if (sentence !== "") sentences[link.id] = sentence;
    }
    if (link.kind !== "consume" && link.kind !== "bridge") return;
    const { broker: number, to } = world.plan.connections[row]!;
    const [broker, consumer] = [world.components[number], world.components[to]];
    const own = consumer?.kind === "bridge" ? consumer.run.blocked() : "";
    const sentence = own === "" && broker?.kind === "broker" ? broker.run.blocked(row) : own;
    if (sentence !== "") sentences[link.id] = sentence;
  });
  return sentences;
}

function depthsOf(world: World): Readonly<Record<string, readonly number[]>> {
  const depths: Record<string, readonly number[]> = {};
  world.plan.scenario.channels.forEach((channel, row) => {
    const broker = world.components[world.plan.rowOf.node.get(channel.broker) ?? -1];
    if (broker?.kind === "broker") depths[channel.id] = broker.run.depths(row);
  });
  return depths;
}

function clustersOf(world: World): Frame["clusters"] {
  const clusters: Record<string, readonly ClusterNode[]> = {};
  world.components.forEach((component, row) => {
    if (component.kind === "service") {
      const { run } = component;
      const nodes = run instanceof InstancedService ? run.nodes() : undivided(run);
      if (nodes.length > 0) clusters[world.plan.scenario.nodes[row]!.id] = nodes;
    }
    if (component.kind === "broker")
      clusters[world.plan.scenario.nodes[row]!.id] = component.faults.nodes(component.run);
  });
  return clusters;
}

/** A service without instances, when it is paused or slow; else there is nothing to tell. */
function undivided(run: ServiceRun): readonly ClusterNode[] {
  const [paused, slowness] = [run.isPaused(), run.slowness()];
  if (!paused && slowness === 1) return [];
  return [{ up: run.isUp(), leads: 0, isolated: false, slowness, paused }];
}

function countsOf(world: World): Frame["counts"] {
  const counts: Record<string, Readonly<Record<string, number>>> = {};
  world.components.forEach((component, row) => {
    if ("counts" in component.run) counts[world.plan.ids[row]!] = component.run.counts();
  });
  return counts;
}
