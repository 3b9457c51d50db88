// The report of a run from its books and histories; the format is model/report.ts.

import { Arena } from "../kernel/arena.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { Observations } from "../kernel/observations.ts";
import { nameOf } from "../model/elements.ts";
import type { OutboxReport } from "../model/consistencyReport.ts";
import {
  type BridgeReport,
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
import {
  latencyFigures,
  levelFigures,
  mergedLatency,
  noLatency,
  type Span,
  unknown,
} from "./certainty.ts";
import { consistencyReport } from "./consistencyReport.ts";
import type { Measured } from "../model/measures.ts";
import type { Objective } from "../model/scenario.ts";
import { objectivesOf } from "./objectives.ts";
import { accountOf, accountsOfChannel, arrivals, behind, lagMs } from "./progress.ts";
import { theoryOf } from "./theory/theory.ts";
import { utilisationOf } from "./utilisation.ts";
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
  const span: Span = { fromNs: world.warmUp.endedNs(), untilNs: at.timeNs };
  const ofKind = (kind: string): readonly number[] =>
    scenario.connections.flatMap((link, row) => (link.kind === kind ? [row] : []));
  const body = {
    reportVersion,
    scenario: scenario.id,
    title: scenario.title,
    seed: scenario.seed,
    simulatedSeconds: at.timeNs / 1e9,
    warmUpSeconds: span.fromNs / 1e9,
    measuredSeconds: (span.untilNs - span.fromNs) / 1e9,
    wallSeconds: at.wallSeconds,
    events: at.events,
    stateHash: at.stateHash,
    ended: at.ended ?? {
      reason: "running",
      sentence: "The run was looked at before its end.",
    },
    nodes: rowsOf(scenario.nodes, (row) => nodeReport(world, row, span)),
    channels: rowsOf(scenario.channels, (row) => channelReport(world, row, span)),
    subscriptions: ofKind("consume").map((row) => subscriptionReport(world, row, span)),
    bridges: ofKind("bridge").map((row) => bridgeReport(world, row, span)),
    calls: ofKind("call").map((row) => callReport(world, row)),
    versions: world.versions?.report() ?? [],
    outboxes: rowsOf(scenario.nodes, (row) => outboxReport(world, row)).flat(),
    flows: rowsOf(world.plan.flows, (row) => flowReport(world, row, span)),
    theory: theoryOf(world, span),
    consistency: consistencyReport(world, at.timeNs),
    conservation: audit(world),
    notes: world.notes.list(),
  } as const;
  return { ...body, objectives: objectivesOf(world, body, at.timeNs) };
}

/** What one objective is about at an instant, without the rest of the report. */
export function measuredFor(
  world: World,
  { of, measure }: Objective,
  at: Pick<ReportInstant, "timeNs" | "events">,
): Measured {
  const { rowOf, flows, scenario } = world.plan;
  const span: Span = { fromNs: world.warmUp.endedNs(), untilNs: at.timeNs };
  if (measure.startsWith("flow."))
    return { flows: flows.map((_, row) => flowReport(world, row, span)) };
  if (measure.startsWith("consistency."))
    return { consistency: consistencyReport(world, at.timeNs) };
  if (of === "run") return { events: at.events, conservation: audit(world) };
  const node = rowOf.node.get(of);
  if (node !== undefined) return { nodes: [nodeReport(world, node, span)] };
  const channel = rowOf.channel.get(of);
  if (channel !== undefined) return { channels: [channelReport(world, channel, span)] };
  const link = rowOf.connection.get(of) ?? -1;
  switch (scenario.connections[link]?.kind) {
    case "consume":
      return { subscriptions: [subscriptionReport(world, link, span)] };
    case "bridge":
      return { bridges: [bridgeReport(world, link, span)] };
    case "call":
      return { calls: [callReport(world, link)] };
    default:
      return {};
  }
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
  utilisationCertainty: unknown,
  meanInSystemCertainty: unknown,
  latency: noLatency,
};

function perSecond(count: number, { fromNs, untilNs }: Span): number {
  return untilNs <= fromNs ? 0 : (count * 1e9) / (untilNs - fromNs);
}

function nodeReport(world: World, row: number, span: Span): NodeReport {
  const node = world.plan.scenario.nodes[row]!;
  const component = world.components[row]!;
  const { ledger, recorder } = world;
  const history = recorder.nodes[row]!;
  const handled = recorder.handled.data[row]!;
  const load = utilisationOf(world, row, span);
  const inside = levelFigures([history.inside], span, (level) => world.warmUp.integralOf(level));
  const isStore = component.kind === "store";
  const works = component.kind === "service" || component.kind === "station";
  const late = behind(world, row, span.untilNs);
  const inbound = connectionRows(world, "consume", "to", row);
  const outbound = connectionRows(world, "publish", "from", row);
  return {
    ...noFigures,
    id: node.id,
    name: nameOf(world.plan.scenario, node.id),
    kind: node.kind,
    handled,
    failed: recorder.failedBy.at(row),
    declined: recorder.declinedBy.at(row),
    writes: isStore ? component.run.writes() : 0,
    entities: isStore ? component.run.entities() : 0,
    published: total(outbound, ledger.published.data),
    refused: mergeCounts(outbound.map((publisher) => ledger.refusedBy.at(publisher))),
    delivered: total(inbound, ledger.deliveredTo.data),
    acknowledged: total(inbound, ledger.acknowledgedBy.data),
    redelivered: total(inbound, ledger.redeliveredTo.data),
    deadLettered: total(inbound, ledger.deadLetteredBy.data),
    counts: "counts" in component.run ? component.run.counts() : {},
    backlog: works ? component.run.inside() - component.run.busy() : 0,
    inFlight: works ? component.run.busy() : 0,
    lagMessages: late.updates,
    lagSeconds: late.updates === 0 ? 0 : late.ageMs / 1000,
    throughput: perSecond(handled - world.warmUp.handled(row), span),
    utilisation: load.mean,
    utilisationCertainty: load.certainty,
    meanInSystem: inside.mean,
    meanInSystemCertainty: inside.certainty,
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

function channelReport(world: World, row: number, span: Span): ChannelReport {
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
    ...copyFigures(world, accounts, span),
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
    throughput: perSecond(arrivals(world, row) - world.warmUp.arrived(row), span),
    lagSeconds:
      Math.max(0, ...consumers.map((consumer) => lagMs(world, consumer, span.untilNs))) / 1000,
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
  | "meanInSystemCertainty"
  | "latency"
>;

function copyFigures(world: World, accounts: readonly number[], span: Span): CopyFigures {
  const { ledger } = world;
  const books = accounts.map((account) => ledger.accounts[account]!);
  const backlog = books.reduce((sum, account) => sum + account.waiting.level(), 0);
  const inFlight = books.reduce((sum, account) => sum + account.inFlight.data[0]!, 0);
  const inSystem = levelFigures(
    books.map((account) => account.inSystem),
    span,
    (level) => world.warmUp.integralOf(level),
  );
  return {
    delivered: total(accounts, ledger.copies.delivered.data),
    acknowledged: total(accounts, ledger.copies.acknowledged.data),
    redelivered: total(accounts, ledger.copies.redelivered.data),
    deadLettered: total(accounts, ledger.copies.deadLettered.data),
    expired: total(accounts, ledger.copies.expired.data),
    backlog,
    inFlight,
    lagMessages: backlog + inFlight,
    meanInSystem: inSystem.mean,
    meanInSystemCertainty: inSystem.certainty,
    latency: latencyOf(books.map((account) => account.latency)),
  };
}

/** Latency over several accounts of one channel. */
function latencyOf(parts: readonly Observations[]): LatencyFigures {
  const merged = new Histogram(new Arena(), "merged");
  for (const part of parts) merged.merge(part.histogram());
  return mergedLatency(merged, parts.map(latencyFigures));
}

function subscriptionReport(world: World, row: number, span: Span): SubscriptionReport {
  const link = world.plan.scenario.connections[row]!;
  const { ledger } = world;
  const account = accountOf(world, row);
  const isShared = ledger.accounts[account]?.subscription !== row;
  const unreadNs = world.brokerOf(row).unreadNs?.(row) ?? 0;
  return {
    ...noFigures,
    ...copyFigures(world, [account], span),
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
    lagSeconds: lagMs(world, row, span.untilNs) / 1000,
    throughput: perSecond(ledger.acknowledgedBy.data[row]! - world.warmUp.acknowledged(row), span),
    ...(unreadNs > 0 && { unreadSeconds: unreadNs / 1e9 }),
  };
}

function bridgeReport(world: World, row: number, span: Span): BridgeReport {
  const { scenario, connections } = world.plan;
  const link = scenario.connections[row]!;
  const number = connections[row]!.to;
  const component = world.components[number]!;
  const { ledger, recorder } = world;
  const history = recorder.nodes[number]!;
  const load = utilisationOf(world, number, span);
  const outbound = connectionRows(world, "publish", "from", number);
  const handled = recorder.handled.data[number]!;
  const { channel: _, consumer: __, ...subscription } = subscriptionReport(world, row, span);
  return {
    ...subscription,
    name: nameOf(scenario, link.id),
    from: link.from,
    to: link.to,
    handled,
    failed: recorder.failedBy.at(number),
    stopped: component.kind === "bridge" ? component.run.stopped() : 0,
    published: total(outbound, ledger.published.data),
    refused: mergeCounts(outbound.map((publisher) => ledger.refusedBy.at(publisher))),
    throughput: perSecond(handled - world.warmUp.handled(number), span),
    utilisation: load.mean,
    utilisationCertainty: load.certainty,
    latency: latencyFigures(history.latency),
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
    ...world.calls.extrasOf(row),
    latency: latencyFigures(world.calls.durationOf(row)),
  };
}

function outboxReport(world: World, row: number): readonly OutboxReport[] {
  const component = world.components[row];
  const counts = component?.kind === "service" ? component.run.outbox() : undefined;
  return counts === undefined ? [] : [{ id: world.plan.ids[row]!, ...counts }];
}

function flowReport(world: World, index: number, span: Span): FlowReport {
  const flow = world.plan.flows[index]!;
  const { latency } = world.recorder.flows[index]!;
  return {
    id: flow.id,
    entry: world.plan.scenario.connections[flow.entry]!.id,
    end: world.plan.scenario.nodes[flow.end]!.id,
    completed: latency.count() + world.warmUp.completed(index),
    throughput: perSecond(latency.count(), span),
    latency: latencyFigures(latency),
  };
}
