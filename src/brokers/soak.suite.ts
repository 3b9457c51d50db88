// The contract with very many seeds, for `npm run soak`: one test per technology that runs them all and writes a line
// of what it has seen. Which seeds: from the environment, see scripts/soak.mjs.

import { appendFileSync } from "node:fs";
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

/** What a long run has seen. */
export interface SoakLine {
  readonly what: string;
  readonly seeds: number;
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

/** Runs every seed with two kinds of faults. Each seed ends with a failure or none; the first failure is thrown in the
 *  end, so that the seed can be looked at. */
export function describeSoak(technology: SimulatedTechnology, setup: TechnologySetup): void {
  describe(technology.label, () => {
    test("soak", { timeout: 24 * 3_600_000 }, () => {
      const seen = { faults: 0, messages: 0 };
      soak(technology.id, seen, (seed) => {
        for (const faults of ["all", "wild"] as const) {
          seen.faults += runSeed(technology, { setup, seed, faults });
          seen.messages += MESSAGES;
        }
      });
    });
  });
}

/** Runs something for every seed, writes the line, and fails with the first failure. `seen` counts meanwhile. */
export function soak(
  what: string,
  seen: { readonly faults: number; readonly messages: number },
  run: (seed: number) => void,
): void {
  const startMs = performance.now();
  const failures: { readonly seed: number; readonly message: string }[] = [];
  let first: unknown;
  for (const seed of soakSeeds())
    try {
      run(seed);
    } catch (error) {
      first ??= error;
      failures.push({ seed, message: String(error).split("\n")[0] ?? "" });
    }
  const seconds = (performance.now() - startMs) / 1000;
  const line: SoakLine = { what, seeds: soakSeeds().length, ...seen, seconds, failures };
  const report = process.env["SOAK_REPORT"];
  if (report !== undefined) appendFileSync(report, `${JSON.stringify(line)}\n`);
  if (first !== undefined) throw new Error("a seed has failed", { cause: first });
}

function runSeed(
  technology: SimulatedTechnology,
  options: { readonly setup: TechnologySetup; readonly seed: number; readonly faults: Faults },
): number {
  const { setup } = options;
  const { run, faults } = load(technology, options);
  run.runUntil(FAULTS_END_MS + setup.drainsWithinMs);
  expect(run.outcomes.size).toBe(MESSAGES);
  requireDrained(run);
  requireOrder(run, options.faults === "all" ? setup.order : "none");
  if (options.faults === "all" && setup.losesConfirmed === "never") requireNoLoss(run);
  return faults;
}
