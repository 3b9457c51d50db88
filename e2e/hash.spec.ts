// The same scenario, seed and timeline give the same state in the page's worker and in Node, however the run is sliced.

import { createRun } from "../src/engine/run.ts";
import { parseScenarioText } from "../src/model/parse.ts";
import type { Scenario } from "../src/model/scenario.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { workQueue } from "../src/scenarios/workQueue.ts";
import { encodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";

for (const scenario of [foodDelivery, workQueue])
  test(`${scenario.title}: in one piece, the page agrees with Node`, async ({ app }) => {
    await app.open(encodeLink(scenario));
    await app.expectTitle(scenario.title);
    await app.transport.finish();
    expect(await app.transport.stateHash()).toBe(hashInNode(scenario));
  });

test("in slices of a millisecond or two, the page agrees with Node", async ({ app }) => {
  // A tenth of real time: 60 pictures a second are slices of 1.7 ms.
  const short = { ...foodDelivery, load: { duration: 300 } };
  await app.open(encodeLink(withRate(short, 2000)));
  await app.transport.setSpeed("0.1×");
  await app.transport.run();
  await app.transport.expectEnd();
  expect(await app.transport.stateHash()).toBe(hashInNode(withRate(short, 2000)));
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

function withRate(scenario: Scenario, rate: number): Scenario {
  const nodes = scenario.nodes.map((node) =>
    node.kind === "producer" ? { ...node, parameters: { ...node.parameters, rate } } : node,
  );
  return { ...scenario, nodes, timeline: [] };
}

function hashInNode(scenario: Scenario): string {
  const made = createRun(scenario);
  if (!made.ok) throw new Error(made.failure.map(({ message }) => message).join(" "));
  made.value.advance({ untilNs: Number.MAX_SAFE_INTEGER, maxEvents: Number.MAX_SAFE_INTEGER });
  return made.value.stateHash();
}
