// Bookmarks and presenting: moments of a run are kept, captioned, and stepped through with arrow keys; a link carries them.

import { expect, test } from "./fixtures.ts";

test("two moments are bookmarked and presented by keyboard", async ({ app }) => {
  const { page, keyboard } = app;
  await app.open();
  const clock = page.getByTestId("clock");
  await page.getByRole("button", { name: "One event further" }).click();
  await expect(clock).toHaveText(/^00:00\.0[1-9]/u, { timeout: 30_000 });
  await keyboard.press("m");
  const captions = page.getByRole("textbox", { name: /Caption of bookmark/ });
  await captions.first().fill("Everything is empty.");
  await page.getByRole("slider", { name: "Instant of the run" }).focus();
  // Ten stretches on: a slider grows by it.
  await keyboard.press("PageUp");
  await expect(clock).toHaveText("00:20.045", { timeout: 20_000 });
  await page.locator('[data-node-id="payment"]').click({ position: { x: 60, y: 14 } });
  await keyboard.press("o", "m");
  await expect(captions).toHaveCount(2);
  await captions.nth(1).fill("Payments wait.");
  await page.locator(".react-flow__pane").click({ position: { x: 20, y: 20 } });
  await keyboard.press("Escape");
  await keyboard.press("Shift+P");

  const bar = page.getByRole("region", { name: "Presentation" });
  await expect(bar).toContainText("Everything is empty.");
  await expect(bar).toContainText("1 / 2");
  await expect(page.getByRole("complementary", { name: "Inspector" })).toHaveCount(0);
  await keyboard.press("ArrowRight");
  await expect(bar).toContainText("Payments wait.");
  await expect(clock).toHaveText("00:20.045");
  const twin = page.locator(".react-flow__node", { hasText: "Payment (sync)" });
  await expect(twin).toHaveCSS("opacity", "0.22");
  // Beyond the end it stays, and Escape ends it.
  await keyboard.press("ArrowRight", "Escape");
  await expect(bar).toBeHidden();
  await expect(page.getByRole("complementary", { name: "Inspector" })).toBeVisible();
  await expect(twin).toHaveCSS("opacity", "1");
});
