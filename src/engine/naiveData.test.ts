// The engine against the naive one on documents that are all about data: few keys, many workers, three services that read
// and write three stores in every way. One document: SEED=17 npx vitest run src/engine/naiveData.test.ts

import { expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { Dice } from "../model/scenario.suite.ts";
import type { Connection, Scenario } from "../model/scenario.ts";
import { compare } from "./naive/compare.suite.ts";
import { NaiveRabbit } from "./naive/rabbit.suite.ts";
import { open, sketch, source, worker } from "./sketch.suite.ts";

const chosen = process.env["SEED"];
const seeds = chosen === undefined ? Array.from({ length: 50 }, (_, i) => i + 1) : [Number(chosen)];

const stores = ["s1", "s2", "s3"];
const services = ["a", "b", "c"];

/** Clients call a and c; a calls c now and then; what a and c publish comes to b. */
function document(seed: number): Scenario {
  const dice = new Dice(seed);
  const brief = (max: number) => ({
    distribution: "constant" as const,
    value: dice.chance(0.2) ? 0 : dice.between(1, max),
  });
  // Dice of their own, so that all else stays as it is without.
  const more = new Dice(seed + 0.5);
  const isLockSeed = more.chance(0.4);
  const lockMs = more.pick([10, 200, 2000]);
  const keepsEvents = stores.filter(() => more.chance(0.4));
  const isNoteOnly = dice.chance(0.3);
  const write = (from: string, to: string, i: number): Connection => {
    const change = isNoteOnly ? "note" : dice.pick(["note", "set", "add", "add change"]);
    const amounts: Parameters = {
      ...(change === "add" || change === "set" ? { amount: dice.between(-2, 2) } : {}),
      ...(change === "add" && dice.chance(0.5) ? { atLeast: dice.between(-2, 1) } : {}),
    };
    const check = more.chance(isLockSeed ? 0.6 : 0)
      ? "lock"
      : dice.pick(["none", "none", "version", "atomic"]);
    const parameters = { change, check, duration: brief(20), lockTimeout: lockMs, ...amounts };
    const id = `${from}-writes-${to}-${i}`;
    return dice.chance(0.1)
      ? { id, kind: "write", from, to, parameters, on: dice.pick(["failure", "refusal"]) }
      : { id, kind: "write", from, to, parameters };
  };
  const data = services.flatMap((from) => [
    ...Array.from({ length: dice.below(3) }, (_, i): Connection => {
      const to = dice.pick(stores);
      const parameters: Parameters = {
        waits: more.chance(0.4),
        waitAtMost: more.pick([20, 500]),
        whenLate: more.pick(["stale", "fail"]),
      };
      return { id: `${from}-reads-${to}-${i}`, kind: "read", from, to, parameters };
    }),
    ...Array.from({ length: dice.between(1, 2) }, (_, i) => write(from, dice.pick(stores), i)),
  ]);
  const call = (from: string, to: string): Connection => ({
    id: `${from}-calls-${to}`,
    kind: "call",
    from,
    to,
    contract: "request",
    parameters: { timeout: dice.pick([10, 1000]), attempts: dice.between(1, 3), backoff: 5 },
  });
  const publish = (from: string): Connection => ({
    id: `${from}-publishes`,
    kind: "publish",
    from,
    to: "queue",
    contract: "happened",
    parameters: { latency: dice.pick([0, 5]) },
  });
  // A store hands its events over to b; now and then c gets them as well, later.
  const follow: readonly Connection[] = ["b", "c"].flatMap((to) => {
    const parameters: Parameters = {
      timeout: more.pick([20, 1000]),
      startsWith: more.pick(["beginning", "now"]),
      startsAt: more.pick([0, 1000]),
      batch: more.pick([1, 10]),
      batchTime: more.pick([0, 5]),
      parallel: more.pick([1, 4]),
      whenFailed: more.pick(["again", "pass over"]),
      pause: 50,
    };
    const from = keepsEvents.length === 0 ? undefined : more.pick(keepsEvents);
    const id = `events-to-${to}`;
    return from === undefined || more.chance(0.5)
      ? []
      : [{ id, kind: "call", from, to, contract: "request", parameters }];
  });
  return sketch({
    seed,
    duration: 20_000,
    sourcesStopAt: 10_000,
    nodes: [
      source("clients", dice.pick([10, 50, 200]), {
        keyChoice: "uniform",
        keys: dice.pick([1, 2, 10]),
      }),
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      ...services.map((id) =>
        worker(id, {
          concurrency: dice.pick([1, 4, 20]),
          serviceTime: { distribution: "exponential", mean: dice.between(1, 20) },
          attempts: dice.between(1, 3),
          backoff: dice.between(0, 10),
          errorRate: dice.pick([0, 0, 0.1]),
          idempotent: dice.chance(0.2),
          outbox: dice.pick(["none", "polling", "log"]),
          outboxInterval: dice.pick([10, 100, 1000]),
          outboxBatch: dice.pick([1, 100]),
          outboxMemory: dice.pick(["flag", "last id"]),
        }),
      ),
      ...stores.map((id) => ({
        id,
        kind: "store" as const,
        parameters: {
          versions: dice.chance(0.9) || keepsEvents.includes(id),
          capacity: more.pick([null, null, 1, 3]),
          initialValue: dice.between(0, 3),
          valueMin: dice.pick([null, 0]),
          valueMax: dice.pick([null, 3]),
          keeps: keepsEvents.includes(id) ? "events" : "rows",
          snapshotEvery: more.pick([null, 1, 3]),
          eventTime: more.pick([0, 0.3]),
        },
      })),
    ],
    channels: [{ id: "queue", broker: "rabbit", kind: "queue" }],
    connections: [
      call("clients", "a"),
      ...(dice.chance(0.5) ? [call("clients", "c")] : []),
      ...(dice.chance(0.5) ? [call("a", "c")] : []),
      ...data,
      ...follow,
      publish("a"),
      ...(dice.chance(0.5) ? [publish("c")] : []),
      {
        id: "hear",
        kind: "consume",
        from: "queue",
        to: "b",
        parameters: { prefetch_count: dice.between(1, 20), latency: dice.pick([0, 5]) },
      },
    ],
    timeline: dice.chance(0.5)
      ? [{ act: "crash", at: dice.between(500, 9000), target: dice.pick(services), duration: 300 }]
      : [],
  });
}

function namesAboveZero(row: object): readonly string[] {
  return Object.entries(row).flatMap(([name, value]) =>
    typeof value === "number" && value > 0 ? [name] : [],
  );
}

test("the engines agree on every version, value, lag and anomaly", { timeout: 120_000 }, () => {
  const shown = new Set<string>();
  for (const seed of seeds) {
    const scenario = document(seed);
    const leg = { untilNs: Infinity, maxEvents: 800 };
    const { differences } = compare(scenario, [leg], (world, node) => new NaiveRabbit(world, node));
    if (differences.length > 0) expect.fail(`SEED=${seed}\n${differences.join("\n")}`);
    const run = open(scenario);
    run.advance(leg);
    const { consistency, outboxes, nodes } = run.report(0);
    for (const { counts } of nodes) namesAboveZero(counts).forEach((name) => shown.add(name));
    const { stores: all, replicas, subscriptions, waitingReads } = consistency;
    for (const row of [...all, ...replicas, ...subscriptions, ...waitingReads, ...outboxes])
      namesAboveZero(row).forEach((name) => shown.add(name));
  }
  if (chosen !== undefined) return;
  // Otherwise the agreement would say nothing.
  const wanted = ["lostUpdates", "duplicateEffects", "outOfOrder", "readYourWrites", "conflicts"];
  const more = [
    "monotonicReads",
    "invariantBroken",
    "refused",
    "oversold",
    "staleReads",
    "skipped",
  ];
  const replicated = ["wentBack", "olderIgnored", "repeated", "missing", "inserted"];
  const loaded = [
    "lock waits given up",
    "after waiting",
    "waited",
    "timedOut",
    "waited for a place",
    "done",
    "passedOver",
    "events read for that",
    "snapshots read",
    "bytes of events",
  ];
  expect([...wanted, ...more, ...replicated, ...loaded].filter((name) => !shown.has(name))).toEqual(
    [],
  );
});
