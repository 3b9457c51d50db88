// Random topologies with random faults, each drawn from one printed seed. With faults on, the books balance after
// every single event; when faults and sources have ended, everything drains. To repeat one: SEED=17 npx vitest run
// src/engine/swarm.test.ts

import { describe, expect, test } from "vitest";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { open } from "./sketch.suite.ts";

const chosen = process.env["SEED"];
const seeds = chosen === undefined ? Array.from({ length: 60 }, (_, i) => i + 1) : [Number(chosen)];

/** Events in which the books are looked at one by one; beyond, only now and then. */
const closely = 4000;

/** A random document, shortened so that sixty of them are quick, with a quiet end in which it can drain. */
function shortened(seed: number): Scenario {
  const scenario = randomScenario(seed);
  return { ...scenario, load: { duration: 20_000, sourcesStopAt: 8_000 } };
}

describe("random topologies with faults", () => {
  for (const seed of seeds)
    test(`seed ${seed} stays in balance after every event`, () => {
      const scenario = shortened(seed);
      const run = open(scenario);
      while (run.ended() === null && run.events() < closely) {
        run.step();
        const { violations } = run.conservation();
        if (violations.length > 0)
          expect.fail(`after ${run.events()} events: ${violations.join(" ")}`);
      }
      while (run.ended() === null) {
        run.advance({ untilNs: Infinity, maxEvents: 997 });
        expect(run.conservation().violations).toEqual([]);
        if (run.events() > 300_000) break;
      }
      const again = open(scenario);
      again.advance({ untilNs: Infinity, maxEvents: run.events() });
      expect(again.stateHash()).toBe(run.stateHash());
    });
});
