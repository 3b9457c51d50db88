// The contract that every broker technology must pass: books that balance at every verb (the fake sees to that),
// one answer per publication, order and duplicates as promised, a run that ends, and no state outside the arena.

import { describe, expect, test } from "vitest";
import { Arena } from "../kernel/arena.ts";
import { type RandomStream, RandomStreams } from "../kernel/random.ts";
import type { Sketch } from "./brokerSketch.suite.ts";
import { type Entry, FakeRun } from "./fakeContext.suite.ts";
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

const FAULTS_END_MS = 60_000;
const MESSAGES = 400;
const SERVICE_MS = 40;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Runs the contract. Call it from the technology's own test file. */
export function describeTechnology(technology: SimulatedTechnology, setup: TechnologySetup): void {
  describe(`${technology.label}: the contract of all technologies`, () => {
    test("describes itself completely", () => checkDescription(technology));

    test("without faults every message is confirmed and acknowledged at its first attempt", () => {
      const { run } = load(technology, { setup, seed: 1, faults: "none" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      expect([...run.outcomes.values()].filter((outcome) => outcome !== "confirmed")).toEqual([]);
      expect(run.outcomes.size).toBe(MESSAGES);
      expect(run.find("deliver").filter(({ attempt }) => attempt !== 1)).toEqual([]);
      requireDrained(run);
    });

    test.each(SEEDS)("with crashes of workers and nodes nothing goes astray (seed %i)", (seed) => {
      const { run } = load(technology, { setup, seed, faults: "all" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      expect(run.outcomes.size).toBe(MESSAGES);
      requireDrained(run);
      requireOrder(run, setup.order);
      if (setup.losesConfirmed === "never") requireNoLoss(run);
    });

    test("duplicates do occur when workers crash, and are counted as further attempts", () => {
      const repeats = SEEDS.map((seed) => {
        const { run } = load(technology, { setup, seed, faults: "workers" });
        run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
        return run.find("deliver").filter(({ attempt }) => attempt > 1).length;
      });
      expect(Math.max(...repeats)).toBeGreaterThan(0);
    });

    test("the same seed gives the same run, however it is sliced", () => {
      const whole = load(technology, { setup, seed: 3, faults: "all" });
      const sliced = load(technology, { setup, seed: 3, faults: "all" });
      const endMs = FAULTS_END_MS + setup.drainsWithinMs;
      whole.run.runUntil(endMs);
      for (let ms = 0; ms < endMs; ms += 977) sliced.run.runUntil(ms);
      sliced.run.runUntil(endMs);
      expect(sliced.run.entries).toEqual(whole.run.entries);
      expect(sliced.run.arena.hash()).toBe(whole.run.arena.hash());
    });

    test("a broker restored from a checkpoint goes on like the original", () => {
      const original = load(technology, { setup, seed: 5, faults: "all" });
      const replaced = load(technology, { setup, seed: 5, faults: "all" });
      for (const ms of [0, 1003, 9_777, 20_000, 33_333, 58_001, FAULTS_END_MS + 500]) {
        replaced.run.runUntil(ms);
        replaced.restore();
      }
      const endMs = FAULTS_END_MS + setup.drainsWithinMs;
      replaced.run.runUntil(endMs);
      original.run.runUntil(endMs);
      expect(replaced.run.entries).toEqual(original.run.entries);
      expect(replaced.hash()).toBe(original.hash());
    });

    test("falls silent when nothing is left to do", () => {
      const { run, wakes } = load(technology, { setup, seed: 2, faults: "all" });
      run.runUntil(FAULTS_END_MS + 2 * setup.drainsWithinMs);
      const before = wakes();
      run.runUntil(FAULTS_END_MS + 2 * setup.drainsWithinMs + 3_600_000);
      expect(wakes() - before).toBeLessThanOrEqual(setup.idleWakesPerHour);
    });

    test("its readings agree with the books when it is empty", () => {
      const { run } = load(technology, { setup, seed: 4, faults: "all" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      (setup.sketch.subscriptions ?? []).forEach((_, subscription) => {
        expect(run.broker.waiting(subscription)).toBe(0);
        expect(run.broker.oldestNs(subscription)).toBe(-1);
      });
      expect(run.broker.nodes().every(({ up }) => up)).toBe(true);
    });
  });
}

/** A run with its load and faults laid out, and a broker inside that can be exchanged for a copy. */
interface LoadedRun {
  readonly run: FakeRun;
  /** Number of timers that have fired. */
  readonly wakes: () => number;
  /** Replaces the broker by a new one that is restored from a checkpoint of the old one's arena. */
  readonly restore: () => void;
  /** Hash of the arena of the broker that is in use. */
  readonly hash: () => string;
}

function load(
  technology: SimulatedTechnology,
  options: {
    readonly setup: TechnologySetup;
    readonly seed: number;
    readonly faults: "none" | "workers" | "all";
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
  if (options.faults !== "none") planWorkerFaults(run, setup.sketch, random);
  if (options.faults === "all" && setup.nodes > 0) planNodeFaults(run, setup.nodes, random);
  return { run, ...exchange };
}

/** Each worker goes down for a while now and then, one way or the other; all are up at the end. */
function planWorkerFaults(run: FakeRun, sketch: Sketch, random: RandomStream): void {
  (sketch.subscriptions ?? []).forEach(({ workers }, subscription) => {
    for (let worker = 0; worker < (workers ?? 1); worker++) {
      let ms = 500 + random.below(20_000);
      while (ms < FAULTS_END_MS) {
        const how = random.chance(0.7) ? "crash" : "close";
        const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(15_000));
        run.at(ms, () => run.leave(subscription, worker, how));
        run.at(backMs, () => run.join(subscription, worker));
        ms = backMs + 1 + random.below(20_000);
      }
    }
  });
}

/** Nodes go down, are cut off or slow, one at a time. */
function planNodeFaults(run: FakeRun, nodes: number, random: RandomStream): void {
  let ms = 1000 + random.below(10_000);
  while (ms < FAULTS_END_MS) {
    const node = random.below(nodes);
    const backMs = Math.min(FAULTS_END_MS, ms + 1 + random.below(20_000));
    const { begin, end } = nodeFault(run, random.below(5), 1 + random.below(1000));
    run.at(ms, () => begin(node));
    run.at(backMs, () => end(node));
    // Time to catch up, so that "one at a time" holds for copies too.
    ms = backMs + 15_000 + random.below(10_000);
  }
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

function requireDrained(run: FakeRun): void {
  for (const { routed, waiting, inFlight, ...ends } of run.accounts) {
    expect({ waiting, inFlight }).toEqual({ waiting: 0, inFlight: 0 });
    const { acknowledged, deadLettered, expired, dropped } = ends;
    expect(acknowledged + deadLettered + expired + dropped).toBe(routed);
  }
  expect(run.liveMessages()).toBe(0);
  expect(run.liveDeliveries()).toBe(0);
}

/** Every confirmed message was acknowledged, in every account to which it was routed. */
function requireNoLoss(run: FakeRun): void {
  const acknowledged = new Set(
    run.find("acknowledged").map(({ account, label }) => `${account} ${label}`),
  );
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
function requireOrder(run: FakeRun, order: TechnologySetup["order"]): void {
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

function checkDescription(technology: SimulatedTechnology): void {
  const { publish, consume } = technology.quickConnect;
  expect(technology.channelKinds[publish]?.publishable).toBe(true);
  expect(technology.channelKinds[consume]?.consumable).toBe(true);
  for (const kind of Object.values(technology.channelKinds))
    for (const target of kind.bindsTo) expect(technology.channelKinds).toHaveProperty([target]);
  for (const list of [technology.modelled, technology.simplified, technology.notModelled])
    expect(list.length).toBeGreaterThan(0);
  expect(technology.sources.length).toBeGreaterThan(0);
  const lists = [
    technology.clusterFields,
    technology.publishFields,
    technology.consumeFields,
    technology.bindFields,
    ...Object.values(technology.channelKinds).map(({ fields }) => fields),
  ];
  for (const fields of lists)
    for (const [name, field] of Object.entries(fields)) {
      expect(field.help, name).toMatch(/\.$/u);
      for (const condition of [field.onlyIf ?? []].flat())
        expect(fields).toHaveProperty([condition.field]);
    }
}
