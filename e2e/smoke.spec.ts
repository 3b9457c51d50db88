// The page opens, says what it is, and neither throws, complains nor breaks its own policy.
import { expect, test } from "@playwright/test";

test("opens without a complaint", async ({ page }) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("requestfailed", (request) => complaints.push(`${request.url()} could not be loaded`));

  await page.goto("./");
  await expect(page).toHaveTitle(/Spillway/);
  await expect(page.locator("#root")).not.toBeEmpty();
  await page.waitForLoadState("networkidle");

  expect(complaints).toEqual([]);
});
