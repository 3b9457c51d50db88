// What formulas take for granted, looked up in the plan and in what has happened: everything that does not hold becomes
// a sentence.

import { formatDurationMs } from "../../base/units.ts";
import type { QueueDifference } from "../../brokers/technology.ts";
import { meanOf } from "../../base/distribution.ts";
import { brokerConfigOf } from "../../model/brokerConfig.ts";
import { nameOf } from "../../model/elements.ts";
import type { FailedAssumption } from "../../model/report.ts";
import type { ServicePlan } from "../../nodes/servicePlan.ts";
import { accountOf } from "../progress.ts";
import type { World } from "../world.ts";
import { holdingOf } from "./holding.ts";
import { whyNotPoisson } from "./sources.ts";
import { type Arrivals, isShared, type Stream } from "./traffic.ts";

type Found = readonly FailedAssumption[];

/** The running plan of a service. */
export function servicePlanAt(world: World, node: number): ServicePlan | undefined {
  const component = world.plan.components[node]!;
  return component.kind === "service" ? component.plan : undefined;
}

/** Everything that keeps a service from being a queue of the textbook. */
export function assumptionsOf(
  world: World,
  node: number,
  arrivals: ReadonlyMap<number, Arrivals>,
): Found {
  const own = arrivals.get(node)!;
  return [
    ...streamAssumptions(world, own.streams, arrivals),
    ...workAssumptions(world, node, own),
    ...brokerAssumptions(world, own.streams),
    ...eventAssumptions(world, own.streams),
  ];
}

function named(world: World, node: number): string {
  return nameOf(world.plan.scenario, world.plan.ids[node]!);
}

function streamAssumptions(
  world: World,
  streams: readonly Stream[],
  arrivals: ReadonlyMap<number, Arrivals>,
): Found {
  const found: FailedAssumption[] = [];
  const senders = new Set(streams.map(({ from }) => from));
  for (const sender of senders) {
    const component = world.plan.components[sender]!;
    const from = streams.filter((stream) => stream.from === sender);
    const isCalled = from.some(({ leaves }) => isCall(world, leaves));
    if (component.kind === "producer") {
      const reason = whyNotPoisson(component.plan);
      if (reason !== undefined) found.push({ code: "arrivals", sentence: reason });
    } else if (component.kind === "bridge")
      found.push({
        code: "bridge",
        sentence: `What comes over ${named(world, sender)} is no Poisson stream, and how much of it comes the drawing does not say.`,
      });
    else if (component.kind === "store")
      found.push({
        code: "events",
        sentence: `${named(world, sender)} hands its events over one behind the other: the next ones wait for the answer.`,
      });
    else if (isCalled)
      found.push({
        code: "callers",
        sentence: `${named(world, sender)} waits for each answer, so that no more requests can come than it has workers.`,
      });
    else if (!isMarkov(world, sender, arrivals, new Set()))
      found.push({
        code: "upstream",
        sentence: `What comes from ${named(world, sender)} is no Poisson stream, because its work is not exponential or its own arrivals are not Poisson.`,
      });
    if (from.length > 1)
      found.push({
        code: "together",
        sentence: `${named(world, sender)} sends over ${from.length} ways at the same time.`,
      });
  }
  return found;
}

function isCall(world: World, connection: number): boolean {
  return world.plan.scenario.connections[connection]!.kind === "call";
}

/** Whether messages leave a service as a Poisson stream, or it is a station of a Jackson network. Who is asked about
 *  already is a station of a cycle. */
function isMarkov(
  world: World,
  node: number,
  arrivals: ReadonlyMap<number, Arrivals>,
  asked: Set<number>,
): boolean {
  if (asked.has(node)) return true;
  asked.add(node);
  const plan = servicePlanAt(world, node);
  const own = arrivals.get(node);
  if (plan === undefined || own === undefined) return false;
  const isExponential = [...own.shares.keys()].every(
    (contract) => holdingOf(world, plan, contract).isExponential,
  );
  const isPlain = workAssumptions(world, node, own).length === 0 && plan.values.mailbox === null;
  return (
    isExponential &&
    isPlain &&
    own.streams.every(({ from, leaves }) => {
      const sender = world.plan.components[from]!;
      if (sender.kind === "producer") return whyNotPoisson(sender.plan) === undefined;
      return !isCall(world, leaves) && isMarkov(world, from, arrivals, asked);
    })
  );
}

function workAssumptions(world: World, node: number, own: Arrivals): Found {
  const plan = servicePlanAt(world, node)!;
  const { cores, concurrency, order, coldStart, pollInterval } = plan.values;
  const { attempts, errorRate, jitter } = plan.values;
  const found: FailedAssumption[] = [];
  const add = (code: string, sentence: string): void => void found.push({ code, sentence });
  const steps = [...own.shares.keys()].flatMap((contract) => plan.handlers[contract]?.steps ?? []);
  if (steps.some(({ kind }) => kind.does === "call"))
    add(
      "calls",
      "Its workers wait for the answers of other services, which take as long as they take.",
    );
  if (cores !== null && cores < concurrency)
    add("cores", `Its ${concurrency} workers share ${cores} CPU cores and slow each other down.`);
  const contracts = [...own.shares.keys()];
  if (contracts.some((contract) => !Number.isFinite(holdingOf(world, plan, contract).variance)))
    add(
      "tail",
      "Its work has a tail so heavy that its variance is infinite, and so is the mean wait.",
    );
  if (jitter === "decorrelated" && attempts > 2 && errorRate > 0)
    add("back-off", "Each wait between its attempts depends on the one before.");
  if (order === "priority") add("order", "Who is urgent overtakes.");
  if (meanOf(coldStart) > 0)
    add(
      "cold-start",
      `A worker that was idle takes ${formatDurationMs(meanOf(coldStart))} to wake up.`,
    );
  if (meanOf(pollInterval) > 0)
    add(
      "polling",
      `Idle workers look for work only every ${formatDurationMs(meanOf(pollInterval))}.`,
    );
  const kinds = new Set(own.streams.map(({ leaves }) => isCall(world, leaves)));
  if (kinds.size > 1)
    add("mixed", "Requests and messages wait in different places, and formulas know one line.");
  return found;
}

/** What technologies say of the subscriptions through which something comes. */
export function differencesOf(
  world: World,
  streams: readonly Stream[],
): readonly QueueDifference[] {
  const rows = new Set(
    streams.filter(({ leaves, arrives }) => leaves !== arrives).map(({ arrives }) => arrives),
  );
  return [...rows].flatMap((row) => {
    const broker = world.plan.connections[row]!.broker;
    const component = world.plan.components[broker]!;
    if (component.kind !== "broker") return [];
    const config = brokerConfigOf(world.plan.scenario, world.plan.scenario.nodes[broker]!.id);
    const subscription = config.subscriptions.find(({ index }) => index === row);
    if (subscription === undefined) return [];
    return component.technology.unlikeQueue?.(config, subscription) ?? [];
  });
}

function brokerAssumptions(world: World, streams: readonly Stream[]): Found {
  const shared = streams.some(
    ({ leaves, arrives }) => leaves !== arrives && isShared(world, arrives),
  );
  return shared
    ? [{ code: "shared", sentence: "Other services take messages out of the same channel." }]
    : [];
}

/** Faults, changes and losses: a steady state has none. */
function eventAssumptions(world: World, streams: readonly Stream[]): Found {
  const { ledger, plan } = world;
  const found: FailedAssumption[] = [];
  const first = world.timeline.first();
  if (first !== undefined)
    found.push({
      code: "timeline",
      sentence: `Something happens during the run (${first.act} ${nameOf(plan.scenario, first.target)} at ${formatDurationMs(first.at)}), and formulas know no before and after.`,
    });
  const sum = (read: (row: number) => number): number =>
    [...new Set(streams.map(({ arrives }) => arrives))].reduce(
      (total, row) => total + read(row),
      0,
    );
  const again = sum((row) => ledger.redeliveredTo.data[row]!);
  if (again > 0)
    found.push({ code: "redelivery", sentence: `${again} messages were delivered again.` });
  const lost = sum((row) => {
    const account = accountOf(world, row);
    const { dropped, expired } = ledger.copies;
    return account < 0 ? 0 : dropped.data[account]! + expired.data[account]!;
  });
  if (lost > 0)
    found.push({
      code: "losses",
      sentence: `${lost} messages were given up before they were handled.`,
    });
  const retries = sum((row) => ledger.attempts.data[row]! - ledger.called.data[row]!);
  if (retries > 0)
    found.push({ code: "retries", sentence: `Callers have tried ${retries} times again.` });
  return found;
}
