// The contract with very many seeds, for `npm run soak`: one test per technology that runs its share of them and writes
// lines of how far it is and of what it has seen. Which seeds: from the environment, see scripts/soak.mjs.

import { appendFileSync } from "node:fs";
import { setImmediate as letOthersRun } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  FAULTS_END_MS,
  type Faults,
  load,
  MESSAGES,
  requireDrained,
  requireNoLoss,
  requireOrder,
  type TechnologySetup,
} from "./contractRun.suite.ts";
import type { SimulatedTechnology } from "./technology.ts";

/** Time between two lines of how far a long run is [ms]. */
const PROGRESS_EVERY_MS = 2000;

/** What a long run has seen; `done` of `seeds` while it goes on. */
export interface SoakLine {
  readonly what: string;
  readonly seeds: number;
  readonly done: number;
  readonly isOver: boolean;
  readonly faults: number;
  readonly messages: number;
  readonly seconds: number;
  readonly failures: readonly { readonly seed: number; readonly message: string }[];
}

/** The seeds of a long run; none in the usual tests. SOAK_SEED is one seed, SOAK_SEEDS how many. */
export function soakSeeds(): readonly number[] {
  const { SOAK_SEED: one, SOAK_SEEDS: many } = process.env;
  if (one !== undefined) return [Number(one)];
  return Array.from({ length: Number(many ?? 0) }, (_, i) => i + 1);
}

/** Runs every seed with two kinds of faults, each twice. Each seed ends with a failure or none; the first failure is thrown
 *  in the end, so that the seed can be looked at. */
export function describeSoak(technology: SimulatedTechnology, setup: TechnologySetup): void {
  describe(technology.label, () => {
    test("soak", { timeout: 24 * 3_600_000 }, async () => {
      const seen = { faults: 0, messages: 0 };
      await soak(technology.id, seen, (seed) => {
        for (const faults of ["all", "wild"] as const) {
          seen.faults += runSeed(technology, { setup, seed, faults });
          seen.messages += MESSAGES;
        }
      });
    });
  });
}

/** Runs something for every seed, writes lines, and fails with the first failure. `seen` counts meanwhile. Between seeds the
 *  test's runner is heard: it gives up a process that is silent for a minute. */
export async function soak(
  what: string,
  seen: { readonly faults: number; readonly messages: number },
  run: (seed: number) => void,
): Promise<void> {
  const startMs = performance.now();
  const failures: { readonly seed: number; readonly message: string }[] = [];
  const seeds = soakSeeds();
  const tell = (done: number) => {
    const seconds = (performance.now() - startMs) / 1000;
    const isOver = done === seeds.length;
    report({ what, seeds: seeds.length, done, isOver, ...seen, seconds, failures });
  };
  let first: unknown;
  let toldMs = startMs;
  for (const [done, seed] of seeds.entries()) {
    await letOthersRun();
    if (performance.now() > toldMs + PROGRESS_EVERY_MS) {
      tell(done);
      toldMs = performance.now();
    }
    try {
      run(seed);
    } catch (error) {
      first ??= error;
      failures.push({ seed, message: String(error).split("\n")[0] ?? "" });
    }
  }
  tell(seeds.length);
  if (first !== undefined) throw new Error("a seed has failed", { cause: first });
}

function report(line: SoakLine): void {
  const file = process.env["SOAK_REPORT"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

function runSeed(
  technology: SimulatedTechnology,
  options: { readonly setup: TechnologySetup; readonly seed: number; readonly faults: Faults },
): number {
  const { setup, seed } = options;
  const original = load(technology, options);
  const { run, faults } = original;
  const endMs = FAULTS_END_MS + setup.drainsWithinMs;
  run.runUntil(endMs);
  expect(run.outcomes.size).toBe(MESSAGES);
  requireDrained(run);
  requireOrder(run, options.faults === "all" ? setup.order : "none");
  if (options.faults === "all" && setup.losesConfirmed === "never") requireNoLoss(run);
  // Once more, with the broker restored from a checkpoint at a moment that differs from seed to seed.
  const again = load(technology, options);
  again.run.runUntil((seed * 7919) % FAULTS_END_MS);
  again.restore();
  again.run.runUntil(endMs);
  expect(again.hash(), "the state after the same run").toBe(original.hash());
  const isSame = JSON.stringify(again.run.entries) === JSON.stringify(run.entries);
  expect(isSame, "the same run calls the same verbs").toBe(true);
  return faults;
}
