// Quotas: how fast units come back, what is owed, and how often a client tries again.

import { describe, expect, test } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { type Quota, Quotas, RetriedRequests, retryPauseNs } from "./quotas.ts";

const S = 1e9;

function open(quota: Quota) {
  const clock = { arena: new Arena(), ns: 0, now: () => clock.ns };
  return { clock, quotas: new Quotas(clock, "quotas", [quota]) };
}

/** How many of the requests that come evenly are accepted [per second, after so many seconds]. */
function accepted(quota: Quota, perS: number, seconds: number): number {
  const { clock, quotas } = open(quota);
  let count = 0;
  for (let request = 0; request < perS * seconds; request++) {
    clock.ns = Math.round((request * S) / perS);
    if (quotas.take(0, 1)) count++;
  }
  return count;
}

describe("buckets", () => {
  test("each second: so many per second, whatever was left of the second before", () => {
    const quota: Quota = { perS: 1000, burst: 1000, refill: "each second" };
    expect(accepted(quota, 1500, 10)).toBe(10_000);
    const { clock, quotas } = open(quota);
    clock.ns = 5 * S;
    expect(quotas.take(0, 1000)).toBe(true);
    expect(quotas.take(0, 1)).toBe(false);
    expect(quotas.waitNs(0, 1)).toBe(S);
    clock.ns = 6 * S;
    expect(quotas.take(0, 1)).toBe(true);
  });

  test("steadily: the burst at once, then the rate", () => {
    const quota: Quota = { perS: 100, burst: 50, refill: "steadily" };
    expect(accepted(quota, 1000, 10)).toBe(50 + 1000 - 1);
    const { clock, quotas } = open(quota);
    expect(quotas.take(0, 50)).toBe(true);
    expect(quotas.waitNs(0, 2)).toBe(20_000_000);
    clock.ns = 20_000_000;
    expect(quotas.has(0, 2)).toBe(true);
    expect(quotas.has(0, 3)).toBe(false);
  });

  test("a request larger than the bucket passes a full one, and is paid for afterwards", () => {
    const { clock, quotas } = open({ perS: 10, burst: 10, refill: "steadily" });
    expect(quotas.take(0, 35)).toBe(true);
    clock.ns = 2 * S;
    expect(quotas.take(0, 1)).toBe(false);
    clock.ns = 2.6 * S;
    expect(quotas.take(0, 1)).toBe(true);
  });

  test("no limit, another limit", () => {
    const none = open({ perS: Infinity, burst: Infinity, refill: "steadily" });
    expect(none.quotas.take(0, 1e9)).toBe(true);
    expect(none.quotas.take(0, 1e9)).toBe(true);
    const { clock, quotas } = open({ perS: 1, burst: 1, refill: "each second" });
    expect(quotas.take(0, 1)).toBe(true);
    quotas.change(0, 3, 3);
    expect([quotas.take(0, 2), quotas.take(0, 1)]).toEqual([true, false]);
    clock.ns = S;
    expect([quotas.take(0, 3), quotas.take(0, 1)]).toEqual([true, false]);
  });
});

test("a client's pauses double up to the longest, and end", () => {
  const policy = { retries: 3, firstNs: 800, mostNs: 2000 };
  expect([1, 2, 3, 60].map((retry) => retryPauseNs(policy, retry))).toEqual([
    800, 1600, 2000, 2000,
  ]);
  const timers: number[][] = [];
  const context = {
    arena: new Arena(),
    schedule: (...about: number[]) => void timers.push(about),
  };
  const requests = new RetriedRequests(context, "requests", 7);
  expect(requests.again(policy, 4, 5, 1)).toBe(true);
  expect(timers).toEqual([[800, 7, 0, 0]]);
  expect([requests.publisher(0), requests.message(0), requests.attempt(0)]).toEqual([4, 5, 2]);
  requests.free(0);
  expect(requests.size()).toBe(0);
  expect(requests.again(policy, 4, 5, 4)).toBe(false);
});
