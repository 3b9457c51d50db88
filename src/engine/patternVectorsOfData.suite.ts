// The worked numbers of data patterns: versions, outboxes, event sourcing, staleness, sessions, quorums.

import { expect } from "vitest";
import { nsPerS } from "../base/units.ts";
import { Arena } from "../kernel/arena.ts";
import { RandomStreams } from "../kernel/random.ts";
import type { Connection } from "../model/scenario.ts";
import { freshWithin, missProbability } from "./quorum.suite.ts";
import { eventsToLoad } from "../nodes/stores/eventLog.ts";
import { applied, Replica } from "../nodes/stores/replica.ts";
import { directCall, open, reportOf, sketch, source, worker } from "./sketch.suite.ts";

/** A worked number: what is given, and what must come out. */
// oxlint-disable-next-line typescript/no-explicit-any -- every vector has its own shape
export type Vector = Readonly<Record<"id" | "system", string> & Record<"given" | "expect", any>>;

/** Checks by the first of the givens that has one. */
export const dataChecks: Readonly<Record<string, (vector: Vector) => void>> = {
  event_sourcing: ({ given, expect: wanted }) => {
    const { version, snapshot_every } = given.event_sourcing;
    expect(eventsToLoad(version, snapshot_every)).toBe(wanted.events_to_replay);
  },
  optimistic_lock: checkOptimisticLock,
  outbox_poller: checkOutbox,
  pbs: checkQuorum,
  commits: checkStaleness,
  write: checkSession,
  counter: checkCounter,
  apply_log: checkApplyLog,
};

/** Writers that all come at the same instant, and read, think and write in step. */
function checkOptimisticLock({ given, expect: wanted }: Vector): void {
  const writers: number = given.writers ?? given.concurrent_buyers;
  const isSale = "stock" in given;
  const constant = (value: number) => ({ distribution: "constant", value }) as const;
  const report = reportOf(
    sketch({
      duration: 60_000,
      sourcesStopAt: 1500,
      nodes: [
        source("clients", 1, {
          arrivals: "constant",
          keyChoice: "sequential",
          keys: 1,
          batch: constant(writers),
        }),
        worker("writer", {
          concurrency: writers,
          serviceTime: constant(0),
          attempts: 100,
          growth: "fixed",
          jitter: "none",
          backoff: 1,
        }),
        {
          id: "store",
          kind: "store",
          parameters: { versions: true, initialValue: given.stock ?? 0 },
        },
      ],
      connections: [
        directCall("clients", "writer"),
        {
          id: "write",
          kind: "write",
          from: "writer",
          to: "store",
          parameters: {
            change: "add",
            amount: isSale ? -1 : 1,
            ...(isSale ? { atLeast: 0 } : {}),
            check: given.optimistic_lock === true ? "version" : "none",
            duration: constant(5),
          },
        },
      ],
    }),
  );
  const store = report.consistency.stores[0]!;
  const actual = {
    sold: store.commits,
    final_stock: store.value,
    oversold: store.oversold,
    conflicts: store.conflicts,
    attempts: store.commits + store.conflicts,
  };
  expect(actual).toMatchObject(wanted);
}

/** The closed form, and dice: which replicas a write reaches and a read asks. */
function checkQuorum({ given, expect: wanted }: Vector): void {
  const quorum = { replicas: given.pbs.N, reads: given.pbs.R, writes: given.pbs.W };
  expect(missProbability(quorum)).toBeCloseTo(wanted.p_stale, 6);
  for (const [k, share] of Object.entries(wanted.p_within_k))
    expect(freshWithin(quorum, Number(k))).toBeCloseTo(Number(share), 6);
  const stream = new RandomStreams(new Arena(), 1).stream("quorum");
  const some = (count: number): Set<number> => {
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(stream.below(quorum.replicas));
    return chosen;
  };
  const rounds = 20_000;
  let stale = 0;
  for (let i = 0; i < rounds; i++) {
    const written = some(quorum.writes);
    if ([...some(quorum.reads)].every((replica) => !written.has(replica))) stale++;
  }
  const deviation = Math.sqrt((wanted.p_stale * (1 - wanted.p_stale)) / rounds);
  expect(Math.abs(stale / rounds - wanted.p_stale)).toBeLessThanOrEqual(4 * deviation + 1e-6);
}

function checkStaleness({ given, expect: wanted }: Vector): void {
  const view = new Replica(new Arena(), "view", { store: 1, source: 0, limitNs: nsPerS });
  const happenings = [
    ...Object.entries<number>(given.commits).map(([name, at]) => ({ name, at, isCommit: true })),
    ...Object.entries<number>(given.applied ?? {}).map(([name, at]) => ({
      name,
      at,
      isCommit: false,
    })),
  ].toSorted((a, b) => a.at - b.at);
  const convergence: Record<string, number> = {};
  for (const { name, at, isCommit } of happenings) {
    const version = Number(name.slice(1));
    if (isCommit) view.committed(0, version, at * nsPerS);
    else {
      const sinceS = view.missingSinceNs(0) / nsPerS;
      view.applyState(0, version, at * nsPerS, "kept");
      convergence[name] = at - sinceS;
    }
  }
  if ("horizon" in given) {
    const { meanNs, maxNs } = view.age(given.horizon * nsPerS);
    expect(meanNs / nsPerS).toBeCloseTo(wanted.mean_staleness_lag, 9);
    expect(maxNs / nsPerS).toBe(wanted.max_staleness_lag);
    expect(convergence).toEqual(wanted.convergence);
  }
  if ("returned" in given) {
    const committed = Object.values<number>(given.commits).filter((at) => at <= given.read_at);
    view.applyState(0, Number(given.returned.slice(1)), given.read_at * nsPerS, "as it comes");
    expect(committed.length - view.version(0)).toBe(wanted.k_staleness);
  }
}

/** A client writes at one place and reads at another, which is fed by events and lags behind. */
function checkSession({ expect: wanted }: Vector): void {
  const constant = (value: number) => ({ distribution: "constant", value }) as const;
  const between = (from: string, to: string): Connection => ({
    ...directCall(from, to),
    id: `${from}-${to}`,
  });
  const report = reportOf(
    sketch({
      duration: 60_000,
      sourcesStopAt: 30_000,
      nodes: [
        source("clients", 1, { arrivals: "constant", keyChoice: "sequential", keys: 1 }),
        worker("gateway", { serviceTime: constant(0) }),
        worker("writer", { serviceTime: constant(0) }),
        worker("reader", { serviceTime: constant(0) }),
        worker("follower", { serviceTime: constant(100) }),
        { id: "a", kind: "store", parameters: { versions: true } },
        { id: "b", kind: "store", parameters: { versions: true } },
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      ],
      channels: [{ id: "queue", broker: "rabbit", kind: "queue" }],
      connections: [
        between("clients", "gateway"),
        between("gateway", "writer"),
        between("gateway", "reader"),
        { id: "write", kind: "write", from: "writer", to: "a" },
        { id: "tell", kind: "publish", from: "writer", to: "queue", contract: "written" },
        { id: "hear", kind: "consume", from: "queue", to: "follower" },
        { id: "follow", kind: "write", from: "follower", to: "b" },
        { id: "read", kind: "read", from: "reader", to: "b" },
      ],
    }),
  );
  const b = report.consistency.stores.find(({ id }) => id === "b")!;
  const kinds = [...new Set(report.consistency.anomalies.map(({ kind }) => kind))];
  expect(kinds).toEqual(wanted.violations);
  expect(b.readYourWrites).toBe(b.reads);
  expect(b.reads).toBeGreaterThan(10);
}

/** One addition that comes twice to two stores, each of which adds it up. */
function checkCounter({ expect: wanted }: Vector): void {
  const view = (id: string) =>
    new Replica(new Arena(), id, { store: 1, source: 0, limitNs: nsPerS });
  const views = ["b", "c"].map((id) => {
    const replica = view(id);
    replica.committed(0, 1, 0);
    const came = [1, 2].map((at) => replica.applyChange(0, 1, at * nsPerS));
    return { came, isStale: replica.isStale(0) };
  });
  const values = views.map(({ came }) => came.length);
  expect(values).toEqual([wanted.value, wanted.value]);
  const again = views.flatMap(({ came }) => came.filter((one) => one === applied.again));
  expect(again.length).toBe(wanted.duplicate_applications);
  // Both have come to the same wrong value: divergence alone shows no duplicates.
  expect(views.filter(({ isStale }) => isStale).length).toBe(wanted.divergence);
}

function checkApplyLog({ given, expect: wanted }: Vector): void {
  const view = new Replica(new Arena(), "view", { store: 1, source: 0, limitNs: nsPerS });
  const versions = (given.apply_log as string[]).map((name) => Number(name.slice(1)));
  for (let version = 1; version <= Math.max(...versions); version++)
    view.committed(0, version, version);
  versions.forEach((version, i) => view.applyState(0, version, 10 + i, "as it comes"));
  expect(view.counts().wentBack).toBe(wanted.inversions);
  expect(`v${view.version(0)}`).toBe(wanted.final);
  expect(!view.isStale(0)).toBe(wanted.final_correct);
}

/** A transaction that began first commits after one that began later, and the relay polls in between. */
function checkOutbox({ given, expect: wanted }: Vector): void {
  const asking = (from: string, contract: string): Connection => ({
    id: from + contract,
    kind: "call",
    from,
    to: "shop",
    contract,
    parameters: { timeout: 1e6 },
  });
  const relay = (outboxMemory: string) => {
    const published: string[] = [];
    const scenario = sketch({
      duration: 10_000,
      nodes: [
        ...["slow", "quick"].map((id, i) => ({
          id,
          kind: "producer" as const,
          parameters: {
            arrivals: "replay",
            recording: `time\n${0.1 + 0.1 * i}`,
          },
        })),
        worker("shop", {
          concurrency: 2,
          serviceTime: { distribution: "constant", value: 0 },
          outbox: "polling",
          outboxInterval: 1000,
          outboxMemory,
        }),
        { id: "store", kind: "store" },
        { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      ],
      channels: [{ id: "queue", broker: "rabbit", kind: "queue" }],
      connections: [
        asking("slow", "10"),
        asking("quick", "11"),
        ...([1500, 10] as const).map((value, i): Connection => ({
          id: `write-${10 + i}`,
          kind: "write",
          from: "shop",
          to: "store",
          after: [`${10 + i}`],
          parameters: { duration: { distribution: "constant", value } },
        })),
        ...[10, 11].map((id): Connection => ({
          id: `tell-${id}`,
          kind: "publish",
          from: "shop",
          to: "queue",
          contract: `told-${id}`,
          after: [`${id}`],
        })),
      ],
    });
    const run = open(scenario, {
      onEvent: ({ event, contract }) => {
        if (event === "published") published.push(contract ?? "");
      },
    });
    run.advance({ untilNs: Infinity, maxEvents: Infinity });
    return { published, skipped: run.report(0).outboxes[0]!.skipped };
  };
  expect(given.order).toEqual(["11 committed", "poll", "10 committed", "poll"]);
  const byLastId = relay(given.outbox_poller);
  expect(byLastId.published).toEqual(wanted.published.map((id: number) => `told-${id}`));
  expect(byLastId.skipped).toBe(wanted.lost.length);
  const byFlag = relay("flag");
  expect(byFlag.published).toEqual(["told-11", "told-10"]);
  expect(byFlag.skipped).toBe(0);
}
