// The check before the run names exactly those that fail in the run.

import { describe, expect, test } from "vitest";
import { open } from "../engine/sketch.suite.ts";
import { drawnReadability } from "../model/readability.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { swarmScenario } from "../model/swarm.suite.ts";
import { schemaChange } from "../scenarios/schemaChange.ts";
import { readabilityFor } from "../schemas/readabilityFor.ts";
import { checkVersions } from "./checkVersions.ts";

async function messagesOf(scenario: Scenario): Promise<readonly string[]> {
  return checkVersions(scenario, await readabilityFor(scenario)).map(({ message }) => message);
}

describe("the check of versions", () => {
  test("names the consumers that break, since when, why, and what to do", async () => {
    const why =
      "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL at /properties/currency. Every sample message fails. Let it read 2.0.0 first, or make the change compatible.";
    expect(await messagesOf(schemaChange)).toEqual([
      `Billing reads OrderPlaced 1.0.0, and 2.0.0, which it gets from 30 s on, is not readable for it: ${why}`,
      `Shipping reads OrderPlaced 1.0.0, and 2.0.0, which it gets from 30 s on, is not readable for it: ${why}`,
    ]);
  });

  test("says nothing when the consumers go first", async () => {
    const timeline = schemaChange.timeline.map((entry) => ({ ...entry, at: 30_000 }));
    const [one, two, three] = timeline;
    const shipping = { ...one!, target: "shipping" };
    const later = { ...two!, at: 40_000 };
    const ordered = { ...schemaChange, timeline: [one!, three!, shipping, later] };
    expect(await messagesOf(ordered)).toEqual([]);
  });

  test("says what the registry refuses, and then nobody breaks", async () => {
    const contracts = schemaChange.contracts.map((contract) => ({
      ...contract,
      compatibility: "FULL" as const,
    }));
    expect(await messagesOf({ ...schemaChange, contracts })).toEqual([
      "The registry refuses OrderPlaced 2.0.0 of Shop from 30 s on, because it is not FULL compatible with 1.0.0: PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL at /properties/currency. Its publications fail. Change the schema, or ask the registry for something else.",
    ]);
  });
});

test("whoever fails in a run of a random document was named before it", () => {
  let failures = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const scenario = swarmScenario(seed);
    const readability = drawnReadability(scenario);
    if (Object.keys(readability).length === 0) continue;
    const problems = checkVersions(scenario, readability);
    const named = (code: string): ReadonlySet<string | undefined> =>
      new Set(problems.filter((one) => one.code === code).map(({ element }) => element));
    const run = open(scenario, { readability });
    run.advance({ untilNs: Infinity, maxEvents: 3000 });
    for (const row of run.report(0).versions.filter(({ failed }) => failed > 0)) {
      const link = scenario.connections.find(({ id }) => id === row.connection)!;
      const isNamed =
        row.does === "reads"
          ? named("version/unreadable").has(link.to)
          : named("version/refused").has(link.from);
      failures++;
      expect(isNamed, `seed ${seed}: ${JSON.stringify(row)}`).toBe(true);
    }
  }
  expect(failures).toBeGreaterThan(5);
});
