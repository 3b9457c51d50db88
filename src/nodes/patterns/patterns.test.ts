// Guards of calls and autoscaling, by their documented rules.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { valuesOf } from "../../base/fields.ts";
import { nsPerS } from "../../base/units.ts";
import { Arena } from "../../kernel/arena.ts";
import { RandomStreams } from "../../kernel/random.ts";
import { callFields } from "../connections.ts";
import { Autoscaler, autoscalingFields, growthLimit, workersForMetric } from "./autoscaling.ts";
import { CallGuard, refusals } from "./callGuard.ts";
import { CircuitBreaker } from "./circuitBreaker.ts";
import { RateLimit, REFUSED } from "./rateLimit.ts";

const valuesFor = (parameters: Parameters) => valuesOf(callFields, parameters);

const breakerWith = (parameters: Parameters): CircuitBreaker =>
  new CircuitBreaker(new Arena(), "b", valuesFor({ circuitBreaker: true, ...parameters }));

/** Makes calls that end at once; returns how many were let through. */
function call(breaker: CircuitBreaker, times: number, isFailure: boolean, atS: number): number {
  let admitted = 0;
  for (let i = 0; i < times; i++)
    if (breaker.admits(atS * nsPerS)) {
      admitted++;
      breaker.ended(breaker.era(), isFailure, atS * nsPerS, 1000);
    }
  return admitted;
}

describe("a circuit breaker", () => {
  test("judges nothing before the minimum number of calls, however many fail", () => {
    const breaker = breakerWith({ slidingWindowSize: 10, minimumNumberOfCalls: 10 });
    call(breaker, 9, true, 0);
    expect(breaker.state()).toBe("closed");
    call(breaker, 1, true, 0);
    expect(breaker.state()).toBe("open");
  });

  test("opens at the threshold, not only above it", () => {
    const breaker = breakerWith({ slidingWindowSize: 10, minimumNumberOfCalls: 10 });
    call(breaker, 5, false, 0);
    call(breaker, 4, true, 0);
    expect(breaker.state()).toBe("closed");
    call(breaker, 1, true, 0);
    expect(breaker.state()).toBe("open");
  });

  test("forgets calls that have left the window", () => {
    const breaker = breakerWith({ slidingWindowSize: 10, minimumNumberOfCalls: 10 });
    call(breaker, 4, true, 0);
    call(breaker, 10, false, 0);
    call(breaker, 4, true, 0);
    expect(breaker.state()).toBe("closed");
  });

  test("counts the calls of the latest seconds where the window is one of time", () => {
    const about = {
      slidingWindowType: "TIME_BASED",
      slidingWindowSize: 5,
      minimumNumberOfCalls: 4,
    };
    const late = breakerWith(about);
    call(late, 3, true, 0);
    call(late, 1, true, 6);
    expect(late.state()).toBe("closed");
    const soon = breakerWith(about);
    call(soon, 3, true, 0);
    call(soon, 1, true, 4);
    expect(soon.state()).toBe("open");
  });

  test("lets nothing through while it is open, then so many probes, which decide", () => {
    for (const [failing, state] of [
      [4, "closed"],
      [5, "open"],
    ] as const) {
      const breaker = breakerWith({ slidingWindowSize: 10, minimumNumberOfCalls: 10 });
      call(breaker, 10, true, 0);
      expect(call(breaker, 1, false, 59)).toBe(0);
      expect(breaker.admits(60 * nsPerS)).toBe(true);
      expect(breaker.state()).toBe("half-open");
      for (let i = 0; i < 20; i++) breaker.admits(60 * nsPerS);
      const era = breaker.era();
      for (let i = 0; i < 10; i++) breaker.ended(era, i < failing, 61 * nsPerS, 1000);
      expect(breaker.state()).toBe(state);
    }
  });

  test("opens when too many calls are slow", () => {
    const breaker = breakerWith({
      slidingWindowSize: 4,
      minimumNumberOfCalls: 4,
      slowCallDurationThreshold: 100,
      slowCallRateThreshold: 0.5,
    });
    for (const tookMs of [200, 50, 50, 101]) breaker.ended(breaker.era(), false, 0, tookMs * 1e6);
    expect(breaker.state()).toBe("open");
  });

  test("calls that set out before it opened count no more", () => {
    const breaker = breakerWith({ slidingWindowSize: 2, minimumNumberOfCalls: 2 });
    const era = breaker.era();
    call(breaker, 2, true, 0);
    breaker.admits(60 * nsPerS);
    for (let i = 0; i < 10; i++) breaker.ended(era, false, 60 * nsPerS, 1000);
    expect(breaker.state()).toBe("half-open");
  });

  test("does nothing when it is switched off, and begins anew when it is switched on", () => {
    const breaker = breakerWith({ slidingWindowSize: 2, minimumNumberOfCalls: 2 });
    breaker.switch(false);
    expect(call(breaker, 50, true, 0)).toBe(50);
    breaker.switch(true);
    expect(breaker.state()).toBe("closed");
  });
});

describe("rate limits", () => {
  const limit = (parameters: Parameters): RateLimit =>
    new RateLimit(new Arena(), "l", valuesFor(parameters));
  const passed = (one: RateLimit, times: number, atS: number): number =>
    Array.from({ length: times }, () => one.waitNs(atS * nsPerS)).filter((wait) => wait === 0)
      .length;

  test("a token bucket lets a burst through and then the rate", () => {
    const one = limit({ rateLimiter: "token bucket", burst: 10, limitForPeriod: 5 });
    expect(passed(one, 15, 0)).toBe(10);
    expect(passed(one, 15, 1)).toBe(5);
    expect(passed(one, 50, 100)).toBe(10);
  });

  test("a leaky bucket lets one through after the other, evenly", () => {
    const one = limit({ rateLimiter: "leaky bucket", burst: 10, limitForPeriod: 5 });
    const waits = Array.from({ length: 15 }, () => one.waitNs(0));
    expect(waits.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => i * 0.2e9));
    expect(waits.slice(10).every((wait) => wait === REFUSED)).toBe(true);
  });

  test("a fixed window lets twice its limit through around a border", () => {
    const one = limit({ rateLimiter: "fixed window", limitForPeriod: 10 });
    expect(passed(one, 20, 0.9) + passed(one, 20, 1.1)).toBe(20);
    expect(passed(one, 20, 1.9)).toBe(0);
  });
});

test("a bulkhead lets so many in at the same time; the others are told why", () => {
  const guard = new CallGuard(new Arena(), "g", valuesFor({ maxConcurrentCalls: 2 }));
  expect([guard.enter(0), guard.enter(0)].map((code) => refusals[code])).toEqual(["", ""]);
  expect(refusals[guard.enter(0)]).toBe("bulkhead-full");
  guard.leave("abandoned", 0, 0, 0);
  expect(refusals[guard.enter(0)]).toBe("");
});

test("a retry budget of a tenth allows one retry after ten calls", () => {
  const { retries } = new CallGuard(new Arena(), "g", valuesFor({ retryBudget: 0.1 }));
  for (let i = 0; i < 9; i++) retries.deposit();
  expect(retries.withdraw()).toBe(false);
  retries.deposit();
  expect([retries.withdraw(), retries.withdraw()]).toEqual([true, false]);
});

describe("an autoscaler", () => {
  const scaler = (parameters: Parameters): Autoscaler =>
    new Autoscaler(
      new Arena(),
      "s",
      valuesOf(autoscalingFields, parameters),
      new RandomStreams(new Arena(), 1).stream("s"),
    );
  const reading = { nowNs: 0, workers: 1, backlog: 0, parallel: Infinity };

  test("changes nothing within a tenth of the target", () => {
    expect(workersForMetric(4, 110, 100)).toBe(4);
    expect(workersForMetric(4, 90, 100)).toBe(4);
    expect(workersForMetric(4, 111, 100)).toBe(5);
  });

  test("grows to twice as many or by four at once, whichever is more", () => {
    expect(growthLimit(1)).toBe(5);
    expect(growthLimit(10)).toBe(20);
    const one = scaler({ autoscaling: "backlog" });
    expect(one.look({ ...reading, workers: 2, backlog: 1000 })).toBe(6);
  });

  test("goes down only to the most that was wanted in five minutes", () => {
    const one = scaler({ autoscaling: "backlog" });
    const looks = Array.from({ length: 24 }, (_, i) => {
      const backlog = i === 0 ? 100 : 20;
      return one.look({ ...reading, nowNs: i * 15 * nsPerS, workers: 10, backlog });
    });
    // The 21st look after the first no longer remembers it.
    expect(looks.slice(0, 21)).toEqual(Array.from({ length: 21 }, () => 10));
    expect(looks.slice(21)).toEqual([2, 2, 2]);
  });

  test("has no more workers than can get messages", () => {
    const one = scaler({ autoscaling: "backlog" });
    expect(one.look({ ...reading, workers: 10, backlog: 1000, parallel: 12 })).toBe(12);
  });

  test("goes to nobody after the cool-down, and back to one when something waits", () => {
    const one = scaler({ autoscaling: "backlog", minReplicas: 0 });
    expect(one.poll({ ...reading, backlog: 1 })).toBe(1);
    expect(one.poll({ ...reading, nowNs: 299 * nsPerS })).toBe(1);
    expect(one.poll({ ...reading, nowNs: 300 * nsPerS })).toBe(0);
    expect(one.poll({ ...reading, workers: 0 })).toBe(0);
    expect(one.poll({ ...reading, workers: 0, backlog: 5 })).toBe(1);
  });

  test("follows the share of the workers that were at work since the last look", () => {
    const one = scaler({ autoscaling: "utilisation", targetUtilisation: 0.5 });
    one.busy(4, 0);
    expect(one.look({ ...reading, nowNs: 15 * nsPerS, workers: 4 })).toBe(8);
    one.busy(0, 15 * nsPerS);
    expect(one.look({ ...reading, nowNs: 30 * nsPerS, workers: 8 })).toBe(8);
  });
});
