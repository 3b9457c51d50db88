// Replicas: the worked example of what staleness is, and figures against a plain recount of every application.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Arena } from "../../kernel/arena.ts";
import { applied, Replica } from "./replica.ts";

const second = 1e9;

function replica(): Replica {
  return new Replica(new Arena(), "b/of/a", { store: 1, source: 0, limitNs: 2 * second });
}

test("an update that was passed over by a newer one is no longer missing", () => {
  const view = replica();
  view.committed(0, 1, 0);
  view.committed(0, 2, second);
  expect(view.applyState(0, 2, 3 * second, "as it comes")).toBe(applied.newer);
  expect([view.lacking(), view.isStale(0), view.counts().skipped]).toEqual([0, false, 1]);
  expect(view.delay.histogram().max()).toBe(3 * second);
});

test("an older version puts the replica back, and what it had is missing from then on", () => {
  const view = replica();
  for (const version of [1, 2, 3]) view.committed(0, version, version * second);
  const came = [1, 3, 2].map((version, i) =>
    view.applyState(0, version, (10 + i) * second, "as it comes"),
  );
  expect(came).toEqual([applied.newer, applied.newer, applied.wentBack]);
  expect([view.version(0), view.missingSinceNs(0)]).toEqual([2, 12 * second]);
  expect(view.applyState(0, 3, 13 * second, "as it comes")).toBe(applied.newer);
  expect([view.version(0), view.isStale(0), view.staleKeys.level()]).toEqual([3, false, 0]);
});

test("where order is kept, an older version is left out", () => {
  const view = replica();
  for (const version of [1, 2]) view.committed(0, version, version * second);
  view.applyState(0, 2, 10 * second, "kept");
  expect(view.applyState(0, 1, 11 * second, "kept")).toBe(applied.olderIgnored);
  expect([view.version(0), view.isStale(0)]).toEqual([2, false]);
});

test("changes count each on its own, and once", () => {
  const view = replica();
  for (const version of [1, 2, 3]) view.committed(0, version, version * second);
  const came = [2, 2, 3, 1, 1].map((version) => view.applyChange(0, version, 10 * second));
  expect(came).toEqual([applied.newer, applied.again, applied.newer, applied.newer, applied.again]);
  expect([view.lacking(), view.isStale(0), view.counts().repeated]).toEqual([0, false, 2]);
});

/** Every application and commit once more, counted from lists. */
class Recount {
  readonly #commits: { entity: number; version: number; ns: number; hereNs: number }[] = [];
  readonly #has = new Map<number, number>();

  committed(entity: number, version: number, ns: number): void {
    this.#commits.push({ entity, version, ns, hereNs: Infinity });
  }

  /** Only newer versions count: the order is kept. */
  applied(entity: number, version: number, ns: number): void {
    if (version <= (this.#has.get(entity) ?? 0)) return;
    this.#has.set(entity, version);
    for (const one of this.#commits)
      if (one.entity === entity && one.version <= version && one.hereNs === Infinity)
        one.hereNs = ns;
  }

  /** Mean age of the oldest missing update up to a time, summed over all milliseconds. */
  meanAgeNs(untilNs: number): number {
    let sum = 0;
    const steps = untilNs / 1e6;
    for (let step = 0; step < steps; step++) {
      const atNs = (step + 0.5) * 1e6;
      const missing = this.#commits.filter(({ ns, hereNs }) => ns <= atNs && hereNs > atNs);
      sum += missing.length === 0 ? 0 : atNs - Math.min(...missing.map(({ ns }) => ns));
    }
    return sum / steps;
  }

  lacking(): number {
    return this.#commits.filter(({ hereNs }) => hereNs === Infinity).length;
  }
}

test("ages and numbers of what is missing are those of a plain recount", () => {
  const happening = fc.record({
    does: fc.constantFrom("commit", "apply"),
    entity: fc.nat(2),
    pick: fc.nat(100),
    gapMs: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const view = replica();
      const recount = new Recount();
      const versions = new Map<number, number>();
      let ns = 0;
      for (const { does, entity, pick, gapMs } of happenings) {
        ns += gapMs * 1e6;
        const newest = versions.get(entity) ?? 0;
        if (does === "commit") {
          versions.set(entity, newest + 1);
          view.committed(entity, newest + 1, ns);
          recount.committed(entity, newest + 1, ns);
        } else if (newest > 0) {
          const version = 1 + (pick % newest);
          view.applyState(entity, version, ns, "kept");
          recount.applied(entity, version, ns);
        }
      }
      const untilNs = ns + 3e6;
      expect(view.lacking()).toBe(recount.lacking());
      expect(view.age(untilNs).meanNs / 1e6).toBeCloseTo(recount.meanAgeNs(untilNs) / 1e6, 6);
    }),
  );
});
