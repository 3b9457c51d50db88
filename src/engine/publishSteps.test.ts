// Publish steps that make more of one event than the same at once: copies, delays, keys of their own.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import type { MessageEvent } from "../model/events.ts";
import type { Scenario } from "../model/scenario.ts";
import { finish, open, sketch, source, worker } from "./sketch.suite.ts";

const constant = (value: number) => ({ distribution: "constant", value }) as const;

/** Orders come as requests, one each second; a shop tells of each. */
function shop(tell: Parameters, service: Parameters = {}, timeline = noTimeline): Scenario {
  return sketch({
    duration: 10_500,
    nodes: [
      source("clients", 1, { arrivals: "constant", keyName: "order" }),
      worker("shop", { serviceTime: constant(10), ...service }),
      { id: "rabbit", kind: "broker", technology: "rabbitmq" },
      worker("audit", { serviceTime: constant(1) }),
    ],
    channels: [{ id: "told", broker: "rabbit", kind: "queue" }],
    connections: [
      { id: "ask", kind: "call", from: "clients", to: "shop", contract: "order" },
      {
        id: "tell",
        kind: "publish",
        from: "shop",
        to: "told",
        contract: "ordered",
        parameters: tell,
      },
      { id: "hear", kind: "consume", from: "told", to: "audit" },
    ],
    timeline,
  });
}

const noTimeline: Scenario["timeline"] = [];
const crash: Scenario["timeline"] = [{ at: 4500, act: "crash", target: "shop", duration: 100 }];

function logOf(scenario: Scenario): readonly MessageEvent[] {
  const log: MessageEvent[] = [];
  finish(scenario, { onEvent: (event) => void log.push(event) });
  return log;
}

function keysTold(scenario: Scenario): readonly (string | undefined)[] {
  return logOf(scenario)
    .filter(({ event, contract }) => event === "published" && contract === "ordered")
    .map(({ key }) => key);
}

/** Events of the shop that left, and why others did not. */
function toldBy(scenario: Scenario) {
  const own = logOf(scenario).filter(({ contract }) => contract === "ordered");
  const lost = own.flatMap(({ event, reason }) => (event === "refused" ? [reason] : []));
  return { left: own.filter(({ event }) => event === "published").length, lost };
}

describe("copies", () => {
  test("leave at once, each under its number or a new key, and the step waits for all", () => {
    const byCopy = keysTold(shop({ copies: 3, keyBy: "copy", ownKeyName: "region" }));
    expect(byCopy).toHaveLength(30);
    expect(byCopy.slice(0, 4)).toEqual(["region-0", "region-1", "region-2", "region-0"]);
    const fresh = keysTold(shop({ copies: 3, keyBy: "fresh", ownKeyName: "line" }));
    expect(new Set(fresh).size).toBe(30);
    expect(fresh[0]).toBe("line-new-1");
    expect(keysTold(shop({ copies: 2 })).slice(0, 3)).toEqual(["order-0", "order-0", "order-1"]);
  });

  test("are as many as drawn", () => {
    const copies = { distribution: "uniform", min: 0, max: 4 } as const;
    const { left } = toldBy(shop({ copies }));
    expect(left).toBeGreaterThan(10);
    expect(left).toBeLessThan(40);
  });

  test("are all sent again when one of them fails", () => {
    // The queue holds two: the third copy of each order is refused until somebody takes one.
    const full = shop({ copies: 3 }, { attempts: 2, backoff: 5000, jitter: "none" });
    const channels = full.channels.map((one) => ({
      ...one,
      parameters: { "x-max-length": 2, "x-overflow": "reject-publish" },
    }));
    const down: Scenario["timeline"] = [{ at: 500, act: "crash", target: "audit", duration: 3000 }];
    const log = logOf({ ...full, channels, timeline: down });
    const first = log.find(({ event, contract }) => event === "refused" && contract === "ordered");
    expect(first?.t).toBeCloseTo(1.012, 2);
    expect(
      log.filter(({ event, contract }) => event === "retried" && contract === "order")[0]?.t,
    ).toBeCloseTo(first!.t, 2);
  });
});

describe("a delay", () => {
  test("lets the event leave later than the handler ends, and counts as such", () => {
    const log = logOf(shop({ publishDelay: constant(2500) }));
    const handled = log.filter(({ event, consumer }) => event === "handled" && consumer === "shop");
    const told = log.filter(
      ({ event, contract }) => event === "published" && contract === "ordered",
    );
    expect(handled).toHaveLength(10);
    expect(told).toHaveLength(7);
    expect(told[0]!.t - handled[0]!.t).toBeCloseTo(2.5, 6);
    const { subscriptions } = finish(shop({ publishDelay: constant(2500) })).report(0);
    expect(subscriptions[0]!.latency.max).toBeLessThan(100);
  });

  test("ends with a crash, unless the event stands in an outbox", () => {
    const late = { publishDelay: constant(2500) };
    // Of the orders of seconds 2, 3 and 4; that of second 1 has left.
    expect(toldBy(shop(late, {}, crash))).toEqual({ left: 4, lost: ["crash", "crash", "crash"] });
    const polling = { outbox: "polling", outboxInterval: 100 };
    expect(toldBy(shop(late, polling, crash))).toEqual({ left: 7, lost: [] });
    expect(toldBy(shop(late, { outbox: "log" }, crash))).toEqual({ left: 7, lost: [] });
  });

  test("waits while the service stands still", () => {
    const pause: Scenario["timeline"] = [
      { at: 3000, act: "pause", target: "shop", duration: 3000 },
    ];
    const told = logOf(shop({ publishDelay: constant(2500) }, {}, pause)).filter(
      ({ event, contract }) => event === "published" && contract === "ordered",
    );
    expect(told[0]!.t).toBeCloseTo(6, 6);
  });
});

test("what has not left yet is part of what a run goes back to", () => {
  const run = open(
    shop({ publishDelay: { distribution: "exponential", mean: 2000 }, copies: 2, keyBy: "fresh" }),
  );
  run.advance({ untilNs: 5e9, maxEvents: Infinity });
  const hash = run.stateHash();
  run.advance({ untilNs: 9e9, maxEvents: Infinity });
  const later = run.stateHash();
  run.seek(5e9);
  expect(run.stateHash()).toBe(hash);
  run.advance({ untilNs: 9e9, maxEvents: Infinity });
  expect(run.stateHash()).toBe(later);
});
