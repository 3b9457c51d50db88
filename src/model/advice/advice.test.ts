// What we advise whatever the technology makes runs better, and is not said where it does not hold.

import { expect, test } from "vitest";
import { reportOf, sketch, source, worker } from "../../engine/sketch.suite.ts";
import type { Parameters } from "../../base/fields.ts";
import { checkScenario } from "../check.ts";
import { parseScenario } from "../parse.ts";
import type { Report } from "../report.ts";
import { randomScenario } from "../scenario.suite.ts";
import type { CallConnection, Contract, Objective, Scenario } from "../scenario.ts";
import type { TimelineEntry } from "../timeline.ts";
import { schemaChange } from "../../scenarios/schemaChange.ts";
import { isPending } from "./advice.ts";
import { adviceHolds, callIn, lasting, nodeIn, pipe, subscriptionIn } from "./adviceHolds.suite.ts";
import { hintsOn, writtenAdviceOn } from "./index.ts";

const rabbit = { technology: "rabbitmq", kind: "queue", consume: { prefetch_count: 1 } } as const;

function call(from: string, to: string, parameters: Parameters = {}): CallConnection {
  const latency = lasting(1);
  return {
    id: `${from}-${to}`,
    kind: "call",
    from,
    to,
    contract: "request",
    parameters: { latency, ...parameters },
  };
}

const slowBack = [20_000, 30_000].map((at, i): TimelineEntry => ({
  at,
  act: "set",
  target: "back",
  parameter: "serviceTime",
  value: lasting(i === 0 ? 5000 : 10),
}));

/** Client → front → back. */
function chain(about: {
  readonly client?: Parameters;
  readonly outer?: Parameters;
  readonly inner?: Parameters;
  readonly front?: Parameters;
  readonly back?: Parameters;
  readonly timeline?: Scenario["timeline"];
}): Scenario {
  return sketch({
    nodes: [
      source("client", 20, about.client),
      worker("front", { serviceTime: lasting(2), concurrency: 10, ...about.front }),
      worker("back", { serviceTime: lasting(10), concurrency: 2, ...about.back }),
    ],
    connections: [call("client", "front", about.outer), call("front", "back", about.inner)],
    timeline: about.timeline ?? [],
  });
}

/** Client → service. */
function direct(parameters: Parameters, service: Parameters, client: Parameters = {}): Scenario {
  return sketch({
    nodes: [source("client", 20, client), worker("service", service)],
    connections: [call("client", "service", parameters)],
    timeline: [{ at: 20_000, act: "crash", target: "service", duration: 10_000 }],
  });
}

function asking(scenario: Scenario, objective: Omit<Objective, "id">): Scenario {
  return { ...scenario, objectives: [{ id: "goal", ...objective }] };
}

const failedOf = (report: Report, id: string): number =>
  Object.values(callIn(report, id).failed).reduce((sum, count) => sum + count, 0);

/** A crowd of clients that fail together: 60 of them ask at the same instant, every ten seconds. */
const crowd = {
  arrivals: "constant",
  rate: 0.1,
  batch: lasting(60),
} as const;

const steady = (mean: number) => ({ serviceTime: { distribution: "exponential", mean } }) as const;

const queued = (duration: number, mean: number): Scenario =>
  asking(
    { ...pipe({ ...rabbit, source: { rate: 10 }, service: steady(mean), duration }) },
    { of: "consume", measure: "latency.mean", is: "at most", value: 2000 },
  );

/** Two channels, of which the wrong one is consumed. */
const crossed = (consumed: string): Scenario =>
  sketch({
    nodes: [
      source("shop", 10),
      { id: "broker", kind: "broker", technology: "rabbitmq" },
      worker("billing", { serviceTime: lasting(5) }),
    ],
    channels: [
      { id: "orders", broker: "broker", kind: "queue" },
      { id: "order", broker: "broker", kind: "queue" },
    ],
    connections: [
      { id: "place", kind: "publish", from: "shop", to: "orders", contract: "order-placed" },
      { id: "take", kind: "consume", from: consumed, to: "billing" },
    ],
  });

const unwanted: Scenario = {
  ...crossed("orders"),
  connections: [
    ...crossed("orders").connections,
    { id: "gossip", kind: "publish", from: "shop", to: "order", contract: "gossip" },
  ],
  contracts: ["order-placed", "gossip"].map((id): Contract => ({
    id,
    name: id,
    contractVersion: "1.0.0",
    schema: { type: "object" },
  })),
};

adviceHolds([
  {
    code: "advice/no-capacity",
    risky: pipe({ ...rabbit, service: { serviceTime: lasting(150) } }),
    sound: pipe({ ...rabbit, service: { serviceTime: lasting(50) } }),
    figure: "the backlog shrinks",
    measure: (report) => subscriptionIn(report, "consume").lagMessages,
    to: { fallTo: 0.1 },
  },
  {
    code: "advice/no-idempotency",
    risky: pipe({
      technology: "kafka",
      kind: "topic",
      consume: { commit: "auto", "session.timeout.ms": 6000 },
      writes: true,
      service: { serviceTime: lasting(5) },
      timeline: [{ at: 23_000, act: "crash", target: "service", duration: 1000 }],
    }),
    sound: pipe({
      technology: "kafka",
      kind: "topic",
      writes: true,
      service: { idempotent: true },
    }),
    figure: "fewer writes are done twice",
    measure: (report) => nodeIn(report, "store").writes - nodeIn(report, "store").entities,
    to: { fallTo: 0 },
  },
  {
    code: "advice/timeout-below-work",
    risky: direct({ timeout: 30 }, { serviceTime: { distribution: "exponential", mean: 40 } }),
    sound: direct({ timeout: 500 }, { serviceTime: { distribution: "exponential", mean: 40 } }),
    figure: "fewer requests fail",
    measure: (report) => failedOf(report, "client-service"),
    to: { fallTo: 0.7 },
  },
  {
    code: "advice/nested-timeouts",
    risky: chain({ inner: { timeout: 3000 }, front: { concurrency: 100 }, timeline: slowBack }),
    sound: chain({ inner: { timeout: 400 }, timeline: slowBack }),
    figure: "workers wait less for what nobody wants any more",
    measure: (report) => nodeIn(report, "front").utilisation,
    to: { fallTo: 0.8 },
  },
  {
    code: "advice/retry-amplification",
    risky: chain({
      outer: { attempts: 4, timeout: 4000 },
      inner: { attempts: 4, timeout: 200 },
      back: { errorRate: 0.6 },
    }),
    sound: chain({
      outer: { timeout: 4000 },
      inner: { attempts: 4, timeout: 200 },
      back: { errorRate: 0.6 },
    }),
    figure: "the last service is called less often",
    measure: (report) => callIn(report, "front-back").attempts,
    to: { fallTo: 0.9 },
  },
  {
    code: "advice/retry-without-limit",
    risky: direct({ attempts: 50, timeout: 200 }, { serviceTime: lasting(10), concurrency: 4 }),
    sound: direct({ attempts: 4, timeout: 200 }, { serviceTime: lasting(10), concurrency: 4 }),
    figure: "fewer attempts during the outage",
    measure: (report) => callIn(report, "client-service").attempts,
    to: { fallTo: 0.9 },
  },
  {
    code: "advice/retry-without-jitter",
    risky: direct(
      { attempts: 4, timeout: 500, jitter: "none", backoff: 500 },
      { serviceTime: lasting(50), concurrency: 2, mailbox: 8 },
      crowd,
    ),
    sound: direct(
      { attempts: 4, timeout: 500, backoff: 500 },
      { serviceTime: lasting(50), concurrency: 2, mailbox: 8 },
      crowd,
    ),
    figure: "a crowd that is turned away together succeeds more often",
    measure: (report) => callIn(report, "client-service").succeeded,
    to: { riseTo: 1.1 },
  },
  {
    code: "advice/retry-without-backoff",
    risky: direct(
      { attempts: 6, timeout: 500, growth: "fixed", backoff: 300 },
      { serviceTime: lasting(10), concurrency: 4 },
    ),
    sound: direct(
      { attempts: 6, timeout: 500, backoff: 300 },
      { serviceTime: lasting(10), concurrency: 4 },
    ),
    figure: "more requests outlast the outage",
    measure: (report) => failedOf(report, "client-service"),
    to: { fallTo: 0.9 },
  },
  {
    code: "advice/weak-chain",
    risky: asking(chain({ back: { errorRate: 0.05 } }), {
      of: "client-front",
      measure: "failed",
      is: "at most",
      value: 5,
    }),
    sound: asking(chain({ back: { errorRate: 0 } }), {
      of: "client-front",
      measure: "failed",
      is: "at most",
      value: 5,
    }),
    figure: "fewer requests fail",
    measure: (report) => failedOf(report, "client-front"),
    to: { fallTo: 0.2 },
  },
  {
    code: "advice/writers-before-readers",
    risky: schemaChange,
    sound: { ...schemaChange, timeline: [] },
    figure: "nobody fails to read",
    measure: (report) => report.versions.reduce((sum, { failed }) => sum + failed, 0),
    to: { fallTo: 0 },
  },
  {
    code: "advice/event-without-consumer",
    risky: unwanted,
    sound: crossed("orders"),
    figure: "nothing is kept that nobody takes",
    measure: ({ conservation }) => conservation.copies.waiting,
    to: { fallTo: 0.1 },
  },
  {
    code: "advice/event-without-publisher",
    risky: crossed("order"),
    sound: crossed("orders"),
    figure: "the consumer gets its events",
    measure: (report) => nodeIn(report, "billing").handled,
    to: { riseTo: 1 },
  },
  {
    code: "advice/no-warm-up",
    risky: queued(100_000, 92),
    sound: { ...queued(100_000, 92), load: { duration: 100_000, warmUp: 10_000 } },
    figure: "the share of busy time comes nearer to that of the steady state, 92 %",
    measure: (report) => Math.abs(nodeIn(report, "service").utilisation - 0.92),
    to: { fallTo: 1 },
  },
  {
    code: "advice/short-run",
    risky: queued(60_000, 60),
    sound: queued(1_000_000, 60),
    figure: "the interval becomes narrower",
    measure: (report) => {
      const { mean, meanCertainty } = subscriptionIn(report, "consume").latency;
      return (meanCertainty.halfWidth ?? 10 * mean!) / mean!;
    },
    to: { fallTo: 0.7 },
  },
  {
    code: "advice/unbounded-queue",
    risky: sketch({
      nodes: [source("client", 24), worker("service", { serviceTime: lasting(50) })],
      connections: [call("client", "service")],
    }),
    sound: sketch({
      nodes: [source("client", 10), worker("service", { serviceTime: lasting(50) })],
      connections: [call("client", "service")],
    }),
    figure: "more requests are answered in time",
    measure: (report) => callIn(report, "client-service").succeeded,
    to: { riseTo: 1.5 },
  },
]);

test("advice is pending until it is taken, or what it would change was changed by hand", () => {
  const risky = pipe({ ...rabbit, service: { serviceTime: lasting(150) } });
  const [advice] = hintsOn(risky);
  expect(isPending(advice!, risky, risky)).toBe(true);
  expect(isPending(advice!, risky, advice!.mend(risky))).toBe(false);
  const byHand = pipe({ ...rabbit, service: { serviceTime: lasting(150), concurrency: 2 } });
  expect(isPending(advice!, risky, byHand)).toBe(false);
  const elsewhere = pipe({ ...rabbit, service: { serviceTime: lasting(150), errorRate: 0.1 } });
  expect(isPending(advice!, risky, elsewhere)).toBe(true);
  expect(isPending(advice!, risky, { ...risky, nodes: risky.nodes.slice(0, 2) })).toBe(false);
});

test("advice on other parts stays what it was when some of it is taken", () => {
  const risky = pipe({ ...rabbit, writes: true, service: { serviceTime: lasting(150) } });
  const [workers, inbox] = hintsOn(risky);
  const taken = workers!.mend(risky);
  expect(isPending(inbox!, risky, taken)).toBe(true);
  expect(hintsOn(inbox!.mend(taken))).toEqual([]);
});

test("as data, advice carries the change as a patch", () => {
  const risky = pipe({ ...rabbit, service: { serviceTime: lasting(150) } });
  const written = writtenAdviceOn(risky, reportOf(risky));
  expect(written.map(({ code, basis }) => `${basis} ${code}`)).toEqual([
    "run advice/bottleneck",
    "document advice/no-capacity",
    "document rabbitmq/endless-queue",
  ]);
  expect(JSON.parse(JSON.stringify(written))).toEqual(written);
  expect(Object.keys(written[0]!.patch.nodes.elements)).toEqual(["service"]);
});

test("whatever the drawing, advice that is taken leaves it valid, and changes nothing twice", () => {
  let given = 0;
  for (let seed = 40; seed < 64; seed++) {
    const scenario = randomScenario(seed, 6);
    for (const advice of hintsOn(scenario)) {
      given++;
      const mended = advice.mend(scenario);
      const errors = checkScenario(mended).filter(({ severity }) => severity === "error");
      expect(
        errors.map(({ message }) => message),
        `seed ${seed}, ${advice.code}`,
      ).toEqual([]);
      expect(parseScenario(structuredClone(mended))).toEqual({ ok: true, value: mended });
      expect(advice.mend(mended)).toEqual(mended);
    }
  }
  expect(given).toBeGreaterThan(50);
});
