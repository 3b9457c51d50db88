// `run --replications` at the terminal, in memory and in real threads.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { directCall, sketch, source, worker } from "../engine/sketch.suite.ts";
import { writeScenario } from "../model/parse.ts";
import type { ReplicationsReport } from "../model/replications.ts";
import { call } from "./memoryShell.suite.ts";

const scenario = sketch({
  duration: 30_000,
  nodes: [source("source", 7), worker("server")],
  connections: [directCall("source", "server")],
});
const files = { "a.json": writeScenario(scenario) };

function run(...typed: readonly string[]) {
  return call(["run", "a.json", ...typed], { files });
}

describe("run --replications", () => {
  test("prints one JSON object with --json and nothing else", async () => {
    const { code, out, err } = await run("--replications", "4", "--json");
    expect([code, err]).toEqual([0, ""]);
    const report = JSON.parse(out) as ReplicationsReport;
    expect(report).toMatchObject({ replicationsVersion: 1, replications: 4, holds: true });
    const mean = report.figures.find(
      ({ table, id, measure }) =>
        table === "nodes" && id === "server" && measure === "latency.mean",
    );
    expect(mean).toMatchObject({ count: 4 });
    expect(mean!.halfWidth).toBeGreaterThan(0);
  });

  test("prints a table for a person", async () => {
    const { out } = await run("--replications", "3");
    expect(out).toContain("3 replications, as asked for.");
    expect(out).toMatch(/^ {2}server .*\/s ± .* % ± .* ms ± /mu);
    expect(out).toContain("± half of their 95 % intervals. Seed 1.");
  });

  test("goes on until it is precise, but not beyond the limit", async () => {
    const enough = JSON.parse(
      (await run("--precision", "20%", "--json")).out,
    ) as ReplicationsReport;
    expect(enough.precision.reached).toBeLessThanOrEqual(0.2);
    const limited = await run("--precision", "0.1%", "--max-replications", "5", "--json");
    expect(JSON.parse(limited.out)).toMatchObject({ replications: 5 });
  });

  test("ends with 1 when an objective is missed in one of them", async () => {
    const objective = {
      id: "o",
      of: "server",
      measure: "latency.p99",
      is: "at most",
      value: 0,
    } as const;
    const text = writeScenario({ ...scenario, objectives: [objective] });
    const trace = await call(["run", "b", "--replications", "2"], { files: { b: text } });
    expect(trace.code).toBe(1);
    expect(trace.out).toContain("met in 0 of 2");
  });

  test.each([
    [["--replications", "1"], "Type a whole number from 2 to 10,000"],
    [["--replications", "many"], "“many” is no number for --replications."],
    [["--precision", "0"], "“0” is no precision."],
    [["--max-replications", "5"], "Say how often"],
    [["--replications", "5", "--threads", "0"], "“0” is no number for --threads."],
    [["--replications", "5", "--at", "3s"], "--at is about one run"],
    [["--replications", "5", "--events", "e"], "--events is about one run"],
  ])("%j is refused with a remedy", async (typed, sentence) => {
    const { code, err } = await run(...typed);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});

test("the real program says the same in one thread and in three", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "spillway-"));
  try {
    const path = join(folder, "a.json");
    writeFileSync(path, writeScenario(scenario));
    const [one, three] = ["1", "3"].map((threads) => {
      const typed = ["run", path, "--replications", "7", "--threads", threads, "--json"];
      const { stdout, status } = spawnSync(process.execPath, ["scripts/cli.mjs", ...typed], {
        encoding: "utf8",
      });
      expect(status).toBe(0);
      return { ...(JSON.parse(stdout) as ReplicationsReport), wallSeconds: 0 };
    });
    expect(three).toEqual(one);
    expect(one!.replications).toBe(7);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
