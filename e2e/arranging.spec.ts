// Arranging the drawing: automatic layout, aligning, looking at a part of it, finding things by name. Each is one step back.

import { expect, test } from "./fixtures.ts";
import type { App } from "./pages/app.ts";

/** Left and top of a card on the screen [px]. */
async function placeOf(app: App, id: string): Promise<readonly [number, number]> {
  const box = await app.page.locator(`[data-node-id="${id}"]`).boundingBox();
  return [Math.round(box?.x ?? Number.NaN), Math.round(box?.y ?? Number.NaN)];
}

test("everything is arranged along the flow, and undo puts it back", async ({ app }) => {
  await app.open();
  const before = await placeOf(app, "payment");
  await app.keyboard.press("a");
  await expect(app.page.getByRole("status").filter({ hasText: "15 nodes arranged." })).toHaveCount(
    1,
  );
  // Customers send, Kafka carries, payment receives.
  const xs = await Promise.all(
    ["customers", "kafka", "payment", "payments-db"].map(async (id) => (await placeOf(app, id))[0]),
  );
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  await app.keyboard.press("Control+z");
  await app.keyboard.press("f");
  await expect.poll(async () => placeOf(app, "payment")).toEqual(before);
});

test("several cards are aligned from the inspector", async ({ app }) => {
  await app.open();
  await app.keyboard.press("Control+a");
  const lineUp = app.page.getByRole("group", { name: "Line up" });
  await lineUp.getByRole("button", { name: "Align top edges" }).click();
  const tops = async () =>
    Promise.all(["customers", "kafka", "payment"].map(async (id) => (await placeOf(app, id))[1]));
  await expect.poll(async () => new Set(await tops()).size).toBe(1);
});

test("what does not belong to the selection is dimmed until one wants everything again", async ({
  app,
}) => {
  await app.open();
  await app.page.locator('[data-node-id="payment"]').click({ position: { x: 60, y: 14 } });
  await app.keyboard.press("o");
  const note = app.page.getByText("9 of 15 nodes stand out", { exact: true });
  await expect(note).toBeVisible();
  const twin = app.page.locator(".react-flow__node", { hasText: "Payment (sync)" });
  await expect(twin).toHaveCSS("opacity", "0.22");
  await app.page.getByRole("button", { name: "Show everything" }).click();
  await expect(note).toBeHidden();
  await expect(twin).toHaveCSS("opacity", "1");
});

test("what is drawn is found by its name", async ({ app }) => {
  await app.open();
  await app.keyboard.command("Rides DB");
  await expect(app.page.locator('[data-node-id="rides-db"]')).toHaveAttribute(
    "data-selected",
    "true",
  );
});

test("a line that ends in the void asks what shall stand there, adds it and connects it", async ({
  app,
}) => {
  await app.newOpen();
  await app.keyboard.press("s");
  const card = app.page.locator('[data-node-id][data-kind="service"]');
  await card.hover();
  const dot = await card.locator(".react-flow__handle.source").boundingBox();
  const [x, y] = [(dot?.x ?? 0) + 6, (dot?.y ?? 0) + 6];
  await app.page.mouse.move(x, y);
  await app.page.mouse.down();
  await app.page.mouse.move(x + 200, y + 40, { steps: 5 });
  await app.page.mouse.up();
  const menu = app.page.getByRole("menu", { name: /Connect Service to a new/ });
  await menu.getByRole("menuitem", { name: /Store/ }).click();
  await expect(app.page.locator('[data-node-id][data-kind="store"]')).toBeVisible();
  await expect(app.page.locator('g[data-line="write"]')).toHaveCount(1);
});
