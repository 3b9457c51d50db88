// One run of the contract of all technologies: a random load, random faults of workers and nodes, and what has to
// hold afterwards. The books are looked at by the fake context at every verb.

import { expect } from "vitest";
import { Arena } from "../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../kernel/random.ts";
import type { Sketch } from "./brokerSketch.suite.ts";
import { type Entry, FakeRun } from "./fakeContext.suite.ts";
import { zoneOf } from "./zones.ts";
import type { Broker, BrokerConfig, BrokerContext, SimulatedTechnology } from "./technology.ts";

/** What the suite has to know of a technology. */
export interface TechnologySetup {
  /** Something that reads everything that is published, at least once, and may be crashed at will. The
   *  suite publishes through every publisher and has every subscription processed. */
  readonly sketch: Sketch;
  /** What keeps its order at first delivery: records of a partition by their offsets, or copies of an
   *  account by their arrival; "none" where nothing is promised. */
  readonly order: "partition" | "account" | "none";
  /** Whether a confirmed message can be lost when nodes crash one at a time. */
  readonly losesConfirmed: "never" | "possible";
  /** Number of nodes that may be crashed; 0 for a technology without nodes. */
  readonly nodes: number;
  /** Time in which everything is dealt with after the last fault [ms]. */
  readonly drainsWithinMs: number;
  /** Timers that may fire in an idle hour (periodic checks). */
  readonly idleWakesPerHour: number;
}

/** When the last fault is over and the last message is published [ms]. */
export const FAULTS_END_MS = 60_000;
/** Messages of a run. */
export const MESSAGES = 400;
const SERVICE_MS = 40;

/** A run with its load and faults laid out, and a broker inside that can be exchanged for a copy. */
export interface LoadedRun {
  readonly run: FakeRun;
  /** Number of timers that have fired. */
  readonly wakes: () => number;
  /** Replaces the broker by a new one that is restored from a checkpoint of the old one's arena. */
  readonly restore: () => void;
  /** Faults of workers and nodes. */
  readonly faults: number;
  /** Hash of the arena of the broker that is in use. */
  readonly hash: () => string;
}

/** Which faults a run has: none; of workers; of workers and of nodes one at a time; of workers, nodes and zones in any
 *  combination. */
export type Faults = "none" | "workers" | "all" | "wild";

/** A run that is laid out and not begun. */
export function load(
  technology: SimulatedTechnology,
  options: {
    readonly setup: TechnologySetup;
    readonly seed: number;
    readonly faults: Faults;
  },
): LoadedRun {
  const { setup, seed } = options;
  const exchange = exchangeable(technology, seed);
  const plans = [{ serviceMs: SERVICE_MS }];
  const run = new FakeRun(exchange.technology, setup.sketch, { plans, seed });
  const random = new RandomStreams(new Arena(), seed).stream("load and faults");
  const publishers = setup.sketch.publishers?.length ?? 0;
  for (let i = 0; i < MESSAGES; i++) {
    const key = random.chance(0.7) ? { key: `key-${random.below(12)}` } : {};
    const ms = random.below(FAULTS_END_MS);
    run.publish(ms, random.below(publishers), `m${i}`, {
      ...key,
      sizeBytes: 1 + random.below(2000),
    });
  }
  let faults = 0;
  if (options.faults !== "none") faults += planWorkerFaults(run, setup.sketch, random);
  if (options.faults === "all" && setup.nodes > 0)
    faults += planNodeFaults(run, setup.nodes, random);
  if (options.faults === "wild" && setup.nodes > 0)
    faults += planWildFaults(run, setup.nodes, random);
  return { run, ...exchange, faults };
}

/** Each worker goes down for a while now and then, one way or the other; all are up at the end. */
function planWorkerFaults(run: FakeRun, sketch: Sketch, random: RandomStream): number {
  let faults = 0;
  (sketch.subscriptions ?? []).forEach(({ workers }, subscription) => {
    for (let worker = 0; worker < (workers ?? 1); worker++) {
      let ms = 500 + random.below(20_000);
      while (ms < FAULTS_END_MS) {
        const how = random.chance(0.7) ? "crash" : "close";
        const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(15_000));
        run.at(ms, () => run.leave(subscription, worker, how));
        run.at(backMs, () => run.join(subscription, worker));
        ms = backMs + 1 + random.below(20_000);
        faults++;
      }
    }
  });
  return faults;
}

/** Nodes go down, are cut off or slow, one at a time. */
function planNodeFaults(run: FakeRun, nodes: number, random: RandomStream): number {
  let faults = 0;
  let ms = 1000 + random.below(10_000);
  while (ms < FAULTS_END_MS) {
    const node = random.below(nodes);
    const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(20_000));
    const { begin, end } = nodeFault(run, random.below(5), 1 + random.below(1000));
    run.at(ms, () => begin(node));
    run.at(backMs, () => end(node));
    // Time to catch up, so that "one at a time" holds for copies too.
    ms = backMs + 15_000 + random.below(10_000);
    faults++;
  }
  return faults;
}

/** Every node goes down, is cut off or slow whenever it likes, and now and then all nodes of a zone do at once. */
function planWildFaults(run: FakeRun, nodes: number, random: RandomStream): number {
  let faults = 0;
  const zones = 1 + random.below(nodes);
  for (let i = 0; i < 3 * nodes; i++) {
    const ms = random.below(FAULTS_END_MS - 1);
    const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(20_000));
    const { begin, end } = nodeFault(run, random.below(5), 1 + random.below(1000));
    const first = random.below(nodes);
    const isZone = random.chance(0.2);
    const hit = Array.from({ length: nodes }, (_, node) => node).filter((node) =>
      isZone ? zoneOf(node, zones) === zoneOf(first, zones) : node === first,
    );
    run.at(ms, () => hit.forEach(begin));
    run.at(backMs, () => hit.forEach(end));
    faults += hit.length;
  }
  return faults;
}

interface NodeFault {
  readonly begin: (node: number) => void;
  readonly end: (node: number) => void;
}

/** One of five kinds of faults: three times of five a crash. */
function nodeFault({ broker }: FakeRun, kind: number, factor: number): NodeFault {
  switch (kind) {
    case 0:
      return {
        begin: (node) => broker.isolateNode?.(node, true),
        end: (node) => broker.isolateNode?.(node, false),
      };
    case 1:
      return {
        begin: (node) => broker.slowNode?.(node, factor),
        end: (node) => broker.slowNode?.(node, 1),
      };
    default:
      return {
        begin: (node) => broker.crashNode(node),
        end: (node) => broker.restartNode(node),
      };
  }
}

function exchangeable(technology: SimulatedTechnology, seed: number) {
  let broker: Broker | undefined;
  let wakes = 0;
  let arena = new Arena();
  let opened: { readonly config: BrokerConfig; readonly context: BrokerContext } | undefined;
  const accounts: number[] = [];
  const current = (): Broker => {
    if (broker === undefined) throw new Error("The broker is not open.");
    return broker;
  };
  const wrapped: SimulatedTechnology = {
    ...technology,
    open: (config, context) => {
      opened = { config, context };
      arena = context.arena;
      const openAccount: BrokerContext["openAccount"] = (channel, subscription) => {
        const account = context.openAccount(channel, subscription);
        accounts.push(account);
        return account;
      };
      broker = technology.open(config, { ...context, openAccount });
      return {
        start: () => current().start(),
        publish: (publisher, message) => current().publish(publisher, message),
        settle: (delivery, verdict) => current().settle(delivery, verdict),
        join: (subscription, worker) => current().join(subscription, worker),
        leave: (subscription, worker, how) => current().leave(subscription, worker, how),
        wake: (code, a, b) => {
          wakes++;
          current().wake(code, a, b);
        },
        crashNode: (node) => current().crashNode(node),
        restartNode: (node) => current().restartNode(node),
        isolateNode: (node, isolated) => current().isolateNode?.(node, isolated),
        slowNode: (node, factor) => current().slowNode?.(node, factor),
        set: (element, parameter, value) => current().set(element, parameter, value),
        waiting: (subscription) => current().waiting(subscription),
        oldestNs: (subscription) => current().oldestNs(subscription),
        blocked: (subscription) => current().blocked(subscription),
        depths: (channel) => current().depths(channel),
        nodes: () => current().nodes(),
      };
    },
  };
  const restore = (): void => {
    if (opened === undefined) throw new Error("The broker is not open.");
    const { config, context } = opened;
    const copy = new Arena();
    const streams = new RandomStreams(copy, seed);
    let next = 0;
    broker = technology.open(config, {
      ...context,
      arena: copy,
      random: (purpose) => streams.stream(`${config.id}:${purpose}`),
      openAccount: () => accounts[next++] ?? -1,
    });
    copy.restore(arena.checkpoint());
    arena = copy;
  };
  return { technology: wrapped, wakes: () => wakes, restore, hash: () => arena.hash() };
}

/** Nothing waits and nothing is in flight; every copy is accounted for, and nobody holds a message. */
export function requireDrained(run: FakeRun): void {
  for (const { routed, waiting, inFlight, ...ends } of run.accounts) {
    expect({ waiting, inFlight }).toEqual({ waiting: 0, inFlight: 0 });
    const { acknowledged, deadLettered, expired, dropped } = ends;
    expect(acknowledged + deadLettered + expired + dropped).toBe(routed);
  }
  expect(run.liveMessages()).toBe(0);
  expect(run.liveDeliveries()).toBe(0);
}

/** Copies with which some worker is done. An acknowledgement that comes when the copy has been taken back, and nobody works on
 *  it, counts as dropped in the books; the manuals say so. */
function dealtWith(run: FakeRun): ReadonlySet<string> {
  const late = run.find("dropped").filter(({ reason }) => reason.startsWith("acknowledged late"));
  return new Set(
    [...run.find("acknowledged"), ...late].map(({ account, label }) => `${account} ${label}`),
  );
}

/** Every confirmed message was acknowledged, in every account to which it was routed. */
export function requireNoLoss(run: FakeRun): void {
  const acknowledged = dealtWith(run);
  const routed = new Set(run.find("routed").map(({ account, label }) => `${account} ${label}`));
  const confirmed = [...run.outcomes].filter(([, outcome]) => outcome === "confirmed");
  for (const [label] of confirmed)
    run.accounts.forEach((_, account) => {
      const copy = `${account} ${label}`;
      expect(routed.has(copy), `${label} reached account ${account}`).toBe(true);
      expect(acknowledged.has(copy), `${label} was acknowledged in account ${account}`).toBe(true);
    });
}

/** First deliveries are in the order that is promised. */
export function requireOrder(run: FakeRun, order: TechnologySetup["order"]): void {
  if (order === "none") return;
  const arrival = new Map<string, number>();
  run.find("routed").forEach(({ account, label }, rank) => {
    const copy = `${account} ${label}`;
    if (!arrival.has(copy)) arrival.set(copy, rank);
  });
  const rankOf = (entry: Entry): number =>
    order === "partition"
      ? entry.offset
      : (arrival.get(`${entry.account} ${entry.label}`) ?? Number.NaN);
  const last = new Map<string, number>();
  for (const entry of run.find("deliver", { attempt: 1 })) {
    const lane = `${entry.account} ${order === "partition" ? entry.partition : ""}`;
    const rank = rankOf(entry);
    expect(rank, `${entry.label} was delivered out of order`).toBeGreaterThan(last.get(lane) ?? -1);
    last.set(lane, rank);
  }
}

/** Whether some message was dealt with after one that had come later to the same account: order is not kept over all. */
export function hasDisorder(run: FakeRun): boolean {
  const arrival = new Map<string, number>();
  run.find("routed").forEach(({ account, label }, rank) => {
    const copy = `${account} ${label}`;
    if (!arrival.has(copy)) arrival.set(copy, rank);
  });
  const last = new Map<number, number>();
  return run.find("acknowledged").some(({ account, label }) => {
    const rank = arrival.get(`${account} ${label}`) ?? 0;
    const before = last.get(account) ?? -1;
    last.set(account, Math.max(rank, before));
    return rank < before;
  });
}

/** Labels of messages that were confirmed and not acknowledged in every account. */
export function lostLabels(run: FakeRun): readonly string[] {
  const acknowledged = dealtWith(run);
  return [...run.outcomes].flatMap(([label, outcome]) => {
    const isThere = run.accounts.every((_, account) => acknowledged.has(`${account} ${label}`));
    return outcome !== "confirmed" || isThere ? [] : [label];
  });
}
