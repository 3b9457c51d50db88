// What the consistency view is told against the report of the same instant, and that asking changes nothing.

import { expect, test } from "vitest";
import "../brokers/simulated.ts";
import type { ConsistencyQuery } from "../model/consistencyView.ts";
import type { Scenario } from "../model/scenario.ts";
import { stateTransfer } from "../scenarios/stateTransfer.ts";
import { createRun } from "./run.ts";

const all: ConsistencyQuery = { source: "", firstKey: 0, keysMax: 4000, anomaliesKnown: 0 };

function runTo(scenario: Scenario, seconds: number) {
  const created = createRun(scenario);
  if (!created.ok) throw new Error(created.failure[0]?.message);
  created.value.advance({ untilNs: seconds * 1e9, maxEvents: Infinity });
  return created.value;
}

test("columns, figures and ledger are those of the report, and are only read", () => {
  const run = runTo(stateTransfer, 27);
  const hash = run.stateHash();
  const view = run.consistency(all)!;
  const { replicas, stores } = run.report(0).consistency;
  expect(run.stateHash()).toBe(hash);
  expect(view.replicas.map(({ store }) => store)).toEqual(replicas.map(({ store }) => store));
  // The search index waits for an API that is down.
  expect(Math.max(...view.replicas.map(({ staleKeys }) => staleKeys))).toBeGreaterThan(20);
  view.replicas.forEach((columns, i) => {
    const reported = replicas[i]!;
    const missing = [...columns.sinceNs].filter((since) => since >= 0);
    expect(missing.length).toBe(reported.staleKeys);
    expect(columns.missing).toBe(reported.missing);
    const oldest = missing.length === 0 ? 0 : (view.timeNs - Math.min(...missing)) / 1e6;
    expect(oldest).toBeCloseTo(reported.ageMs, 6);
    const lag = columns.versions.map((has, key) => view.versions[key]! - has);
    expect(lag.some((versions) => versions > 0)).toBe(reported.staleKeys > 0);
    expect(view.fresh.lines[i]?.values.at(-1)).toBeLessThanOrEqual(100);
  });
  for (const { id, value, expected } of stores)
    expect(view.ledger.find((line) => line.store === id && line.source === id)).toMatchObject({
      expected,
      actual: value,
    });
});

test("only what is asked for is handed over", () => {
  const run = runTo(stateTransfer, 5);
  const whole = run.consistency(all)!;
  const part = run.consistency({ ...all, source: whole.source, firstKey: 3, keysMax: 2 })!;
  expect(part.names).toEqual(whole.names.slice(3, 5));
  expect([...part.replicas[0]!.versions]).toEqual([...whole.replicas[0]!.versions].slice(3, 5));
  expect(part.keys).toBe(whole.keys);
  expect(run.consistency({ ...all, firstKey: 1e9 })!.names).toHaveLength(1);
  expect(run.consistency({ ...all, anomaliesKnown: 1e9 })!.anomalies).toEqual([]);
});

test("where no store keeps versions there is nothing to see", () => {
  const nodes = stateTransfer.nodes.map((node) =>
    node.kind === "store" ? { ...node, parameters: {} } : node,
  );
  expect(runTo({ ...stateTransfer, nodes, objectives: [] }, 1).consistency(all)).toBeUndefined();
});
