// One topology with every technology at once: a hundred channels, three hundred subscriptions, faults of services and
// nodes. It runs, stays in balance and drains. Technologies are taken from the registry, so it grows by itself.

import { beforeAll, describe, expect, test } from "vitest";
import { hasErrors } from "../base/problem.ts";
import { type TechnologyId, technologyIds } from "../brokers/index.ts";
import { technologies } from "../brokers/technologies.ts";
import { checkScenario } from "../model/check.ts";
import type { Report } from "../model/report.ts";
import { canConnect } from "../model/rules.ts";
import type { Channel, Connection, Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { finish, open, sketch } from "./sketch.suite.ts";

const CHANNELS = 100;
const SUBSCRIPTIONS = 300;
const SERVICES = 60;

/** The share of one technology, of so many channels or more, as its quick connection would make them: where publishers
 *  and consumers meet at different kinds, one feeds the other. */
function channelsOf(technology: TechnologyId, count: number): readonly Channel[] {
  const { publish, consume } = technologies[technology].quickConnect;
  const kinds = publish === consume ? [publish] : [publish, consume];
  return Array.from({ length: Math.ceil(count / kinds.length) }, (_, i) => i).flatMap((i) =>
    kinds.map((kind) => ({ id: `${technology}-${kind}-${i}`, broker: technology, kind })),
  );
}

/** What may be connected, with the id of its place in the list. */
function linkBetween(scenario: Scenario, from: string, to: string): Connection | undefined {
  const verdict = canConnect(scenario, from, to);
  if (!verdict.allowed || verdict.needsChannel !== undefined) return undefined;
  const link = { id: `${from}--${to}`, from, to };
  return verdict.kind === "publish"
    ? { ...link, kind: "publish", contract: "order" }
    : verdict.kind === "consume" || verdict.kind === "bind"
      ? { ...link, kind: verdict.kind }
      : undefined;
}

function everything(): Scenario {
  const share = Math.ceil(CHANNELS / technologyIds.length);
  const channels = technologyIds.flatMap((technology) => channelsOf(technology, share));
  const nodes: readonly Node[] = [
    ...technologyIds.map((technology): Node => ({ id: technology, kind: "broker", technology })),
    ...technologyIds.map((technology): Node => ({
      id: `source-${technology}`,
      kind: "producer",
      parameters: { rate: 1 },
    })),
    ...Array.from({ length: SERVICES }, (_, i): Node => ({
      id: `service-${i}`,
      kind: "service",
      parameters: { concurrency: 2, serviceTime: { distribution: "constant", value: 3 } },
    })),
  ];
  const bare = sketch({ nodes, channels, connections: [], contracts: ["order"] });
  const into = channels.flatMap(
    ({ id, broker }) => linkBetween(bare, `source-${broker}`, id) ?? [],
  );
  const bindings = technologyIds.flatMap((technology) => {
    const own = channels.filter(({ broker }) => broker === technology);
    const { publish, consume } = technologies[technology].quickConnect;
    const from = own.filter(({ kind }) => publish !== consume && kind === publish);
    const to = own.filter(({ kind }) => publish !== consume && kind === consume);
    return from.flatMap(({ id }, i) => linkBetween(bare, id, to[i]!.id) ?? []);
  });
  const out: Connection[] = [];
  for (let round = 0; out.length < SUBSCRIPTIONS && round < 50; round++)
    channels.forEach(({ id }, i) => {
      const service = `service-${(i * 7 + round) % SERVICES}`;
      const link = linkBetween(bare, id, service);
      const isNew = link !== undefined && !out.some((one) => one.id === link.id);
      if (isNew && out.length < SUBSCRIPTIONS) out.push(link);
    });
  const timeline = technologyIds.flatMap((target, i): readonly TimelineEntry[] => [
    { at: 1000 + 100 * i, act: "crash", target, member: 0, duration: 2000 },
    { at: 4000 + 100 * i, act: "isolate", target, zone: 0, duration: 2000 },
    { at: 7000 + 100 * i, act: "slow", target, member: 0, factor: 10, duration: 2000 },
    { at: 2000, act: "crash", target: `service-${i}`, duration: 3000 },
  ]);
  return sketch({
    duration: 900_000,
    sourcesStopAt: 10_000,
    nodes,
    channels,
    connections: [...into, ...bindings, ...out],
    timeline,
  });
}

describe("a topology with every technology at once", () => {
  let scenario: Scenario;
  let report: Report;
  beforeAll(() => {
    scenario = everything();
    report = finish(scenario).report(0);
  });

  test("is large, and nothing is wrong in it", () => {
    expect(scenario.channels.length).toBeGreaterThanOrEqual(CHANNELS);
    expect(report.subscriptions.length).toBe(SUBSCRIPTIONS);
    const errors = checkScenario(scenario).filter((problem) => hasErrors([problem]));
    expect(errors.map(({ message }) => message)).toEqual([]);
  });

  test("stays in balance all the time", () => {
    const run = open(scenario);
    while (run.ended() === null) {
      run.advance({ untilNs: Infinity, maxEvents: 5003 });
      expect(run.conservation().violations).toEqual([]);
    }
    expect(run.stateHash()).toBe(report.stateHash);
  });

  test("drains when the sources have stopped", () => {
    const stuck = report.subscriptions.filter(({ lagMessages }) => lagMessages > 0);
    expect(stuck.map(({ id, lagMessages }) => `${id}: ${lagMessages}`)).toEqual([]);
    expect(report.conservation).toMatchObject({ holds: true, publications: { pending: 0 } });
  });

  test.each(technologyIds)("%s delivers to every channel's consumers", (technology) => {
    const own = new Set(
      scenario.channels.filter((it) => it.broker === technology).map(({ id }) => id),
    );
    const channels = report.channels.filter(({ id }) => own.has(id));
    const consumed = new Set(
      scenario.connections.flatMap(({ kind, from }) => (kind === "consume" ? [from] : [])),
    );
    const idle = channels.filter(({ id, acknowledged }) => consumed.has(id) && acknowledged === 0);
    expect(idle.map(({ id }) => id)).toEqual([]);
    expect(channels.some(({ id }) => consumed.has(id))).toBe(true);
  });
});
