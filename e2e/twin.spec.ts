// Thirty seconds, to their end: the drawing beside its synchronous twin, in numbers on the screen. And the gallery from which
// drawings are taken, and the advice that they get.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";

test("food delivery keeps every order of an outage in which its twin fails", async ({ app }) => {
  const { dialogs, keyboard, page } = app;
  await app.open();
  await app.expectTitle(/^Food delivery/);
  await keyboard.command("Compare with the synchronous twin");
  const dialog = dialogs.named("The synchronous twin");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("status")).toContainText("Event-driven, none of 2,058 fails", {
    timeout: 30_000,
  });
  await expect(dialog.getByRole("status")).toContainText(/Synchronous, \d+ of 2,058 fail/);
  const row = (name: string) => dialog.getByRole("row", { name: new RegExp(`^${name}`) });
  await expect(row("Accepted").getByRole("cell").first()).toHaveText("100 %");
  await expect(row("Have to be up for an answer")).toContainText("5");
  const { violations } = await new AxeBuilder({ page }).include("dialog").analyze();
  expect(violations).toEqual([]);

  // The twin is a drawing of its own.
  await dialog.getByRole("button", { name: "Open the twin as a document" }).click();
  await app.expectTitle(/synchronous twin/);
  await expect(app.canvas.service("Payment")).toBeVisible();
  await app.transport.setSpeed("10×");
  await keyboard.press("Space");
  await app.transport.reach(1);
});

test("an example is found by what it shows, opened and compared from its report", async ({
  app,
}) => {
  const { dialogs, keyboard, page } = app;
  await app.open();
  await keyboard.press("Control+Shift+o");
  const gallery = dialogs.named("Examples");
  await expect(gallery).toBeVisible();
  await expect(gallery.getByText("Start here")).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include("dialog").analyze();
  expect(violations).toEqual([]);
  await keyboard.type("consumer and comes back");
  await expect(gallery.getByRole("option", { selected: true })).toContainText("Work queue");
  await keyboard.press("Enter");
  await app.expectTitle(/^Work queue/);
  await app.transport.setSpeed("10×");
  await keyboard.press("Space");
  await app.transport.reach(1);
  await app.transport.finish();
  const report = await app.showTab("Report");
  await report.getByRole("button", { name: "Compare with the synchronous twin" }).click();
  await expect(dialogs.named("The synchronous twin").getByRole("status")).toContainText("fail", {
    timeout: 30_000,
  });
});

test("a risk is mended with one click and brought back with one key", async ({ app }) => {
  const { keyboard, page } = app;
  await app.open();
  const problems = await app.showTab("Problems");
  const risks = problems.getByRole("region", { name: "Risks" });
  const payment = risks.getByRole("listitem").filter({ hasText: "Payment writes for every" });
  await expect(payment).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include("[role=tabpanel]").analyze();
  expect(violations).toEqual([]);
  await payment.getByRole("button", { name: /Keep an inbox/ }).click();
  await expect(payment).toBeHidden();
  await page.locator("main").click({ position: { x: 5, y: 5 } });
  await keyboard.press("Control+z");
  await expect(payment).toBeVisible();
});
