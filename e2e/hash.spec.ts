// The same scenario, seed and timeline give the same state in the page's worker and in Node, however the run is sliced.

import { createRun } from "../src/engine/run.ts";
import { parseScenarioText } from "../src/model/parse.ts";
import type { Scenario } from "../src/model/scenario.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { workQueue } from "../src/scenarios/workQueue.ts";
import { encodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";
import { simulateInWorker } from "./workerTalk.ts";

for (const scenario of [foodDelivery, workQueue])
  test(`${scenario.title}: in one piece, the page agrees with Node`, async ({ app }) => {
    await app.open(encodeLink(scenario));
    await app.expectTitle(scenario.title);
    await app.transport.finish();
    expect(await app.transport.stateHash()).toBe(hashInNode(scenario));
  });

test("in slices of exactly 1 ms, the worker agrees with Node", async ({ app }) => {
  const short = { ...foodDelivery, load: { duration: 3000 } };
  await app.open();
  // The page asks for as much as a picture needs; here the worker itself is asked, a millisecond at a time.
  const starting = app.page.waitForEvent("worker");
  await app.transport.run();
  const url = (await starting).url();
  const stops = Array.from({ length: short.load.duration }, (_, ms) => (ms + 1) * 1e6);
  const ended = await app.page.evaluate(simulateInWorker, { url, scenario: short, stops });
  expect(ended.stateHash).toBe(hashInNode(short));
});

test("paused, stepped and at changing speeds, the page agrees with Node", async ({ app }) => {
  await app.open();
  await app.transport.setSpeed("2×");
  await app.transport.run();
  await app.transport.reach(1);
  await app.transport.pause();
  await app.keyboard.press(".", ".", ".");
  await app.transport.setSpeed("50×");
  await app.transport.run();
  await app.transport.reach(20);
  await app.transport.finish();
  expect(await app.transport.stateHash()).toBe(hashInNode(foodDelivery));
});

test("another seed gives another state, the same in both", async ({ app }) => {
  await app.open();
  await app.transport.setSeed(7);
  await app.transport.finish();
  const hash = await app.transport.stateHash();
  expect(hash).toBe(hashInNode({ ...foodDelivery, seed: 7 }));
  expect(hash).not.toBe(hashInNode(foodDelivery));
});

test("a crash, a restart and a change made by hand replay in Node", async ({ app }) => {
  const { canvas, transport, keyboard, inspector } = app;
  await app.open();
  await transport.setSpeed("10×");
  await transport.run();
  await transport.reach(2);
  await canvas.service("Payment").click();
  await keyboard.press("k");
  await expect(canvas.service("Payment")).toContainText("crashed");
  await transport.reach(8);
  await keyboard.press("r");
  await inspector.set("Workers", "5");
  await expect(canvas.service("Payment")).toContainText("of 5");
  await transport.finish();
  const hash = await transport.stateHash();

  const saved = parseScenarioText(await app.savedText());
  if (!saved.ok) throw new Error(saved.failure.map(({ message }) => message).join(" "));
  expect(saved.value.timeline).toHaveLength(foodDelivery.timeline.length + 3);
  expect(hash).toBe(hashInNode(saved.value));
});

function hashInNode(scenario: Scenario): string {
  const made = createRun(scenario);
  if (!made.ok) throw new Error(made.failure.map(({ message }) => message).join(" "));
  made.value.advance({ untilNs: Number.MAX_SAFE_INTEGER, maxEvents: Number.MAX_SAFE_INTEGER });
  return made.value.stateHash();
}
