// The contract that every broker technology must pass: books that balance at every verb (the fake sees to that),
// one answer per publication, order and duplicates as promised, a run that ends, and no state outside the arena.

import { describe, expect, test } from "vitest";
import {
  FAULTS_END_MS,
  hasDisorder,
  load,
  lostLabels,
  MESSAGES,
  requireDrained,
  requireNoLoss,
  requireOrder,
  type TechnologySetup,
} from "./contractRun.suite.ts";
import { describeSoak, soakSeeds } from "./soak.suite.ts";
import type { SimulatedTechnology } from "./technology.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Runs the contract. Call it from the technology's own test file. */
export function describeTechnology(technology: SimulatedTechnology, setup: TechnologySetup): void {
  // A long run of its own (`npm run soak`) leaves the rest out.
  if (soakSeeds().length > 0) {
    describeSoak(technology, setup);
    return;
  }
  describe(`${technology.label}: the contract of all technologies`, () => {
    test("describes itself completely", () => checkDescription(technology));

    test("without faults every message is confirmed and acknowledged at its first attempt", () => {
      const { run } = load(technology, { setup, seed: 1, faults: "none" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      expect([...run.outcomes.values()].filter((outcome) => outcome !== "confirmed")).toEqual([]);
      expect(run.outcomes.size).toBe(MESSAGES);
      expect(run.find("deliver").filter(({ attempt }) => attempt !== 1)).toEqual([]);
      requireDrained(run);
    });

    test.each(SEEDS)("with crashes of workers and nodes nothing goes astray (seed %i)", (seed) => {
      const { run } = load(technology, { setup, seed, faults: "all" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      expect(run.outcomes.size).toBe(MESSAGES);
      requireDrained(run);
      requireOrder(run, setup.order);
      if (setup.losesConfirmed === "never") requireNoLoss(run);
    });

    test("duplicates do occur when workers crash, and are counted as further attempts", () => {
      const repeats = SEEDS.map((seed) => {
        const { run } = load(technology, { setup, seed, faults: "workers" });
        run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
        return run.find("deliver").filter(({ attempt }) => attempt > 1).length;
      });
      expect(Math.max(...repeats)).toBeGreaterThan(0);
    });

    test.each(SEEDS)("with any faults of nodes and zones at once (seed %i)", (seed) => {
      const { run } = load(technology, { setup, seed, faults: "wild" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      expect(run.outcomes.size).toBe(MESSAGES);
      requireDrained(run);
    });

    test("what comes first is not dealt with first when there are faults: that is promised to nobody", () => {
      const disorders = SEEDS.map((seed) => {
        const { run } = load(technology, { setup, seed, faults: "all" });
        run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
        return hasDisorder(run);
      });
      expect(disorders).toContain(true);
    });

    if (setup.losesConfirmed === "possible")
      test("confirmed messages are lost with some faults of nodes, as nobody promises otherwise", () => {
        const lost = SEEDS.map((seed) => {
          const { run } = load(technology, { setup, seed, faults: "wild" });
          run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
          return lostLabels(run).length;
        });
        expect(Math.max(...lost)).toBeGreaterThan(0);
      });

    test("the same seed gives the same run, however it is sliced", () => {
      const whole = load(technology, { setup, seed: 3, faults: "all" });
      const sliced = load(technology, { setup, seed: 3, faults: "all" });
      const endMs = FAULTS_END_MS + setup.drainsWithinMs;
      whole.run.runUntil(endMs);
      for (let ms = 0; ms < endMs; ms += 977) sliced.run.runUntil(ms);
      sliced.run.runUntil(endMs);
      expect(sliced.run.entries).toEqual(whole.run.entries);
      expect(sliced.run.arena.hash()).toBe(whole.run.arena.hash());
    });

    test("a broker restored from a checkpoint goes on like the original", () => {
      const original = load(technology, { setup, seed: 5, faults: "all" });
      const replaced = load(technology, { setup, seed: 5, faults: "all" });
      for (const ms of [0, 1003, 9_777, 20_000, 33_333, 58_001, FAULTS_END_MS + 500]) {
        replaced.run.runUntil(ms);
        replaced.restore();
      }
      const endMs = FAULTS_END_MS + setup.drainsWithinMs;
      replaced.run.runUntil(endMs);
      original.run.runUntil(endMs);
      expect(replaced.run.entries).toEqual(original.run.entries);
      expect(replaced.hash()).toBe(original.hash());
    });

    test("falls silent when nothing is left to do", () => {
      const { run, wakes } = load(technology, { setup, seed: 2, faults: "all" });
      run.runUntil(FAULTS_END_MS + 2 * setup.drainsWithinMs);
      const before = wakes();
      run.runUntil(FAULTS_END_MS + 2 * setup.drainsWithinMs + 3_600_000);
      expect(wakes() - before).toBeLessThanOrEqual(setup.idleWakesPerHour);
    });

    test("its readings agree with the books when it is empty", () => {
      const { run } = load(technology, { setup, seed: 4, faults: "all" });
      run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
      (setup.sketch.subscriptions ?? []).forEach((_, subscription) => {
        expect(run.broker.waiting(subscription)).toBe(0);
        expect(run.broker.oldestNs(subscription)).toBe(-1);
      });
      expect(run.broker.nodes().every(({ up }) => up)).toBe(true);
    });
  });
}

function checkDescription(technology: SimulatedTechnology): void {
  const { publish, consume } = technology.quickConnect;
  expect(technology.channelKinds[publish]?.publishable).toBe(true);
  expect(technology.channelKinds[consume]?.consumable).toBe(true);
  for (const kind of Object.values(technology.channelKinds))
    for (const target of kind.bindsTo) expect(technology.channelKinds).toHaveProperty([target]);
  for (const list of [technology.modelled, technology.simplified, technology.notModelled])
    expect(list.length).toBeGreaterThan(0);
  expect(technology.sources.length).toBeGreaterThan(0);
  const lists = [
    technology.clusterFields,
    technology.publishFields,
    technology.consumeFields,
    technology.bindFields,
    ...Object.values(technology.channelKinds).map(({ fields }) => fields),
  ];
  for (const fields of lists)
    for (const [name, field] of Object.entries(fields)) {
      expect(field.help, name).toMatch(/\.$/u);
      for (const condition of [field.onlyIf ?? []].flat())
        expect(fields).toHaveProperty([condition.field]);
    }
}
