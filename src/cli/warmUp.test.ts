// The warm-up at the terminal: typed, or found by a first run.

import { expect, test } from "vitest";
import { directCall, sketch, source, worker } from "../engine/sketch.suite.ts";
import { writeScenario } from "../model/parse.ts";
import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";
import { call } from "./memoryShell.suite.ts";

/** A station that begins far from where it settles: a crowd sends 60 a second for the first 5 s. */
function crowded(): Scenario {
  return sketch({
    duration: 400_000,
    nodes: [
      source("source", 8),
      source("crowd", 60),
      worker("server", { serviceTime: { distribution: "exponential", mean: 50 } }),
    ],
    connections: [directCall("source", "server"), directCall("crowd", "server")],
    timeline: [{ at: 5000, act: "set", target: "crowd", parameter: "rate", value: 0 }],
  });
}

async function run(scenario: Scenario, ...typed: readonly string[]) {
  const files = { "a.json": writeScenario(scenario) };
  return call(["run", "a.json", "--json", ...typed], { files });
}

async function reportOf(scenario: Scenario, ...typed: readonly string[]): Promise<Report> {
  return JSON.parse((await run(scenario, ...typed)).out) as Report;
}

const latency = (report: Report): number =>
  report.nodes.find(({ id }) => id === "server")!.latency.mean!;

test("leaves out what was typed, and says so", async () => {
  const report = await reportOf(crowded(), "--warm-up", "60s");
  expect(report).toMatchObject({ warmUpSeconds: 60, measuredSeconds: 340 });
  const { out } = await call(["run", "a.json", "--warm-up", "1min"], {
    files: { "a.json": writeScenario(crowded()) },
  });
  expect(out).toContain("Latencies, rates and means leave out a warm-up of 1 min.");
});

test("auto leaves out what a first run took to settle: the crowd is gone, most of the run is kept", async () => {
  const whole = await reportOf(crowded());
  const report = await reportOf(crowded(), "--warm-up", "auto");
  expect(report.warmUpSeconds).toBeGreaterThan(10);
  expect(report.warmUpSeconds).toBeLessThan(150);
  expect(latency(whole)).toBeGreaterThan(500);
  expect(latency(report)).toBeLessThan(150);
  expect(report.conservation.calls.called).toBe(whole.conservation.calls.called);
});

test("auto says when a run does not settle, and leaves nothing out", async () => {
  const scenario = sketch({
    duration: 60_000,
    nodes: [
      source("source", 30),
      worker("server", { serviceTime: { distribution: "constant", value: 50 } }),
    ],
    connections: [directCall("source", "server")],
  });
  const { out, err } = await run(scenario, "--warm-up", "auto");
  expect(err).toBe(
    "The run does not settle in its first half, so nothing is left out. Make it longer with --duration.\n",
  );
  expect((JSON.parse(out) as Report).warmUpSeconds).toBe(0);
});

test("refuses a warm-up that leaves nothing, and what is no time", async () => {
  for (const typed of ["400s", "soon", "-1s"])
    expect(await run(crowded(), "--warm-up", typed)).toMatchObject({ code: 2 });
});
