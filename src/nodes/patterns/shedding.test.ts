// CoDel against the pseudo-code of RFC 8289, section 5, in its own order of steps, on random queues; shedding by age.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valuesOf } from "../../base/fields.ts";
import { Arena } from "../../kernel/arena.ts";
import { Shedding, sheddingFields } from "./shedding.ts";

const msNs = 1e6;
const target = 5 * msNs;
const interval = 100 * msNs;

interface Served {
  readonly atNs: number;
  readonly packet: number | undefined;
}

/** Arrivals [ns] and the times at which somebody looks, as the RFC writes it down. */
function asInTheRfc(arrivals: readonly number[], looks: readonly number[]): readonly Served[] {
  let queue: readonly number[] = [];
  let next = 0;
  let [firstAbove, dropNext, count, lastCount] = [0, 0, 0, 0];
  let dropping = false;
  const law = (from: number): number => from + interval / Math.sqrt(count);
  const doDequeue = (
    now: number,
  ): { readonly packet: number | undefined; readonly ok: boolean } => {
    const [packet, ...rest] = queue;
    queue = rest;
    if (packet === undefined) {
      firstAbove = 0;
      return { packet, ok: false };
    }
    // The RFC asks for less than one full packet behind; here that is an empty queue.
    if (now - packet < target || queue.length === 0) firstAbove = 0;
    else if (firstAbove === 0) firstAbove = now + interval;
    else if (now >= firstAbove) return { packet, ok: true };
    return { packet, ok: false };
  };
  return looks.map((now) => {
    for (; next < arrivals.length && arrivals[next]! <= now; next++)
      queue = [...queue, arrivals[next]!];
    let found = doDequeue(now);
    if (dropping) {
      if (!found.ok) dropping = false;
      while (now >= dropNext && dropping) {
        count++;
        found = doDequeue(now);
        if (found.ok) dropNext = law(dropNext);
        else dropping = false;
      }
    } else if (found.ok) {
      found = doDequeue(now);
      dropping = true;
      const delta = count - lastCount;
      count = delta > 1 && now - dropNext < 16 * interval ? delta : 1;
      dropNext = law(now);
      lastCount = count;
    }
    return { atNs: now, packet: found.packet };
  });
}

function asHere(arrivals: readonly number[], looks: readonly number[]): readonly Served[] {
  const rule = new Shedding(new Arena(), "s", valuesOf(sheddingFields, { shedding: "codel" }));
  let queue: number[] = [];
  let next = 0;
  return looks.map((now) => {
    for (; next < arrivals.length && arrivals[next]! <= now; next++) queue.push(arrivals[next]!);
    while (queue.length > 0) {
      const isLast = queue.length === 1;
      const packet = queue[0]!;
      queue = queue.slice(1);
      if (!rule.drops(now, now - packet, isLast)) return { atNs: now, packet };
    }
    rule.foundNothing();
    return { atNs: now, packet: undefined };
  });
}

/** Times that follow each other by gaps [ms]. */
function times(gaps: readonly number[]): readonly number[] {
  let atNs = 0;
  return gaps.map((gap) => (atNs += gap * msNs));
}

describe("CoDel", () => {
  it("serves what the pseudo-code of RFC 8289 serves", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 50, maxLength: 300 });
    fc.assert(
      fc.property(gaps, gaps, (arriving, looking) => {
        const [arrivals, looks] = [times(arriving), times(looking)];
        expect(asHere(arrivals, looks)).toEqual(asInTheRfc(arrivals, looks));
      }),
      { numRuns: 60 },
    );
  });

  it("begins after an interval above the target, and gives up more and more often", () => {
    const looks = Array.from({ length: 400 }, (_, i) => i * 10 * msNs);
    const arrivals = Array.from({ length: 2000 }, (_, i) => i * 2 * msNs);
    const served = asHere(arrivals, looks).map(({ packet }) => arrivals.indexOf(packet ?? -1));
    const dropsUntil = (look: number): number => served[look]! - look;
    // Waits are above 5 ms from the first look at 10 ms on: the first is given up 100 ms later.
    expect(dropsUntil(10)).toBe(0);
    expect(dropsUntil(11)).toBe(1);
    // Then after 100, 100/√2, 100/√3 … ms.
    expect(dropsUntil(21)).toBe(1 + 1);
    expect(dropsUntil(100)).toBeGreaterThan(15);
  });
});

describe("shedding by age", () => {
  it("gives up what has waited longer, and nothing else", () => {
    const values = valuesOf(sheddingFields, { shedding: "age", shedAfter: 20 });
    const rule = new Shedding(new Arena(), "s", values);
    expect(rule.drops(0, 20 * msNs, false)).toBe(false);
    expect(rule.drops(0, 20 * msNs + 1, false)).toBe(true);
  });
});
