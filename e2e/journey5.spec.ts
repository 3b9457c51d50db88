// Consistency: what one store lacks of another is seen key by key, is gone when the load has stopped, and stays for good where
// a consumer that crashes is not idempotent. Faults are planned, moved and taken back under the charts.

import type { Locator, Page } from "@playwright/test";
import { idempotentConsumer } from "../src/scenarios/idempotentConsumer.ts";
import { stateTransfer } from "../src/scenarios/stateTransfer.ts";
import { encodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";

test("replicas fall behind while a service is down, and converge after the load", async ({
  app,
  page,
}) => {
  const { canvas, transport } = app;
  await app.open(encodeLink(stateTransfer));
  const view = await app.showTab("Consistency");
  await expect(view).toContainText("to run");
  await transport.setSpeed("10×");
  await transport.run();
  await transport.reach(25);
  await transport.pause();

  // Search calls back and has to wait; the shop front got the state with the event.
  await expect.poll(async () => staleKeys(view, "Search index")).toBeGreaterThan(20);
  expect(await staleKeys(view, "Shop copy")).toBeLessThan(5);
  await expect(canvas.store("Search index")).toContainText(/\d s/u);
  await expect(objectives(page)).toHaveAccessibleName(/missed/u);

  // The arrow keys read single keys.
  await view.getByRole("group", { name: /^Keys by replica/u }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(view).toContainText(/product-\d+ in Search index: version \d+ of \d+/u);

  await transport.finish();
  await expect.poll(async () => staleKeys(view, "Search index")).toBe(0);
  await expect(view.getByRole("button", { name: "Search index all fresh" })).toBeVisible();
  await expect(objectives(page)).toHaveAccessibleName(/^2 of 2 objectives met/u);
});

test("without idempotency a crash diverges for good, and each anomaly leads to its moment", async ({
  app,
}) => {
  const { canvas, inspector, transport } = app;
  await app.open(encodeLink(idempotentConsumer));
  await canvas.service("Reporting").click();
  await inspector.parameter("Idempotent").click();
  await transport.finish();
  const view = await app.showTab("Consistency");
  const list = view.getByRole("region", { name: "Anomalies" });
  const first = list.getByRole("button", { name: /duplicate effect/u }).first();
  await expect(first).toBeVisible();
  // The totals hold more than was deposited.
  const line = view.getByRole("row", { name: /^Totals as Balances says/u });
  await expect(line).toContainText(/\d+ of \d+/u);
  const end = await transport.seconds();
  await first.click();
  await expect.poll(async () => transport.seconds()).toBeLessThan(end - 1);
  expect(await transport.seconds()).toBeGreaterThan(1);
});

test("a fault is planned under the charts, moved by keys, and taken back", async ({
  app,
  page,
}) => {
  await app.open(encodeLink(stateTransfer));
  await page.mouse.move(400, 300);
  const track = page.getByRole("region", { name: "Fault track" });
  await track.getByRole("button", { name: "Add to the timeline, here" }).click();
  await page.getByRole("menuitem", { name: "Crash …" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("To whom", { exact: true }).selectOption({ label: "Shop front" });
  await form.getByLabel("At", { exact: true }).fill("12s");
  await form.getByLabel("Lasts", { exact: true }).fill("4s");
  await form.getByLabel("Lasts", { exact: true }).press("Enter");
  await form.getByRole("button", { name: "Add", exact: true }).click();
  const bar = track.getByRole("button", { name: /^Crash Shop front/u });
  await expect(bar).toHaveAccessibleName("Crash Shop front, 12 s to 16 s (4 s)");
  await bar.focus();
  await page.keyboard.press("ArrowRight");
  await expect(bar).toHaveAccessibleName("Crash Shop front, 13 s to 17 s (4 s)");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(bar).toHaveAccessibleName("Crash Shop front, 13 s to 18 s (5 s)");
  await page.keyboard.press("Delete");
  await expect(bar).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(bar).toHaveAccessibleName("Crash Shop front, 13 s to 18 s (5 s)");
});

/** Stale keys of a replica, as the table for screen readers says. */
async function staleKeys(view: Locator, replica: string): Promise<number> {
  const row = view.getByRole("row", { name: new RegExp(`^${replica} \\d`, "u") }).first();
  return Number(await row.getByRole("cell").first().innerText());
}

function objectives(page: Page): Locator {
  return page.getByRole("button", { name: /objectives met/u });
}
