// Going back in the page: by mouse, by keyboard, after the end, with acts, and always to the state that Node finds there.

import { createRun } from "../src/engine/run.ts";
import { parseScenarioText } from "../src/model/parse.ts";
import type { Scenario } from "../src/model/scenario.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import { expect, test } from "./fixtures.ts";

test("after the end the handle goes back, and playing on ends in the same state", async ({
  app,
}) => {
  const { transport } = app;
  await app.open();
  await transport.finish();
  const hash = await transport.stateHash();
  await transport.drag(0.5);
  const half = lengthS(foodDelivery) / 2;
  await expect
    .poll(async () => Math.abs((await transport.seconds()) - half))
    .toBeLessThan(half / 10);
  await expect(transport.bar).toHaveAttribute("data-status", "paused");
  await app.keyboard.press("Space");
  await transport.expectEnd();
  expect(await transport.stateHash()).toBe(hash);
});

test("by keyboard: a stretch, an event, the beginning, and as far as it has been", async ({
  app,
}) => {
  const { transport } = app;
  await app.open();
  await transport.handle().focus();
  for (let i = 0; i < 5; i++) await app.page.keyboard.press("ArrowRight");
  const fifth = await transport.stateHash();
  const seconds = await transport.seconds();
  expect(fifth).toBe(hashAt(foodDelivery, seconds * 1e9));
  await transport.handle().focus();
  await app.page.keyboard.press("Home");
  await expect.poll(async () => transport.seconds()).toBe(0);
  await app.page.keyboard.press("End");
  await expect.poll(async () => transport.seconds()).toBe(seconds);
  await app.page.keyboard.press("Tab");
  await app.page.getByRole("tab", { name: "Report" }).click();
  await app.keyboard.press(",", ",", ".", ">", "<");
  await expect(transport.bar).toHaveAttribute("data-status", "paused");
});

test("an act after going back happens then, and the drawing remembers it", async ({ app }) => {
  const { canvas, transport, keyboard } = app;
  await app.open();
  await transport.finish();
  await transport.drag(0.25);
  await expect(transport.bar).toHaveAttribute("data-status", "paused");
  await canvas.service("Payment").click();
  await keyboard.press("k");
  await transport.finish();
  const document = parseScenarioText(await app.savedText());
  if (!document.ok) throw new Error("The saved document cannot be read.");
  expect(document.value.timeline.length).toBe(foodDelivery.timeline.length + 1);
  expect(await transport.stateHash()).toBe(hashAt(document.value, Infinity));
});

function lengthS(scenario: Scenario): number {
  return scenario.load.duration / 1000;
}

function hashAt(scenario: Scenario, untilNs: number): string {
  const run = createRun(scenario);
  if (!run.ok) throw new Error(run.failure[0]?.message);
  run.value.advance({ untilNs, maxEvents: Infinity });
  return run.value.stateHash();
}
