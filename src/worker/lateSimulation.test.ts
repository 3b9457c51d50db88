// The stand-in: one fetch for all calls, and a failed fetch is not for ever.

import { expect, test } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import type { SimulationApi } from "./api.ts";
import { createLateSimulation } from "./lateSimulation.ts";

const scenario = { id: "one" } as Scenario;

// Answers every call with its name and what it was given.
const echo = new Proxy({} as SimulationApi, {
  get: (_, name) =>
    name === "then" ? undefined : async (...given: readonly unknown[]) => [name, ...given],
});

test("hands calls on to what is fetched once, with the first of them", async () => {
  let fetches = 0;
  const late = createLateSimulation(async () => {
    fetches++;
    return echo;
  });
  expect(fetches).toBe(0);
  const answers = await Promise.all([late.load(scenario), late.step(), late.report()]);
  expect(answers).toEqual([["load", scenario], ["step"], ["report"]]);
  expect(await late.series("latency", "kafka")).toEqual(["series", "latency", "kafka"]);
  expect(fetches).toBe(1);
});

test("tries again after a fetch that failed", async () => {
  let fetches = 0;
  const late = createLateSimulation(async () => {
    fetches++;
    if (fetches === 1) throw new Error("offline");
    return echo;
  });
  await expect(late.step()).rejects.toThrow("offline");
  expect(await late.step()).toEqual(["step"]);
});
