// The report of a run from its books and histories; the format is model/report.ts.

import { Arena } from "../kernel/arena.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { LevelSeries } from "../kernel/timeSeries.ts";
import { nameOf } from "../model/elements.ts";
import {
  type CallReport,
  type ChannelReport,
  type Figures,
  type FlowReport,
  type LatencyFigures,
  type NodeReport,
  type Report,
  reportVersion,
  type SubscriptionReport,
} from "../model/report.ts";
import type { RunEnding } from "../model/result.ts";
import { audit } from "./audit.ts";
import { objectivesOf } from "./objectives.ts";
import { accountOf, accountsOfChannel, arrivals, behind, lagMs } from "./progress.ts";
import type { World } from "./world.ts";

/** What the world does not know of its run. */
export interface ReportInstant {
  readonly timeNs: number;
  readonly events: number;
  readonly wallSeconds: number;
  readonly stateHash: string;
  readonly ended: RunEnding | null;
}

/** The report at an instant. */
export function reportOf(world: World, at: ReportInstant): Report {
  const { scenario } = world.plan;
  const rowsOf = <Row>(list: readonly unknown[], make: (row: number) => Row): readonly Row[] =>
    list.map((_, row) => make(row));
  const ofKind = (kind: string): readonly number[] =>
    scenario.connections.flatMap((link, row) => (link.kind === kind ? [row] : []));
  const body = {
    reportVersion,
    scenario: scenario.id,
    title: scenario.title,
    seed: scenario.seed,
    simulatedSeconds: at.timeNs / 1e9,
    wallSeconds: at.wallSeconds,
    events: at.events,
    stateHash: at.stateHash,
    ended: at.ended ?? {
      reason: "running",
      sentence: "The run was looked at before its end.",
    },
    nodes: rowsOf(scenario.nodes, (row) => nodeReport(world, row, at.timeNs)),
    channels: rowsOf(scenario.channels, (row) => channelReport(world, row, at.timeNs)),
    subscriptions: ofKind("consume").map((row) => subscriptionReport(world, row, at.timeNs)),
    calls: ofKind("call").map((row) => callReport(world, row)),
    flows: rowsOf(world.plan.flows, (row) => flowReport(world, row, at.timeNs)),
    conservation: audit(world),
    notes: world.notes.list(),
  } as const;
  return { ...body, objectives: objectivesOf(scenario, body) };
}

const noFigures: Figures = {
  published: 0,
  delivered: 0,
  acknowledged: 0,
  redelivered: 0,
  deadLettered: 0,
  expired: 0,
  dropped: {},
  refused: {},
  backlog: 0,
  inFlight: 0,
  lagMessages: 0,
  lagSeconds: 0,
  throughput: 0,
  utilisation: 0,
  meanInSystem: 0,
  latency: { count: 0, mean: null, p50: null, p95: null, p99: null, max: null },
};

/** Latency figures in milliseconds of a histogram in nanoseconds. */
function latencyFigures(histogram: Histogram): LatencyFigures {
  const count = histogram.count();
  if (count === 0) return noFigures.latency;
  const ms = (valueNs: number): number => valueNs / 1e6;
  return {
    count,
    mean: ms(histogram.mean()),
    p50: ms(histogram.quantile(0.5)),
    p95: ms(histogram.quantile(0.95)),
    p99: ms(histogram.quantile(0.99)),
    max: ms(histogram.max()),
  };
}

function perSecond(count: number, timeNs: number): number {
  return timeNs === 0 ? 0 : (count * 1e9) / timeNs;
}

function meanLevel(level: LevelSeries, timeNs: number): number {
  return timeNs === 0 ? 0 : level.integral(timeNs) / timeNs;
}

function nodeReport(world: World, row: number, timeNs: number): NodeReport {
  const node = world.plan.scenario.nodes[row]!;
  const component = world.components[row]!;
  const { ledger, recorder } = world;
  const history = recorder.nodes[row]!;
  const handled = recorder.handled.data[row]!;
  const workers = history.workers.integral(timeNs);
  const isStore = component.kind === "store";
  const late = behind(world, row, timeNs);
  const inbound = connectionRows(world, "consume", "to", row);
  const outbound = connectionRows(world, "publish", "from", row);
  return {
    ...noFigures,
    id: node.id,
    name: nameOf(world.plan.scenario, node.id),
    kind: node.kind,
    handled,
    failed: recorder.failedBy.at(row),
    writes: isStore ? component.run.writes() : 0,
    entities: isStore ? component.run.entities() : 0,
    published: total(outbound, ledger.published.data),
    refused: mergeCounts(outbound.map((publisher) => ledger.refusedBy.at(publisher))),
    delivered: total(inbound, ledger.deliveredTo.data),
    acknowledged: total(inbound, ledger.acknowledgedBy.data),
    redelivered: total(inbound, ledger.redeliveredTo.data),
    deadLettered: total(inbound, ledger.deadLetteredBy.data),
    backlog: component.kind === "service" ? component.run.inside() - component.run.busy() : 0,
    inFlight: component.kind === "service" ? component.run.busy() : 0,
    lagMessages: late.updates,
    lagSeconds: late.updates === 0 ? 0 : late.ageMs / 1000,
    throughput: perSecond(handled, timeNs),
    utilisation: workers === 0 ? 0 : history.busy.integral(timeNs) / workers,
    meanInSystem: meanLevel(history.inside, timeNs),
    latency: latencyFigures(history.latency),
  };
}

function connectionRows(
  world: World,
  kind: string,
  side: "from" | "to",
  node: number,
): readonly number[] {
  return world.plan.scenario.connections.flatMap((link, row) =>
    link.kind === kind && world.plan.connections[row]![side] === node ? [row] : [],
  );
}

function total(rows: readonly number[], cells: Float64Array): number {
  return rows.reduce((sum, row) => sum + cells[row]!, 0);
}

function mergeCounts(
  lists: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const merged: Record<string, number> = {};
  for (const list of lists)
    for (const [reason, count] of Object.entries(list))
      merged[reason] = (merged[reason] ?? 0) + count;
  return merged;
}

function channelReport(world: World, row: number, timeNs: number): ChannelReport {
  const { scenario } = world.plan;
  const channel = scenario.channels[row]!;
  const accounts = accountsOfChannel(world, row);
  const publishers = scenario.connections.flatMap((link, publisher) =>
    link.kind === "publish" && link.to === channel.id ? [publisher] : [],
  );
  const consumers = scenario.connections.flatMap((link, subscription) =>
    link.kind === "consume" && link.from === channel.id ? [subscription] : [],
  );
  return {
    ...noFigures,
    ...copyFigures(world, accounts, timeNs),
    id: channel.id,
    name: channel.name ?? channel.id,
    broker: channel.broker,
    kind: channel.kind,
    published: arrivals(world, row),
    dropped: mergeCounts([
      ...accounts.map((account) => world.ledger.droppedBy.at(account)),
      unroutableOf(world, row),
      world.ledger.lostBy.at(row),
    ]),
    refused: mergeCounts(publishers.map((publisher) => world.ledger.refusedBy.at(publisher))),
    throughput: perSecond(arrivals(world, row), timeNs),
    lagSeconds: Math.max(0, ...consumers.map((consumer) => lagMs(world, consumer, timeNs))) / 1000,
  };
}

function unroutableOf(world: World, row: number): Readonly<Record<string, number>> {
  const unroutable = world.ledger.unroutable.data[row]!;
  return unroutable === 0 ? {} : { unroutable };
}

type CopyFigures = Pick<
  Figures,
  | "delivered"
  | "acknowledged"
  | "redelivered"
  | "deadLettered"
  | "expired"
  | "backlog"
  | "inFlight"
  | "lagMessages"
  | "meanInSystem"
  | "latency"
>;

function copyFigures(world: World, accounts: readonly number[], timeNs: number): CopyFigures {
  const { ledger } = world;
  const books = accounts.map((account) => ledger.accounts[account]!);
  const backlog = books.reduce((sum, account) => sum + account.waiting.level(), 0);
  const inFlight = books.reduce((sum, account) => sum + account.inFlight.data[0]!, 0);
  return {
    delivered: total(accounts, ledger.copies.delivered.data),
    acknowledged: total(accounts, ledger.copies.acknowledged.data),
    redelivered: total(accounts, ledger.copies.redelivered.data),
    deadLettered: total(accounts, ledger.copies.deadLettered.data),
    expired: total(accounts, ledger.copies.expired.data),
    backlog,
    inFlight,
    lagMessages: backlog + inFlight,
    meanInSystem: books.reduce((sum, account) => sum + meanLevel(account.inSystem, timeNs), 0),
    latency: mergedLatency(books.map((account) => account.latency)),
  };
}

/** Latency over several accounts of one channel; histograms add up exactly. */
function mergedLatency(histograms: readonly Histogram[]): LatencyFigures {
  const merged = new Histogram(new Arena(), "merged");
  for (const histogram of histograms) merged.merge(histogram);
  return latencyFigures(merged);
}

function subscriptionReport(world: World, row: number, timeNs: number): SubscriptionReport {
  const link = world.plan.scenario.connections[row]!;
  const { ledger } = world;
  const account = accountOf(world, row);
  const isShared = ledger.accounts[account]?.subscription !== row;
  return {
    ...noFigures,
    ...copyFigures(world, [account], timeNs),
    id: link.id,
    channel: link.from,
    consumer: link.to,
    delivered: ledger.deliveredTo.data[row]!,
    acknowledged: ledger.acknowledgedBy.data[row]!,
    redelivered: ledger.redeliveredTo.data[row]!,
    deadLettered: isShared
      ? ledger.deadLetteredBy.data[row]!
      : ledger.copies.deadLettered.data[account]!,
    dropped: ledger.droppedBy.at(account),
    inFlight: ledger.inFlightAt.data[row]!,
    lagSeconds: lagMs(world, row, timeNs) / 1000,
    throughput: perSecond(ledger.acknowledgedBy.data[row]!, timeNs),
  };
}

function callReport(world: World, row: number): CallReport {
  const link = world.plan.scenario.connections[row]!;
  const { ledger } = world;
  return {
    id: link.id,
    from: link.from,
    to: link.to,
    calls: ledger.called.data[row]!,
    attempts: ledger.attempts.data[row]!,
    succeeded: ledger.succeeded.data[row]!,
    failed: ledger.callFailedBy.at(row),
    pending: ledger.calling.data[row]!,
    latency: latencyFigures(world.calls.durationOf(row)),
  };
}

function flowReport(world: World, index: number, timeNs: number): FlowReport {
  const flow = world.plan.flows[index]!;
  const { latency } = world.recorder.flows[index]!;
  return {
    id: flow.id,
    entry: world.plan.scenario.connections[flow.entry]!.id,
    end: world.plan.scenario.nodes[flow.end]!.id,
    completed: latency.count(),
    throughput: perSecond(latency.count(), timeNs),
    latency: latencyFigures(latency),
  };
}
