// Eleven scenarios give the same state and the same number of events in Node, in Chromium's worker and in Firefox's: in
// one piece, and in slices with acts by hand in between. Firefox is Debian's, over WebDriver BiDi; without it, its
// tests are skipped. FIREFOX_PATH chooses a particular one.

import { readdirSync } from "node:fs";
import { test as base } from "@playwright/test";
import puppeteer, { type Browser } from "puppeteer-core";
import { findOnPath } from "../scripts/findProgram.mjs";
import { distributions } from "../src/base/distribution.ts";
import { createRun } from "../src/engine/run.ts";
import type { LiveAct } from "../src/model/result.ts";
import type { Scenario } from "../src/model/scenario.ts";
import { nodeKinds } from "../src/nodes/index.ts";
import { retryFields } from "../src/nodes/patterns/backoff.ts";
import { producerFields } from "../src/nodes/producerFields.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { schemaChange } from "../src/scenarios/schemaChange.ts";
import { workQueue } from "../src/scenarios/workQueue.ts";
import { readabilityFor } from "../src/schemas/readabilityFor.ts";
import { expect, test } from "./fixtures.ts";
import { variedScenario } from "./varied.ts";
import { type Errand, type Outcome, simulateInWorker } from "./workerTalk.ts";

const scenarios: readonly Scenario[] = [
  foodDelivery,
  workQueue,
  schemaChange,
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(variedScenario),
];

const firefoxPath = process.env["FIREFOX_PATH"] || findOnPath(["firefox-esr", "firefox"]);
const noFirefox = "No Firefox is installed here: the same hashes in Firefox were not tested.";

test.describe("in Chromium's worker", () => {
  for (const scenario of scenarios)
    test(`${scenario.title} as in Node`, async ({ page }) => {
      await page.goto("/");
      await expectAsInNode(scenario, (errand) => page.evaluate(simulateInWorker, errand));
    });
});

base.describe("in Firefox's worker", () => {
  let firefox: Browser | undefined;

  base.beforeAll(async () => {
    if (firefoxPath === undefined) process.stdout.write(`${noFirefox}\n`);
    else firefox = await puppeteer.launch({ browser: "firefox", executablePath: firefoxPath });
  });

  base.afterAll(async () => {
    await firefox?.close();
  });

  for (const scenario of scenarios)
    base(`${scenario.title} as in Node`, async ({ baseURL }) => {
      base.skip(firefox === undefined, noFirefox);
      const page = await firefox!.newPage();
      await page.goto(baseURL!);
      await expectAsInNode(scenario, (errand) => page.evaluate(simulateInWorker, errand));
      await page.close();
    });
});

base("the random ones leave nothing out", async () => {
  const varied = scenarios.slice(3);
  const nodes = varied.flatMap((scenario) => scenario.nodes);
  const parameters = JSON.stringify(nodes.map((node) => node.parameters));
  for (const name of Object.keys(distributions))
    expect(parameters).toContain(`"distribution":"${name}"`);
  const { arrivals, bursts, keyChoice } = producerFields;
  const { jitter } = retryFields;
  for (const [name, field] of Object.entries({ arrivals, bursts, keyChoice, jitter }))
    for (const { value } of field.options) expect(parameters).toContain(`"${name}":"${value}"`);
  const kinds = (list: readonly { readonly kind: string }[]): readonly string[] =>
    [...new Set(list.map(({ kind }) => kind))].sort();
  expect(kinds(nodes)).toEqual(Object.keys(nodeKinds).sort());
  const brokers = nodes.flatMap((node) => (node.kind === "broker" ? [node.technology] : []));
  expect(new Set(brokers).size).toBeGreaterThan(4);
  const connections = kinds(varied.flatMap((scenario) => scenario.connections));
  expect(connections).toEqual(
    expect.arrayContaining(["bind", "call", "consume", "publish", "write"]),
  );
  for (const scenario of varied) {
    const acts = new Set(scenario.timeline.map(({ act }) => act));
    expect([...acts]).toEqual(expect.arrayContaining(["crash", "restart", "set"]));
    expect((await simulateInNode(scenario)).events).toBeGreaterThan(5000);
  }
});

/** Simulates in one piece, then in uneven slices with acts by hand, and compares both with Node. */
async function expectAsInNode(
  scenario: Scenario,
  simulate: (errand: Errand) => Promise<Outcome>,
): Promise<void> {
  const url = `/assets/${workerFile()}`;
  const endNs = scenario.load.duration * 1e6;
  const whole = await simulate({ url, scenario, stops: [endNs] });
  expect(whole).toEqual(await simulateInNode(scenario));

  const stops = unevenStops(endNs);
  const sliced = await simulate({ url, scenario, stops, acts: actsByHand(scenario) });
  expect(sliced.entries).toHaveLength(4);
  const replayed = { ...scenario, timeline: [...scenario.timeline, ...sliced.entries] };
  const { entries: _, ...ended } = await simulateInNode(replayed);
  expect(sliced).toMatchObject(ended);
  expect(sliced.stateHash).not.toBe(whole.stateHash);
}

async function simulateInNode(scenario: Scenario): Promise<Outcome> {
  const made = createRun(scenario, { readability: await readabilityFor(scenario) });
  if (!made.ok) throw new Error(made.failure.map(({ message }) => message).join(" "));
  made.value.advance({ untilNs: Infinity, maxEvents: Infinity });
  return { stateHash: made.value.stateHash(), events: made.value.events(), entries: [] };
}

/** A hundred slices, each a little longer than the one before. */
function unevenStops(endNs: number): number[] {
  return Array.from({ length: 100 }, (_, i) => Math.floor((endNs * (i + 1) ** 2) / 10_000));
}

/** What a person does: a crash, a restart, and two changes, each at the end of a slice. */
function actsByHand(scenario: Scenario): Record<number, LiveAct> {
  const service = scenario.nodes.find(({ kind }) => kind === "service")!.id;
  const atARate = scenario.nodes.find(({ parameters }) => parameters?.["rate"] !== undefined)?.id;
  return {
    30: { act: "crash", target: service },
    35:
      atARate === undefined
        ? { act: "set", target: service, parameter: "concurrency", value: 3 }
        : { act: "set", target: atARate, parameter: "rate", value: 33.3 },
    40: { act: "restart", target: service },
    45: { act: "set", target: service, parameter: "errorRate", value: 0.25 },
  };
}

/** The worker of the built app. */
function workerFile(): string {
  return readdirSync("dist/assets").find((file) => file.startsWith("simulation.worker-"))!;
}
