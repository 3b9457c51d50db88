// Redrives in runs: what lies in a dead-letter channel goes back at a rate, to where it came from, and the books balance.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { TechnologyId } from "../brokers/index.ts";
import { redriveProblem } from "../model/redrives.ts";
import type { MessageEvent } from "../model/events.ts";
import type { Report } from "../model/report.ts";
import type { Channel, Connection, Scenario } from "../model/scenario.ts";
import type { RedriveEntry } from "../model/timeline.ts";
import { finish, open, sketch, source, worker } from "./sketch.suite.ts";

const redrive: RedriveEntry = { at: 20_000, act: "redrive", target: "dead", rate: 20 };
const mended = {
  at: 19_000,
  act: "set",
  target: "shop",
  parameter: "poison",
  value: 0,
} as const;

interface Drawn {
  readonly kind?: string;
  /** Parameters of the queue and of the subscription. */
  readonly queue?: Parameters;
  readonly consume?: Parameters;
  /** Whether the service itself puts aside what it gives up. */
  readonly setsAside?: boolean;
}

/** 60 orders, all poison until they are mended; then redriven. */
function drawn(technology: TechnologyId, about: Drawn, timeline: Scenario["timeline"]): Scenario {
  const { kind = "queue", queue = {}, consume = {}, setsAside = false } = about;
  const channel = (id: string, parameters: Parameters): Channel => ({
    id,
    broker: "broker",
    kind,
    parameters,
  });
  const aside: Connection = {
    id: "aside",
    kind: "publish",
    from: "shop",
    to: "dead",
    contract: "order",
    on: "failure",
  };
  return sketch({
    duration: 60_000,
    sourcesStopAt: 6050,
    nodes: [
      source("clients", 10, { arrivals: "constant" }),
      { id: "broker", kind: "broker", technology },
      worker("shop", {
        serviceTime: { distribution: "constant", value: 5 },
        poison: 1,
        attempts: setsAside ? 3 : 1,
        backoff: 10,
      }),
    ],
    channels: [channel("orders", queue), channel("dead", {})],
    connections: [
      { id: "place", kind: "publish", from: "clients", to: "orders", contract: "order" },
      { id: "take", kind: "consume", from: "orders", to: "shop", parameters: consume },
      ...(setsAside ? [aside] : []),
    ],
    timeline,
  });
}

const ways: readonly (readonly [TechnologyId, string, Drawn])[] = [
  [
    "rabbitmq",
    "queue by queue",
    { queue: { "x-dead-letter-exchange": "dead" }, consume: { on_failure: "reject" } },
  ],
  ["rabbitmq", "set aside", { setsAside: true }],
  [
    "sqs",
    "by its redrive policy",
    { queue: { deadLetterTargetArn: "dead", maxReceiveCount: 1, VisibilityTimeout: 1000 } },
  ],
  ["kafka", "set aside", { kind: "topic", setsAside: true }],
  ["pulsar", "set aside", { kind: "topic", setsAside: true }],
  ["redis-streams", "set aside", { kind: "stream", setsAside: true }],
  ["event-hubs", "set aside", { kind: "hub", setsAside: true }],
  ["nats", "set aside", { kind: "stream", setsAside: true }],
];

function shopOf(report: Report) {
  return report.nodes.find(({ id }) => id === "shop")!;
}

describe.each(ways)("a redrive with %s, %s", (technology, _, about) => {
  it("brings every dead letter back to where it came from, once, at its rate", () => {
    const run = finish(drawn(technology, about, [mended, redrive]));
    const report = run.report(0);
    expect(report.conservation.violations).toEqual([]);
    expect(report.bridges).toHaveLength(1);
    expect(report.bridges[0]).toMatchObject({ handled: 60, published: 60, failed: {} });
    expect(shopOf(report).handled).toBe(60);
    const through = report.notes.find(({ sentence }) => sentence.endsWith("is through."));
    // 60 at 20/s; the first may first have to be fetched.
    expect(through!.t).toBeGreaterThanOrEqual(23);
    expect(through!.t).toBeLessThan(28);
  });

  it("does nothing before it is set off", () => {
    const [without, before] = [[mended], [mended, { ...redrive, at: 59_000 }]].map((timeline) => {
      const run = open(drawn(technology, about, timeline));
      run.advance({ untilNs: 58e9, maxEvents: Infinity });
      return run.report(0);
    });
    expect(shopOf(before!)).toEqual(shopOf(without!));
    expect(before!.events).toBe(without!.events);
  });
});

describe("a redrive", () => {
  const about: Drawn = {
    queue: { "x-dead-letter-exchange": "dead" },
    consume: { on_failure: "reject" },
  };

  it("brings back no more than it is told", () => {
    const report = finish(drawn("rabbitmq", about, [mended, { ...redrive, count: 7 }])).report(0);
    expect(report.bridges[0]!.published).toBe(7);
    expect(shopOf(report).handled).toBe(7);
    const dead = report.channels.find(({ id }) => id === "dead")!;
    expect(dead).toMatchObject({ backlog: 53, inFlight: 0 });
  });

  it("leaves what still fails among the dead letters, after all its attempts", () => {
    const third = { ...mended, value: 0.3 };
    const scenario = drawn("rabbitmq", { setsAside: true }, [third, redrive]);
    const retried: number[] = [];
    const report = finish(scenario, {
      onEvent: ({ event, t, consumer }) => {
        if (event === "retried" && consumer === "shop" && t > 20) retried.push(t);
      },
    }).report(0);
    const back = 60 - shopOf(report).handled;
    expect(back).toBeGreaterThan(5);
    expect(back).toBeLessThan(35);
    expect(report.channels.find(({ id }) => id === "dead")!.backlog).toBe(back);
    expect(report.bridges[0]!.published).toBe(60);
    // Two retries each, after a first attempt: three attempts for nothing.
    expect(retried).toHaveLength(2 * back);
  });

  it("makes each message the consequence of its dead letter, with its key and of its kind", () => {
    const records: MessageEvent[] = [];
    const scenario = drawn("kafka", { kind: "topic", setsAside: true }, [mended, redrive]);
    finish(scenario, { onEvent: (record) => records.push(record) });
    const into = (where: string): readonly MessageEvent[] =>
      records.filter(({ event, channel }) => event === "published" && channel === where);
    const dead = new Set(into("dead").map(({ message }) => message));
    const again = into("orders").slice(60);
    expect(again).toHaveLength(60);
    expect(again.every(({ cause }) => dead.has(cause!))).toBe(true);
    expect(again.every(({ contract }) => contract === "order")).toBe(true);
  });

  it("may be told where to, and has to be where nobody knows", () => {
    const scenario = drawn("rabbitmq", {}, []);
    const aside = { ...redrive, target: "dead" };
    const into = { ...aside, to: "orders" };
    expect(redriveProblem(scenario, aside)).toMatchObject({ code: "timeline/redrive" });
    const fed: Connection = {
      id: "x",
      kind: "publish",
      from: "clients",
      to: "dead",
      contract: "order",
    };
    const drawnIn = { ...scenario, connections: [...scenario.connections, fed] };
    expect(redriveProblem(drawnIn, aside)?.message).toContain("Say with");
    expect(redriveProblem(drawnIn, into)).toBeUndefined();
    expect(redriveProblem(drawnIn, { ...into, to: "dead" })).toMatchObject({ field: "to" });
  });
});
