// The engine against the naive one on a thousand random documents that go to extremes: the same events in the same
// order, the same books, the same figures, bit for bit. The documents follow from a base seed, the same every time, so
// that what passes here passes everywhere. One document: SEED=17 npx vitest run src/engine/naive.test.ts; others:
// BASE=17, or BASE=fresh for a seed that is drawn and printed; more of them: ROUNDS=20000.

import { describe, expect, test } from "vitest";
import { Dice } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { randomAct, swarmScenario } from "../model/swarm.suite.ts";
import { withoutFunctions } from "../model/stations.suite.ts";
import { compare, type Leg } from "./naive/compare.suite.ts";
import type { BrokerMaker } from "./naive/engine.suite.ts";
import { HostedBroker } from "./naive/hosted.suite.ts";
import { NaiveRabbit } from "./naive/rabbit.suite.ts";
import { isKnownToNaive } from "./naive/rabbitThings.suite.ts";

const chosen = process.env["SEED"];
const asked = process.env["BASE"] ?? "1";
const base = asked === "fresh" ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(asked);
const rounds = Number(process.env["ROUNDS"] ?? 1000);
const seeds =
  chosen === undefined ? Array.from({ length: rounds }, (_, i) => base + i) : [Number(chosen)];

/** Documents per test: one test each would cost more than the documents. */
const perTest = 100;

/** Events per document at most; a few run longer, so that long chains of causes come about. */
const most = { usual: 2000, seldom: 15_000 };

/** How a document is run: in slices by time or number, some with a live act at their end. */
function legsOf(scenario: Scenario, seed: number): readonly Leg[] {
  const dice = new Dice(seed + 0.5);
  const legs: Leg[] = [];
  if (dice.chance(0.3))
    for (let i = dice.between(1, 5); i > 0; i--) {
      const isByTime = dice.chance(0.5);
      const act = randomAct(scenario, dice);
      legs.push({
        untilNs: isByTime ? dice.below(scenario.load.duration * 1e6) : Infinity,
        maxEvents: dice.pick([1, 10, 300]),
        ...(act === undefined ? {} : { act }),
      });
    }
  return [...legs, { untilNs: Infinity, maxEvents: dice.chance(0.01) ? most.seldom : most.usual }];
}

/** Naive brokers where there are some that know what is stated; one document in four has the product's in the naive world, with handles that
 *  are never reused. */
function makerOf(seed: number, legs: readonly Leg[]): BrokerMaker {
  const acts = legs.flatMap(({ act }) => act ?? []);
  return (world, node) =>
    node.technology === "rabbitmq" &&
    seed % 4 !== 0 &&
    isKnownToNaive(world.scenario, node.id, acts)
      ? new NaiveRabbit(world, node)
      : new HostedBroker(world, node);
}

describe(`the engine and the naive one agree (base seed ${base})`, () => {
  for (let first = 0; first < seeds.length; first += perTest) {
    const some = seeds.slice(first, first + perTest);
    test(`on the documents ${some[0]} to ${some.at(-1)}`, { timeout: 600_000 }, () => {
      let events = 0;
      for (const seed of some) {
        // The naive engine has no bridges, instances and functions; tests of their names hold them to their words.
        const drawn = swarmScenario(seed, { hasBridges: false, hasInstances: false });
        const scenario = withoutFunctions(drawn);
        const legs = legsOf(scenario, seed);
        const outcome = compare(scenario, legs, makerOf(seed, legs));
        events += outcome.events;
        if (outcome.differences.length > 0)
          expect.fail(`SEED=${seed}\n${outcome.differences.join("\n")}`);
      }
      expect(events).toBeGreaterThan(0);
    });
  }
});
