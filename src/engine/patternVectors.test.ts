// The worked numbers of patterns (shared vectors, where they are at hand): each is told by the shape of what is given, and
// answered by the rule itself or by a run.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { nsPerS } from "../base/units.ts";
import { Arena } from "../kernel/arena.ts";
import { RandomStreams } from "../kernel/random.ts";
import { valuesOf } from "../base/fields.ts";
import { stateOf } from "../model/state.ts";
import { callFields } from "../nodes/connections.ts";
import { workersForBacklog, workersForMetric } from "../nodes/patterns/autoscaling.ts";
import { type Backoff, backoffNs } from "../nodes/patterns/backoff.ts";
import { breakerFields, CircuitBreaker } from "../nodes/patterns/circuitBreaker.ts";
import type { Connection, Node } from "../model/scenario.ts";
import { outcome } from "../nodes/steps/kind.ts";
import { Inbox } from "../nodes/patterns/inbox.ts";
import { RateLimit, REFUSED } from "../nodes/patterns/rateLimit.ts";
import { dataChecks, type Vector } from "./patternVectorsOfData.suite.ts";
import { directCall, finish, open, reportOf, sketch, source, worker } from "./sketch.suite.ts";

const file = new URL("../../../shared/broker-vectors.json", import.meta.url);
const vectors: readonly Vector[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]).filter((one) => one.system === "patterns")
  : [];

/** What a vector is about: the first of its givens that has a check here. */
const checks: Readonly<Record<string, (vector: Vector) => void>> = {
  backoff: checkBackoff,
  layers: checkLayers,
  breaker: checkBreaker,
  leaky_bucket: checkLeakyBucket,
  token_bucket: checkTokenBucket,
  hpa: ({ given, expect: wanted }) => {
    const { current, metric, target } = given.hpa;
    expect(workersForMetric(current, metric, target)).toBe(wanted.desired);
  },
  keda_kafka: ({ given, expect: wanted }) => {
    const { lag, lagThreshold, partitions, min, max } = given.keda_kafka;
    const desired = workersForBacklog(lag, lagThreshold, partitions);
    expect(Math.max(min, Math.min(max, desired))).toBe(wanted.replicas);
  },
  idempotency_window_s: checkInbox,
  saga_steps: checkSaga,
  chain: checkChain,
  ...dataChecks,
  lambda: checkOverload,
  backlog: checkDrain,
  liveness: checkLiveness,
  dlq: checkRedrive,
};

/** What belongs to parts that are still to come, by the first given. */
const notYet: Readonly<Record<string, string>> = {
  cache_aside: "caches are not modelled yet",
};

describe.skipIf(vectors.length === 0)("worked numbers of patterns (shared vectors)", () => {
  for (const vector of vectors) {
    const given = Object.keys(vector.given);
    const reason = given.map((name) => notYet[name]).find((one) => one !== undefined);
    const title = `${vector.id}: ${JSON.stringify(vector.given).slice(0, 90)}`;
    const check = given.map((name) => checks[name]).find((one) => one !== undefined);
    if (check === undefined && reason !== undefined)
      it.skip(`${title}: ${reason}`, () => undefined);
    else
      it(title, () => {
        if (check === undefined) expect.fail("nothing here knows this kind of vector.");
        check(vector);
      });
  }
});

it.skipIf(vectors.length > 0)(
  "has no shared vectors at hand: they are not part of this project",
  () => {
    expect(vectors).toEqual([]);
  },
);

function checkBackoff({ given, expect: wanted }: Vector): void {
  const jitters: Readonly<Record<string, Backoff["jitter"]>> = {
    none: "none",
    "full jitter": "full",
    "equal jitter": "equal",
    decorrelated: "decorrelated",
  };
  const jitter = jitters[given.backoff] ?? expect.fail(`back-off ${given.backoff} is not known`);
  const rule = { backoffMax: given.cap * 1000, growth: "exponential", jitter } as const;
  const stream = new RandomStreams(new Arena(), 1).stream("jitter");
  const waits = given.waits ?? wanted.wait_ranges.length;
  const rounds = Array.from({ length: 20_000 }, () => {
    let waitedNs = 0;
    return Array.from({ length: waits }, (_, i) => {
      waitedNs = backoffNs(rule, { firstMs: given.base * 1000, attempt: i + 1, waitedNs }, stream);
      return waitedNs / nsPerS;
    });
  });
  const totals = rounds.map((round) => round.reduce((sum, wait) => sum + wait, 0));
  const [least, most] = [Math.min(...totals), Math.max(...totals)];
  const mean = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  if ("mean_total" in wanted) expect(Math.abs(mean - wanted.mean_total)).toBeLessThan(0.01);
  if ("total" in wanted) expect(mean).toBeCloseTo(wanted.total, 6);
  if ("max_total" in wanted) expect(most).toBeLessThanOrEqual(wanted.max_total + 1e-9);
  if ("min_total" in wanted) expect(least).toBeGreaterThanOrEqual(wanted.min_total - 1e-9);
  for (const [i, [low, high]] of (wanted.wait_ranges ?? []).entries()) {
    const seen = rounds.map((round) => round[i]!);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(low - 1e-9);
    expect(Math.max(...seen)).toBeLessThanOrEqual(high + 1e-9);
    if (high > low) expect(Math.max(...seen)).toBeGreaterThan(low + 0.8 * (high - low));
  }
}

/** A chain of services that all try again; the last one always fails. */
function checkLayers({ given, expect: wanted }: Vector): void {
  const layers: number = given.layers;
  const ids = Array.from({ length: layers + 1 }, (_, i) => `s${i}`);
  const instant = { distribution: "constant", value: 0 } as const;
  const report = reportOf(
    sketch({
      duration: 60_000,
      sourcesStopAt: 1500,
      nodes: [
        { id: "client", kind: "producer", parameters: { arrivals: "constant", rate: 1 } },
        ...ids.map((id, i) =>
          worker(id, { serviceTime: instant, errorRate: i === layers ? 1 : 0 }),
        ),
      ],
      connections: ["client", ...ids.slice(0, -1)].map((from, i) => ({
        id: `call-${i}`,
        kind: "call",
        from,
        to: ids[i]!,
        contract: "request",
        parameters: { attempts: i === 0 ? 1 : given.tries_each, backoff: 1, timeout: 1e9 },
      })),
    }),
  );
  const bottom = report.calls.find(({ to }) => to === `s${layers}`);
  expect(bottom?.attempts).toBe(wanted.calls_at_bottom);
}

function breakerOf(parameters: Parameters): CircuitBreaker {
  const values = valuesOf(breakerFields, { circuitBreaker: true, ...parameters });
  return new CircuitBreaker(new Arena(), "breaker", values);
}

/** Feeds calls that succeed (S) or fail (F), a millisecond apart; returns the time after the last [ns]. */
function feed(breaker: CircuitBreaker, calls: string, fromNs: number): number {
  let nowNs = fromNs;
  const admitted: number[] = [];
  for (const call of calls) {
    if (breaker.admits(nowNs)) admitted.push(call === "F" ? 1 : 0);
    nowNs += 1e6;
  }
  const era = breaker.era();
  for (const failed of admitted) breaker.ended(era, failed === 1, nowNs, 1000);
  return nowNs;
}

function checkBreaker({ given, expect: wanted }: Vector): void {
  const { window = 100, min = 100, threshold = 50 } = given.breaker;
  const breaker = breakerOf({
    slidingWindowSize: window,
    minimumNumberOfCalls: min,
    failureRateThreshold: threshold / 100,
    permittedNumberOfCallsInHalfOpenState: given.breaker.half_open_calls ?? 10,
  });
  if ("calls" in given) feed(breaker, given.calls, 0);
  if ("probes" in given) {
    const openedNs = feed(breaker, "F".repeat(min), 0);
    expect(breaker.state()).toBe("open");
    expect(breaker.admits(openedNs)).toBe(false);
    feed(breaker, given.probes, openedNs + 60 * nsPerS);
  }
  expect(breaker.state()).toBe(wanted.state);
}

function checkLeakyBucket({ given, expect: wanted }: Vector): void {
  const { q, r } = given.leaky_bucket;
  const waits = askAtOnce("leaky bucket", { burst: q, limitForPeriod: r }, given.requests_at_0);
  const passed = waits.filter((wait) => wait !== REFUSED);
  expect(waits.length - passed.length).toBe(wanted.rejected);
  expect(Math.max(...passed) / nsPerS).toBeCloseTo(wanted.last_output_at, 9);
}

function checkTokenBucket({ given, expect: wanted }: Vector): void {
  const { b, r } = given.token_bucket;
  const limit = limitOf("token bucket", { burst: b, limitForPeriod: r });
  const ask = (times: number, atS: number): number =>
    Array.from({ length: times }, () => limit.waitNs(atS * nsPerS)).filter((wait) => wait === 0)
      .length;
  const first = ask(given.requests_at_0, 0);
  if ("passed" in wanted) expect(first).toBe(wanted.passed);
  if ("rejected" in wanted) expect(given.requests_at_0 - first).toBe(wanted.rejected);
  if ("passed_at_1" in wanted) expect(ask(100, 1)).toBe(wanted.passed_at_1);
}

function limitOf(kind: string, parameters: Parameters): RateLimit {
  const values = valuesOf(callFields, { rateLimiter: kind, ...parameters });
  return new RateLimit(new Arena(), "limit", values);
}

function askAtOnce(kind: string, parameters: Parameters, times: number): number[] {
  const limit = limitOf(kind, parameters);
  return Array.from({ length: times }, () => limit.waitNs(0));
}

/** A saga of n commands of which one is refused; each has a command that takes it back. */
function checkSaga({ given, expect: wanted }: Vector): void {
  const numbers = Array.from({ length: given.saga_steps as number }, (_, i) => i + 1);
  const names = numbers.flatMap((i) => [`T${i}`, `C${i}`]);
  const saga: Node = {
    id: "saga",
    kind: "service",
    handlers: [{ steps: numbers.map((i) => ({ do: "call", over: `T${i}`, undo: `C${i}` })) }],
  };
  const party: Node = {
    id: "party",
    kind: "service",
    handlers: [
      { on: [`T${given.fails_at}`], steps: [{ do: "work", refusalRate: 1 }] },
      { steps: [{ do: "work" }] },
    ],
  };
  const calls = names.map((id): Connection => ({
    id,
    kind: "call",
    from: "saga",
    to: "party",
    contract: id,
  }));
  const begin = directCall("once", "saga");
  const happened: string[] = [];
  const once = source("once", 1, { arrivals: "constant" });
  const scenario = sketch({
    sourcesStopAt: 1500,
    nodes: [once, saga, party],
    connections: [begin, ...calls],
  });
  finish(scenario, {
    onEvent: ({ event, contract = "", reason }) => {
      if (event === "answered" && reason === undefined) happened.push(contract);
    },
  });
  expect(happened.filter((name) => name.startsWith("T"))).toEqual(wanted.executed);
  expect(happened.filter((name) => name.startsWith("C"))).toEqual(wanted.compensated);
}

/** Services in a row that all must be there: the share of requests that come through. */
function checkChain({ given, expect: wanted }: Vector): void {
  const shares: readonly number[] = given.chain;
  const instant = { distribution: "constant", value: 0 } as const;
  const ids = shares.map((_, i) => `s${i}`);
  const services = shares.map((share, i) =>
    worker(ids[i]!, { serviceTime: instant, errorRate: 1 - share }),
  );
  const { calls } = reportOf(
    sketch({
      duration: 60_000,
      nodes: [source("clients", 1000), ...services],
      connections: ids.map((id, i) => directCall(ids[i - 1] ?? "clients", id)),
    }),
  );
  const { succeeded, calls: asked } = calls[0]!;
  const expected = wanted.availability as number;
  const spread = Math.sqrt((expected * (1 - expected)) / asked);
  expect(Math.abs(succeeded / asked - expected)).toBeLessThan(3.3 * spread);
}

function checkInbox({ given, expect: wanted }: Vector): void {
  const idempotencyWindow = given.idempotency_window_s * 1000;
  let nowNs = 0;
  const context = {
    arena: new Arena(),
    now: () => nowNs,
    idOf: () => 7,
    contractOf: () => 0,
    subjectOf: () => 0,
  };
  const values = { idempotent: true, idempotencyWindow, idempotencyBy: "message" } as const;
  const inbox = new Inbox("inbox", values, 1, context);
  const applied = (given.same_id_at as number[]).map((atS) => {
    nowNs = atS * nsPerS;
    const isNew = inbox.outcomeOf(3) === 0;
    if (isNew) inbox.remember(3, outcome.done);
    return isNew;
  });
  expect(applied).toEqual(wanted.applied);
}

/** More comes than is served: what waits after a time, and how long the last of them will. */
function checkOverload({ given, expect: wanted }: Vector): void {
  const { lambda, mu, t } = given;
  const scenario = sketch({
    duration: t * 1000,
    nodes: [
      { id: "client", kind: "producer", parameters: { arrivals: "constant", rate: lambda } },
      worker("server", { serviceTime: { distribution: "constant", value: 1000 / mu } }),
    ],
    connections: [
      {
        id: "call",
        kind: "call",
        from: "client",
        to: "server",
        contract: "request",
        parameters: { timeout: 1e9, latency: { distribution: "constant", value: 0 } },
      },
    ],
  });
  const run = open(scenario);
  run.advance({ untilNs: t * nsPerS, maxEvents: Infinity });
  const inside = stateOf(scenario, run.frame(0), run.report(0)).nodes.find(
    ({ id }) => id === "server",
  )?.queued;
  // One is being served; arrivals and services of the same instant may fall either way.
  expect(Math.abs(inside! - wanted.queue)).toBeLessThanOrEqual(2);
  expect(inside! / mu).toBeCloseTo(wanted.wait_s, 1);
}

/** A backlog that grew while the workers were down, and arrivals that are slower than the workers together. */
function checkDrain({ given, expect: wanted }: Vector): void {
  const { backlog, pods, rate, arrivals } = given;
  const downS = backlog / arrivals;
  const scenario = sketch({
    duration: (downS + 2 * wanted.drain_s) * 1000,
    nodes: [
      { id: "client", kind: "producer", parameters: { arrivals: "constant", rate: arrivals } },
      { id: "broker", kind: "broker", technology: "rabbitmq" },
      worker("server", {
        concurrency: pods,
        serviceTime: { distribution: "constant", value: 1000 / rate },
      }),
    ],
    channels: [{ id: "queue", broker: "broker", kind: "queue" }],
    connections: [
      { id: "publish", kind: "publish", from: "client", to: "queue", contract: "job" },
      {
        id: "consume",
        kind: "consume",
        from: "queue",
        to: "server",
        parameters: { prefetch_count: 10 },
      },
    ],
    timeline: [{ act: "crash", at: 0, target: "server", duration: downS * 1000 }],
  });
  const run = open(scenario);
  const waitingAfter = (sinceS: number): number => {
    run.advance({ untilNs: Math.round((downS + sinceS) * nsPerS), maxEvents: Infinity });
    return stateOf(scenario, run.frame(0), run.report(0)).channels[0]!.waiting;
  };
  // What the workers hold in advance does not wait.
  const held = backlog / 100;
  expect(Math.abs(waitingAfter(0) - backlog)).toBeLessThan(held);
  expect(Math.abs(waitingAfter(0.9 * wanted.drain_s) - backlog / 10)).toBeLessThan(held);
  expect(waitingAfter(1.01 * wanted.drain_s)).toBe(0);
}

/** An instance crashes just after a check; the next checks in a row find it out, and it is restarted. */
function checkLiveness({ given, expect: wanted }: Vector): void {
  const { period, failureThreshold } = given.liveness;
  const crashS = 2 * period;
  const scenario = sketch({
    duration: 10 * wanted.detected_after_s * 1000,
    nodes: [
      worker("server", {
        instances: 1,
        healthChecks: "liveness",
        checkPeriod: period * 1000,
        failureThreshold,
      }),
    ],
    connections: [],
    timeline: [{ act: "crash", at: crashS * 1000 + 1, target: "server", member: 0 }],
  });
  const run = open(scenario);
  const isUpAfter = (sinceS: number): boolean => {
    run.advance({ untilNs: Math.round((crashS + sinceS) * nsPerS), maxEvents: Infinity });
    return run.frame(0).clusters["server"]![0]!.up;
  };
  expect(isUpAfter(wanted.detected_after_s - 0.1)).toBe(false);
  expect(isUpAfter(wanted.detected_after_s + 0.1)).toBe(true);
}

/** So many dead letters of a queue go back at a rate. */
function checkRedrive({ given, expect: wanted }: Vector): void {
  const { dlq, redrive_per_s: perS } = given;
  const atMs = 20_000;
  const scenario = sketch({
    duration: atMs + 2 * wanted.duration_s * 1000,
    sourcesStopAt: 10_000 * (1 + 1 / (2 * dlq)),
    nodes: [
      source("clients", dlq / 10, { arrivals: "constant" }),
      { id: "broker", kind: "broker", technology: "rabbitmq" },
      worker("shop", { serviceTime: { distribution: "constant", value: 1 }, poison: 1 }),
    ],
    channels: [
      {
        id: "orders",
        broker: "broker",
        kind: "queue",
        parameters: { "x-dead-letter-exchange": "dead" },
      },
      { id: "dead", broker: "broker", kind: "queue" },
    ],
    connections: [
      { id: "place", kind: "publish", from: "clients", to: "orders", contract: "order" },
      {
        id: "take",
        kind: "consume",
        from: "orders",
        to: "shop",
        parameters: { on_failure: "reject" },
      },
    ],
    timeline: [
      { at: atMs - 1000, act: "set", target: "shop", parameter: "poison", value: 0 },
      { at: atMs, act: "redrive", target: "dead", rate: perS },
    ],
  });
  const report = reportOf(scenario);
  expect(report.bridges[0]!.handled).toBe(dlq);
  const through = report.notes.find(({ sentence }) => sentence.endsWith("is through."));
  expect(through!.t - atMs / 1000).toBeCloseTo(wanted.duration_s, 1);
}
