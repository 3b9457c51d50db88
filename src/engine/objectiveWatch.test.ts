// Watching objectives: it changes no run, sees the same however a run is sliced or gone back in, and names what came before.

import { expect, test } from "vitest";
import "../brokers/simulated.ts";
import type { Objective, Scenario } from "../model/scenario.ts";
import { stateTransfer } from "../scenarios/stateTransfer.ts";
import { createRun } from "./run.ts";
import type { RunOptions } from "./world.ts";

const second = 1e9;

const objectives: readonly Objective[] = [
  { id: "fresh", of: "search-index", measure: "consistency.staleKeys", is: "at most", value: 15 },
  {
    id: "soon",
    of: "shop-copy",
    measure: "consistency.shareWithin",
    within: 5000,
    is: "at least",
    value: 0.99,
  },
  { id: "back", of: "search", measure: "recoverySeconds", is: "at most", value: 60 },
  { id: "all", of: "shop-front", measure: "handled", is: "at least", value: 1000 },
  { id: "lost", of: "run", measure: "publications.lost", is: "at most", value: 0 },
  { id: "way", of: "search", from: "editors", measure: "flow.p99", is: "at most", value: 1e6 },
];

const watched: Scenario = { ...stateTransfer, objectives };

function open(options: RunOptions = {}) {
  const created = createRun(watched, { watchesObjectives: true, ...options });
  if (!created.ok) throw new Error(created.failure[0]?.message);
  return created.value;
}

test("a run is the same whether it is watched, and the watch the same however it is sliced", () => {
  const whole = open();
  whole.advance({ untilNs: 36 * second, maxEvents: Infinity });
  const blind = open({ watchesObjectives: false });
  blind.advance({ untilNs: 36 * second, maxEvents: Infinity });
  expect(whole.stateHash()).toBe(blind.stateHash());
  expect([whole.events(), blind.objectives()]).toEqual([blind.events(), []]);
  const sliced = open();
  for (let i = 0; sliced.timeNs() < 36 * second; i++)
    sliced.advance({ untilNs: 36 * second, maxEvents: 1 + ((i * 7919) % 4001) });
  expect(sliced.objectives()).toEqual(whole.objectives());
  const back = open({ historyBytes: 1e8, historyEvents: 8000 });
  for (const at of [30, 22, 5, 36]) back.seek(at * second);
  expect(back.objectives()).toEqual(whole.objectives());
  expect(back.report(0).objectives[0]?.breaches).toEqual(whole.objectives()[0]?.breaches);
});

test("a breach has its moment, its end, and what was going on", () => {
  const run = open();
  run.seek(10 * second);
  const [fresh, , , all] = run.objectives();
  expect([fresh?.isMet, fresh?.breaches]).toEqual([true, []]);
  // A count that has to be reached is not missed while it grows.
  expect([all?.isMet, all?.breaches]).toEqual([false, []]);
  run.seek(25 * second);
  const breach = run.objectives()[0]?.breaches.at(-1);
  expect(breach?.fromS).toBeGreaterThan(20);
  expect(breach?.fromS).toBeLessThan(22);
  expect(breach?.toS).toBeNull();
  expect(breach?.cause).toMatch(/^Crash Catalogue API \(since 20 s\)\./u);
  run.seek(60 * second);
  const [end, , , reached] = run.objectives();
  expect(end?.isMet).toBe(true);
  expect(end?.breaches.at(-1)?.toS).toBeGreaterThan(30);
  expect([reached?.isMet, reached?.breaches]).toEqual([true, []]);
});

test("measures with a parameter agree with the report", () => {
  const run = open();
  run.seek(60 * second);
  const report = run.report(0);
  const actual = (id: string) => report.objectives.find((one) => one.id === id)?.actual;
  const replica = report.consistency.replicas.find(({ store }) => store === "shop-copy");
  expect(actual("soon")).toBeCloseTo(
    replica?.visibility.find(({ withinMs }) => withinMs === 5000)?.share ?? -1,
    9,
  );
  // It could do nothing for 10 s, and then had to catch up.
  expect(actual("back")).toBeGreaterThan(0.5);
  expect(actual("back")).toBeLessThan(30);
  expect(actual("lost")).toBe(0);
  const begins = watched.connections.filter(({ from }) => from === "editors").map(({ id }) => id);
  const flows = report.flows.filter(({ entry, end }) => end === "search" && begins.includes(entry));
  expect(flows.length).toBeGreaterThan(0);
  expect(actual("way")).toBe(Math.max(...flows.map(({ latency }) => latency.p99 ?? 0)));
});
