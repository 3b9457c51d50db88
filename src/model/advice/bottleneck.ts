// Which service a run has shown to be too small, and how many workers it needs.

import type { Setting } from "../../brokers/advice.ts";
import { channelKindOf, nameOf, parameterOf } from "../elements.ts";
import type { NodeReport, Report } from "../report.ts";
import type { Connection, Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";

/** Workers are advised so that they are busy at most this share of the time: beyond, waits grow steeply. */
export const busyTarget = 0.75;

/** A service counts as a bottleneck when its workers were busy for more than this share … */
const busyLimit = 0.9;

/** … and more than so many messages or requests per worker were waiting in the end. */
const waitingPerWorker = 5;

/** Services that left work waiting because their workers, or those of a service that they wait for, were all busy; the
 *  worst first. */
export function bottlenecks(scenario: Scenario, report: Report): readonly Advice[] {
  const waiting = new Map<string, number>();
  for (const node of report.nodes) {
    const left = waitingBefore(scenario, report, node.id);
    const isLate = left > waitingPerWorker * effectiveWorkers(scenario, node.id);
    if (!isSaturated(scenario, node) || !isLate) continue;
    const culprit = slowestBehind(scenario, report, node.id);
    waiting.set(culprit, (waiting.get(culprit) ?? 0) + left);
  }
  return [...waiting]
    .toSorted(([, a], [, b]) => b - a)
    .flatMap(([id, left]) => {
      const node = report.nodes.find((one) => one.id === id);
      return node === undefined ? [] : [moreWorkers(scenario, report, node, left)];
    });
}

function isSaturated(scenario: Scenario, node: NodeReport): boolean {
  if (node.kind !== "service") return false;
  const workers = Number(parameterOf(scenario, node.id, "concurrency"));
  return node.utilisation * workers >= busyLimit * effectiveWorkers(scenario, node.id);
}

/** Workers that can be served at the same time: spare members of a group idle. */
function effectiveWorkers(scenario: Scenario, id: string): number {
  const workers = Number(parameterOf(scenario, id, "concurrency"));
  const inbound = scenario.connections.filter(
    ({ kind, to }) => to === id && (kind === "consume" || kind === "call"),
  );
  const bounds = inbound.map(({ from }) => {
    const field = channelKindOf(scenario, from)?.parallelismField;
    return field === undefined ? Infinity : Number(parameterOf(scenario, from, field));
  });
  return inbound.length === 0
    ? workers
    : Math.min(
        workers,
        bounds.reduce((a, b) => a + b),
      );
}

/** Workers that only wait for an answer do not help when there are more of them: the called service is to blame
 *  when it is saturated itself. Calls have no cycles. */
function slowestBehind(scenario: Scenario, report: Report, id: string): string {
  const called = scenario.connections.find(({ kind, from, to }) => {
    const callee = report.nodes.find((node) => node.id === to);
    return kind === "call" && from === id && callee !== undefined && isSaturated(scenario, callee);
  });
  return called === undefined ? id : slowestBehind(scenario, report, called.to);
}

/** Messages and requests that had not been dealt with in the end. */
function waitingBefore(scenario: Scenario, report: Report, id: string): number {
  const inbound = new Set(consumed(scenario, id).map((connection) => connection.id));
  const messages = report.subscriptions.filter((subscription) => inbound.has(subscription.id));
  const requests = report.nodes.find((node) => node.id === id)?.backlog ?? 0;
  return messages.reduce((sum, { lagMessages }) => sum + lagMessages, requests);
}

function consumed(scenario: Scenario, id: string): readonly Connection[] {
  return scenario.connections.filter(({ kind, to }) => kind === "consume" && to === id);
}

/** Little's law twice: busy workers = rate × time, for the rate that came and for a share of the time. */
function moreWorkers(
  scenario: Scenario,
  report: Report,
  node: NodeReport,
  waiting: number,
): Advice {
  const workers = Number(parameterOf(scenario, node.id, "concurrency"));
  const arrivalsPerS = node.throughput + waiting / report.simulatedSeconds;
  const busyPerMessageS = (node.utilisation * workers) / Math.max(node.throughput, 1e-9);
  const needed = Math.min(1000, Math.ceil((arrivalsPerS * busyPerMessageS) / busyTarget));
  const wanted = Math.max(workers + 1, needed);
  const name = nameOf(scenario, node.id);
  const room = roomFor(scenario, node.id, wanted);
  const places = room.map(({ id, parameter }) => `${parameter} of ${nameOf(scenario, id)}`);
  return {
    code: "advice/bottleneck",
    element: node.id,
    risk: `${name} is the bottleneck: ${busyText(scenario, node)}, and ${Math.round(waiting).toLocaleString("en-US")} messages or requests were left waiting.`,
    why: `Waits grow steeply beyond ${busyTarget * 100} % busy.`,
    remedy: `Set ${["workers", ...places].join(" and ")} to ${wanted}`,
    mend: setAll([{ id: node.id, parameter: "concurrency", value: wanted }, ...room], "raise"),
  };
}

function busyText(scenario: Scenario, node: NodeReport): string {
  const workers = Number(parameterOf(scenario, node.id, "concurrency"));
  const effective = effectiveWorkers(scenario, node.id);
  const percent = Math.round((node.utilisation * 100 * workers) / effective);
  if (effective === workers) return `its workers were busy ${percent} % of the time`;
  return `only ${effective} of its ${workers} workers can be served at a time, and they were busy ${percent} % of it`;
}

/** Room for the workers in the channels that bound how many can be served. */
export function roomFor(scenario: Scenario, id: string, workers: number): readonly Setting[] {
  return consumed(scenario, id).flatMap(({ from }) => {
    const field = channelKindOf(scenario, from)?.parallelismField;
    if (field === undefined || Number(parameterOf(scenario, from, field)) >= workers) return [];
    return [{ id: from, parameter: field, value: workers }];
  });
}
