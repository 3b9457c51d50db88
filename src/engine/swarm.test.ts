// Random topologies with random faults, each drawn from one printed seed. With faults on, the books balance after
// every single event; when faults and sources have ended, everything drains. To repeat one: SEED=17 npx vitest run
// src/engine/swarm.test.ts

import { describe, expect, test } from "vitest";
import type { Parameters } from "../base/fields.ts";
import { soak, soakSeeds } from "../brokers/soak.suite.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { BrokerNode, Scenario } from "../model/scenario.ts";
import { finish, open } from "./sketch.suite.ts";

const chosen = process.env["SEED"];
const seeds = chosen === undefined ? Array.from({ length: 60 }, (_, i) => i + 1) : [Number(chosen)];
const isSoaking = soakSeeds().length > 0;

/** Events in which the books are looked at one by one; beyond, only now and then. */
const closely = 4000;

/** The same without lasting trouble: what crashes comes back, nothing fails on purpose, and there is time to drain. */
function healed(seed: number): Scenario {
  const scenario = randomScenario(seed);
  return {
    ...scenario,
    load: { duration: 900_000, sourcesStopAt: 3_000 },
    nodes: scenario.nodes.map((node) => {
      if (node.kind === "service")
        return { ...node, parameters: { serviceTime: { distribution: "constant", value: 1 } } };
      if (node.kind === "broker") return withoutAlarms(node);
      // Gateways and external APIs fail some requests on purpose.
      return node.kind === "gateway" || node.kind === "external"
        ? { ...node, parameters: {} }
        : node;
    }),
    // What a bridge's target refuses would be given back and come again for ever.
    connections: reaching(scenario).map((link) => {
      if (link.kind === "bridge") return { ...link, parameters: {} };
      if (link.kind !== "consume") return link;
      // An endpoint whose answers on success count as failures never has done.
      const { success_status: _, ...parameters } = link.parameters ?? {};
      return { ...link, parameters: { ...parameters, ...drainingOf(scenario, link.from) } };
    }),
    timeline: scenario.timeline.flatMap((entry) =>
      "duration" in entry || entry.act === "crash"
        ? [{ ...entry, at: Math.min(entry.at, 3_000), duration: 2_000 }]
        : [],
    ),
  };
}

/** An alarm over a queue that nobody reads would block publishers for ever. */
function withoutAlarms(node: BrokerNode): BrokerNode {
  const { memory: _, disk: __, maxmemory: ___, ...parameters } = node.parameters ?? {};
  return { ...node, parameters };
}

/** All but the calls of gateways that have nobody behind them: those always fail. */
function reaching({ nodes, connections }: Scenario): Scenario["connections"] {
  const isDeadEnd = (id: string) =>
    nodes.some((node) => node.id === id && node.kind === "gateway") &&
    !connections.some((link) => link.kind === "call" && link.from === id);
  return connections.filter((link) => link.kind !== "call" || !isDeadEnd(link.to));
}

/** What lets readers of a channel come to an end in time: the next session without a minute of waiting, and somebody who claims
 *  what a failover has made pending again for workers that never restart. */
function drainingOf(scenario: Scenario, channelId: string): Parameters {
  const channel = scenario.channels.find(({ id }) => id === channelId);
  const broker = scenario.nodes.find(({ id }) => id === channel?.broker);
  if (broker?.kind !== "broker") return {};
  if (broker.technology === "service-bus") return { SessionIdleTimeout: 1000 };
  if (broker.technology !== "redis-streams" || channel?.kind !== "stream") return {};
  return { claim: "XAUTOCLAIM", "min-idle-time": 5000 };
}

/** A random document, shortened so that sixty of them are quick, with a quiet end in which it can drain. */
function shortened(seed: number): Scenario {
  const scenario = randomScenario(seed);
  return { ...scenario, load: { duration: 20_000, sourcesStopAt: 8_000 } };
}

function staysInBalance(seed: number): void {
  const scenario = shortened(seed);
  const run = open(scenario);
  while (run.ended() === null && run.events() < closely) {
    run.step();
    const { violations } = run.conservation();
    if (violations.length > 0) expect.fail(`after ${run.events()} events: ${violations.join(" ")}`);
  }
  while (run.ended() === null) {
    run.advance({ untilNs: Infinity, maxEvents: 997 });
    expect(run.conservation().violations).toEqual([]);
    if (run.events() > 300_000) break;
  }
  const again = open(scenario);
  again.advance({ untilNs: Infinity, maxEvents: run.events() });
  expect(again.stateHash()).toBe(run.stateHash());
}

function drains(seed: number): void {
  const report = finish(healed(seed)).report(0);
  const stuck = report.subscriptions.filter(({ lagMessages }) => lagMessages > 0);
  expect(stuck.map(({ id, lagMessages }) => `${id}: ${lagMessages}`)).toEqual([]);
  expect(report.conservation).toMatchObject({
    holds: true,
    publications: { pending: 0 },
    calls: { pending: 0 },
  });
}

// What `npm run soak` runs, see scripts/soak.mjs; it leaves the rest out.
if (isSoaking)
  test("soak", { timeout: 24 * 3_600_000 }, async () => {
    const seen = { faults: 0, messages: 0 };
    await soak("topologies", seen, (seed) => {
      const scenario = shortened(seed);
      seen.faults += scenario.timeline.length;
      seen.messages += finish(scenario).conservation().publications.published;
      staysInBalance(seed);
      drains(seed);
    });
  });
else {
  describe("random topologies with faults", () => {
    for (const seed of seeds)
      test(`seed ${seed} stays in balance after every event`, () => staysInBalance(seed));
  });

  describe("when faults and sources have ended", () => {
    for (const seed of seeds) test(`seed ${seed} drains`, () => drains(seed));
  });
}
