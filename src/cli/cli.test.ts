// The terminal program: every command in memory, and the real one started twice.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeScenario } from "../model/parse.ts";
import type { Report } from "../model/report.ts";
import type { State } from "../model/state.ts";
import { smallScenario } from "../model/scenario.suite.ts";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { commands } from "./commands/index.ts";
import { call } from "./memoryShell.suite.ts";
import { table } from "./table.ts";

const small = smallScenario();
const files = { "small.spillway.json": writeScenario(small), "broken.json": "{ nothing" };
const short = ["--duration", "2s"];
const constantly = (value: number) => ({ distribution: "constant" as const, value });

async function reportOf(...typed: readonly string[]): Promise<Report> {
  const { out, err } = await call(["run", ...typed, "--json"], { files });
  expect(err).toBe("");
  return JSON.parse(out) as Report;
}

describe("list", () => {
  test("prints the id first, one scenario a line", async () => {
    const { code, out } = await call(["list"]);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, -1)).toEqual(
      scenarios.map(({ id, title }) => `${id} ${title}`),
    );
    expect(out).toMatch(/^food-delivery /mu);
  });
});

describe("run", () => {
  test("prints one JSON object with --json and nothing else", async () => {
    const report = await reportOf("small.spillway.json", ...short);
    expect(report).toMatchObject({ reportVersion: 1, scenario: small.id, simulatedSeconds: 2 });
  });

  test("reads built-in scenarios and standard input", async () => {
    expect((await reportOf("food-delivery", ...short)).scenario).toBe("food-delivery");
    const input = await call(["run", "-", ...short, "--json"], { input: writeScenario(small) });
    expect(input.code).toBe(0);
  });

  test("is repeatable, and another seed is another run", async () => {
    const one = await reportOf("food-delivery", ...short, "--seed", "7");
    const same = await reportOf("food-delivery", ...short, "--seed=7");
    const other = await reportOf("food-delivery", ...short, "--seed", "8");
    expect(same).toEqual(one);
    expect(other.stateHash).not.toBe(one.stateHash);
    expect(one.seed).toBe(7);
  });

  test("changes parameters with --set, as often as it stands there", async () => {
    const rates = await Promise.all(
      ["clients.rate=10", "clients.rate=50/s"].map(async (set) => {
        const report = await reportOf(
          "small.spillway.json",
          "--set",
          "payment.attempts=2",
          "--set",
          set,
        );
        return report.conservation.publications.published;
      }),
    );
    expect(rates[1]).toBeGreaterThan(3 * (rates[0] ?? 0));
  });

  test("takes a recording of arrivals from a file", async () => {
    const typed = ["small.spillway.json", "--set", "clients.arrivals=replay"];
    const recording = { ...files, "arrivals.csv": "time,key\n0.5,ann\n1,bob\n1.5,ann\n" };
    const set = (path: string) =>
      call(["run", ...typed, "--set", `clients.recording=@${path}`, "--json"], {
        files: recording,
      });
    const report = JSON.parse((await set("arrivals.csv")).out) as Report;
    expect(report.nodes.find(({ id }) => id === "clients")?.handled).toBe(3);
    expect((await set("nothing.csv")).err).toContain("“nothing.csv” cannot be read.");
    const wrong = await set("broken.json");
    expect([wrong.code, wrong.err.includes("Line 1, column 1")]).toEqual([1, true]);
  });

  test("writes the event log, whose numbers agree with the report", async () => {
    const typed = [
      "run",
      "small.spillway.json",
      ...short,
      "--events",
      "log/events.jsonl",
      "--json",
    ];
    const trace = await call(typed, { files });
    const report = JSON.parse(trace.out) as Report;
    const lines = (trace.files["log/events.jsonl"] ?? "").trimEnd().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const count = (event: string) => records.filter((record) => record["event"] === event).length;
    expect(count("published")).toBe(report.conservation.publications.published);
    expect(count("acknowledged")).toBe(report.conservation.copies.acknowledged);
    expect(records.every(({ t }) => typeof t === "number" && t >= 0 && t <= 2)).toBe(true);
    expect(lines[0]).toMatch(/^\{"t":[\d.e-]+,"event":"[a-z-]+","message":\d+/u);
  });

  test("ends with 1 when an objective is missed, and says which", async () => {
    const objective = { id: "speed", title: "Fast", of: "payment", measure: "latency.p99" };
    const scenario = { ...small, objectives: [{ ...objective, is: "at most" as const, value: 0 }] };
    const given = { files: { "a.json": writeScenario(scenario) } };
    const { code, out } = await call(["run", "a.json"], given);
    expect(code).toBe(1);
    expect(out).toContain("1 of 1 objectives missed");
    expect(out).toMatch(/MISSED {2}Fast: payment latency.p99 at most 0, measured/u);
  });

  test("prints a report that a person can read", async () => {
    const { code, out } = await call(["run", "small.spillway.json", ...short], { files });
    expect(code).toBe(0);
    for (const part of [
      "Nodes\n",
      "Channels\n",
      "Subscriptions\n",
      "Calls\n",
      "Books\n",
      "Seed 1, state ",
    ])
      expect(out).toContain(part);
    expect(out.split("\n").every((line) => line === line.trimEnd())).toBe(true);
  });
});

describe("run --at", () => {
  // A hundred a second come, and each of two workers is busy for a second: what is left waits.
  const slow = writeScenario({
    ...small,
    nodes: small.nodes.map((node) => {
      if (node.id === "clients")
        return { ...node, parameters: { rate: 100, arrivals: "constant" } };
      if (node.id !== "payment") return node;
      return { ...node, parameters: { concurrency: 2, serviceTime: constantly(1000) } };
    }),
    timeline: [{ at: 5000, act: "crash", target: "payment" }],
  });
  const run = async (...typed: readonly string[]) =>
    call(["run", "slow.json", ...typed], { files: { "slow.json": slow } });

  test("prints what waits where at the instant as JSON, the end of the instant included", async () => {
    const { code, out, err } = await run("--at", "5s", "--json");
    expect([code, err]).toEqual([0, ""]);
    const state = JSON.parse(out) as State;
    expect(state).toMatchObject({ stateVersion: 1, atSeconds: 5, ended: { reason: "running" } });
    const payment = state.nodes.find(({ id }) => id === "payment");
    expect(payment).toMatchObject({ state: "down", busy: 0, workers: 2, queued: 0 });
    const [subscription] = state.subscriptions;
    expect(subscription!.lagSeconds).toBeGreaterThan(4);
    const { copies } = state.conservation;
    expect(copies.waiting).toBeGreaterThan(350);
    expect(subscription!.waiting + subscription!.inFlight).toBe(copies.waiting + copies.inFlight);
    expect(state.channels[0]!.depths.length).toBe(6);
  });

  test("is the state of a run that goes no further", async () => {
    const report = JSON.parse((await run("--duration", "3995ms", "--json")).out) as Report;
    const state = JSON.parse((await run("--at", "3.995s", "--json")).out) as State;
    expect(state.conservation).toEqual(report.conservation);
    expect(state.events).toBe(report.events);
  });

  test("prints it for a person too, with what blocks and what happened last", async () => {
    const { code, out } = await run("--at", "20s");
    expect(code).toBe(0);
    expect(out).toContain("At 20 s, after ");
    for (const part of ["Nodes\n", "Subscriptions\n", "5 s: payment crashes", "Seed 1, state "])
      expect(out).toContain(part);
    expect(out).toMatch(/Nothing is delivered\n {2}orders → payment: \S/u);
    expect(out.split("\n").every((line) => line === line.trimEnd())).toBe(true);
  });

  test("refuses an instant outside the run, and what is none, with a sentence", async () => {
    for (const [typed, sentence] of [
      ["2m", "from 0 s to 1 min"],
      ["-1s", "lies outside"],
      ["noon", "such as --at 37.5s"],
    ] as const) {
      const { code, err } = await run(`--at=${typed}`);
      expect(code).toBe(2);
      expect(err).toContain(sentence);
    }
    expect((await run("--at", "1min")).code).toBe(0);
  });

  test("writes the event log up to the instant", async () => {
    const { files: written } = await run("--at", "2s", "--events", "log.jsonl");
    const times = (written["log.jsonl"] ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { readonly t: number }).t);
    expect(times.length).toBeGreaterThan(200);
    expect(times.every((t) => t <= 2)).toBe(true);
  });
});

describe("check", () => {
  test("ends with 0 and says so when nothing is wrong", async () => {
    expect(await call(["check", "food-delivery"])).toMatchObject({
      code: 0,
      out: "No problems.\n",
    });
  });

  test("prints each problem with code, place and element, and ends with 1", async () => {
    const schema = { type: "strng" };
    const contracts = small.contracts.map((contract) => ({ ...contract, schema }));
    const given = { files: { "a.json": writeScenario({ ...small, contracts }) } };
    const { code, out } = await call(["check", "a.json"], given);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^error contract\/schema at \/contracts\/0\/schema\/type \(order-placed\): “type”/u,
    );
  });

  test("prints JSON on demand, also for what is no scenario", async () => {
    const { code, out } = await call(["check", "broken.json", "--json"], { files });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ errors: 1, problems: [{ code: "document/syntax" }] });
  });
});

describe("export asyncapi", () => {
  test("prints YAML or JSON", async () => {
    const yaml = await call(["export", "asyncapi", "food-delivery"]);
    expect(yaml.out).toMatch(/^asyncapi: 3\.1\.0\n/u);
    const json = await call(["export", "asyncapi", "food-delivery", "--format", "json"]);
    expect(JSON.parse(json.out)).toMatchObject({ asyncapi: "3.1.0" });
  });

  test("writes files and names them", async () => {
    const typed = [
      "export",
      "asyncapi",
      "small.spillway.json",
      "--out",
      "docs/",
      "--per-application",
    ];
    const { code, out, files: written } = await call(typed, { files });
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual(
      ["clients", "payment", "bank"].map((id) => `docs/${id}.asyncapi.yaml`),
    );
    expect(written["docs/payment.asyncapi.yaml"]).toContain("title: payment");
  });

  test("prints several documents as one stream or one list", async () => {
    const typed = ["export", "asyncapi", "small.spillway.json", "--per-application"];
    expect((await call(typed, { files })).out.split(/^---$/mu)).toHaveLength(3);
    expect(JSON.parse((await call([...typed, "--format=json"], { files })).out)).toHaveLength(3);
  });
});

describe("export asyncapi in other versions and layouts", () => {
  const exported = (...options: readonly string[]) =>
    call(["export", "asyncapi", "small.spillway.json", ...options], { files });

  test.each(["3.1.0", "3.0.0", "2.6.0"])("writes version %s", async (version) => {
    expect((await exported("--version", version)).out).toMatch(`asyncapi: ${version}\n`);
  });

  test("carries the scenario unless it is told not to", async () => {
    const info = async (...options: readonly string[]): Promise<unknown> => {
      const { out } = await exported("--format", "json", ...options);
      return (JSON.parse(out) as { readonly info: unknown }).info;
    };
    expect(await info()).toHaveProperty(["x-spillway", "scenario", "seed"]);
    expect(await info("--no-embed")).toHaveProperty(["x-spillway", "scenario"], "test");
  });

  test("puts shared definitions into a folder of their own", async () => {
    const { files: written } = await exported("--layout", "applications", "--out", "docs");
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(["docs/payment.asyncapi.yaml", "docs/common/channels.yaml"]),
    );
    expect(written["docs/payment.asyncapi.yaml"]).toContain("./common/channels.yaml#/orders");
  });

  test("writes a catalogue", async () => {
    const { out } = await exported("--layout", "catalogue");
    expect(out).not.toMatch(/^operations:/mu);
    expect(out).toContain("sentBy:");
  });

  test.each([
    [["--version", "1.2.0"], "There is no version “1.2.0”"],
    [["--layout", "pile"], "There is no layout “pile”"],
    [["--layout", "catalogue", "--version", "2.6.0"], "AsyncAPI 2.6.0 has no catalogue"],
    [["--layout", "applications"], "Type: --out DIR"],
  ])("says what to type instead of %j", async (options, sentence) => {
    const { code, err } = await exported(...options);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});

describe("link and unlink", () => {
  test("are inverse", async () => {
    const { out } = await call(["link", "small.spillway.json"], { files });
    expect(out).toMatch(/^#spillway1-d1\.[\w-]+\n$/u);
    const back = await call(["unlink", `https://spillway.example/app/${out.trim()}`]);
    expect(back.out).toBe(files["small.spillway.json"]);
  });

  test("put a page before the link", async () => {
    const typed = ["link", "food-delivery", "--base", "http://localhost:4173/#old"];
    expect((await call(typed)).out).toMatch(/^http:\/\/localhost:4173\/#spillway1-d1\./u);
  });

  test("refuse a damaged link with a problem and 1", async () => {
    const { code, out, err } = await call(["unlink", "#spillway1-d1.AAAA"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^error link\/damaged: /u);
  });
});

describe("wrong use", () => {
  test.each([
    [[], "No command was given. Type: spillway list"],
    [["rum"], "“rum” is no command. Did you mean"],
    [["export"], "KIND is missing. Type: spillway export KIND FILE|ID [--out DIR]"],
    [["run"], "FILE|ID is missing. Type: spillway run FILE|ID [--seed N]"],
    [["run", "a", "b"], "“b” is one word too many."],
    [["run", "food-delivry"], 'Did you mean "food-delivery"?'],
    [["run", "food-delivery", "--sed", "1"], 'has no option --sed. Did you mean "--seed"'],
    [["run", "food-delivery", "--seed"], "--seed needs a value. Type: --seed N"],
    [["run", "food-delivery", "--seed", "--json"], "--seed needs a value."],
    [["run", "food-delivery", "--seed", "1.5"], "“1.5” is no seed."],
    [["run", "food-delivery", "--duration", "soon"], "“soon” is no length of a run."],
    [["run", "food-delivery", "--duration", "0.4ms"], "Type a number with a unit from 1 ms to"],
    [["run", "food-delivery", "--set", "payment.nothing=1"], "nothing"],
    [["run", "food-delivery", "--json=yes"], "--json stands alone."],
    [["run", "food-delivery", "--events", "locked/a"], "cannot be written"],
    [["export", "asyncapi", "food-delivery", "--format", "xml"], "no format “xml”"],
    [["export", "asyncapi", "food-delivery", "--out", "locked"], "cannot be written"],
    [["run", "-"], "Standard input cannot be read."],
  ])("%j ends with 2 and one sentence", async (typed, sentence) => {
    const { code, out, err } = await call(typed);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    if (typed.length > 0) expect(out).toBe("");
  });

  test("a document with errors ends with 1, and its problems go to standard error", async () => {
    for (const command of [["run"], ["export", "asyncapi"], ["link"]]) {
      const { code, out, err } = await call([...command, "broken.json"], { files });
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^error document\/syntax: /u);
    }
  });
});

test.each(commands.map((command) => [command.name, command] as const))(
  "%s explains itself",
  async (name, command) => {
    const { code, out } = await call([...name.split(" "), "--help"]);
    expect(code).toBe(0);
    for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
    expect((await call(["--help"])).out).toContain(command.summary);
  },
);

test("tables align and leave out empty columns", () => {
  const rows = [
    ["a", "1", "0"],
    ["Küche", "1,000", ""],
  ];
  expect(table(["", "count", "none"], rows)).toEqual([
    "         count",
    "  a          1",
    "  Küche  1,000",
  ]);
  expect(table(["", "count"], [])).toEqual([]);
});

describe("the real program", () => {
  const start = (...typed: readonly string[]) =>
    spawnSync("npm", ["run", "-s", "cli", "--", ...typed], { encoding: "utf8" });

  test("prints pure JSON, writes files, and ends with the right code", { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "spillway-"));
    try {
      const events = join(folder, "new", "events.jsonl");
      const run = start("run", "food-delivery", "--duration", "1s", "--json", "--events", events);
      expect(JSON.parse(run.stdout)).toMatchObject({ reportVersion: 1 });
      expect(run.status).toBe(0);
      expect(run.stderr).not.toMatch(/error/iu);
      expect(existsSync(events) && readFileSync(events, "utf8").endsWith("}\n")).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("ends with 2 and a sentence on wrong use", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = start("run", "nowhere.json");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("There is no file and no built-in scenario “nowhere.json”.");
  });
});
