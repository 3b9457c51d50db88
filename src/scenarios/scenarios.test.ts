// What holds for every ready-made scenario: the register and the documents agree, each is valid, repeatable, runs in balance
// to its end, and says what to look at and what to switch off. What each shows is asserted in a test of its own.

import { describe, expect, test } from "vitest";
import { finish } from "../engine/sketch.suite.ts";
import { checkScenario } from "../model/check.ts";
import { parseScenario, parseScenarioText, writeScenario } from "../model/parse.ts";
import { allLanguages } from "../schemas/allLanguages.ts";
import { checkContracts } from "../schemas/checkContracts.ts";
import { readabilityFor } from "../schemas/readabilityFor.ts";
import { scenarios } from "./everyScenario.suite.ts";
import { groups, shelf } from "./index.ts";
import { loadScenario } from "./loadScenario.ts";

/** Words with which a description sends its reader to a place, and with which it names what to switch off or change. */
const looks = /\b(watch|look|see|compare|count|follow)\b/iu;
const switches = /\b(switch|set|turn|take|remove|delete|change|give|make|raise|lower)\b/iu;

test("the register names every scenario as it calls itself, once", () => {
  expect(shelf.map(({ id, title }) => ({ id, title }))).toEqual(
    scenarios.map(({ id, title }) => ({ id, title })),
  );
  expect(new Set(shelf.map(({ id }) => id)).size).toBe(shelf.length);
  expect(new Set(shelf.map(({ title }) => title)).size).toBe(shelf.length);
});

test("the register goes group by group, in the order of the groups", () => {
  const places = shelf.map(({ group }) => groups.indexOf(group));
  expect(places).toEqual(places.toSorted((left, right) => left - right));
});

test("what a scenario shows is one sentence that fits a line or two", () => {
  for (const { shows } of shelf) expect(shows).toMatch(/^[A-Z“].{20,118}[^.]\.$/u);
});

test("a scenario is found by its id, the first without fetching anything", async () => {
  for (const [index, { id }] of shelf.entries())
    expect(await loadScenario(id)).toBe(scenarios[index]);
  expect(await loadScenario("none")).toBeUndefined();
});

describe.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  "%s",
  (_, scenario) => {
    test("is valid and has nothing to complain about", () => {
      expect(parseScenario(structuredClone(scenario))).toEqual({ ok: true, value: scenario });
      expect(checkScenario(scenario)).toEqual([]);
      expect(checkContracts(scenario, allLanguages)).toEqual([]);
    });

    test("survives being written and read", () => {
      const read = parseScenarioText(writeScenario(scenario));
      expect(read).toEqual({ ok: true, value: scenario });
    });

    test("says what to look at and what to switch off", () => {
      expect(scenario.description).toMatch(looks);
      expect(scenario.description).toMatch(switches);
    });

    test("stands on the canvas: every node has a place of its own", () => {
      const places = scenario.nodes.map(({ id }) => scenario.layout[id]);
      expect(places).not.toContain(undefined);
      expect(new Set(places.map((place) => `${place?.x} ${place?.y}`)).size).toBe(places.length);
    });

    test("runs to its end in balance, meets its objectives, and does so again", async () => {
      const options = { readability: await readabilityFor(scenario) };
      const report = finish(scenario, options).report(0);
      expect(report.ended.reason).toBe("finished");
      expect(report.conservation.violations).toEqual([]);
      expect(report.objectives.filter((objective) => !objective.met)).toEqual([]);
      expect(finish(scenario, options).report(0).stateHash).toBe(report.stateHash);
    });
  },
);
