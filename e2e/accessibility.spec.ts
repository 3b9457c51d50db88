// Nobody is shut out: no serious finding against WCAG 2.2 AA at rest, running or in dialogs, light or dark; calm on request.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";
import type { App } from "./pages/app.ts";

for (const theme of ["Light", "Dark"] as const) {
  test(`${theme}: at rest, with each tab and something selected`, async ({ app }) => {
    await app.open();
    await app.chooseTheme(theme);
    await expectAccessible(app, "html");
    await app.canvas.service("Payment").click();
    await expectAccessible(app, "aside, main");
    await app.canvas.channel("Topic", "orders").click();
    await app.showTab("Problems");
    await expectAccessible(app, "aside, [role=tabpanel]");
    await app.showTab("Contracts");
    await expect(app.page.locator("[data-editor=monaco]")).toBeVisible({ timeout: 20_000 });
    await expectAccessible(app, "[role=tabpanel]");
    await app.newDocument();
    await expectAccessible(app, "main, aside");
  });

  test(`${theme}: while it runs, crashed, and at its end`, async ({ app }) => {
    await app.open();
    await app.chooseTheme(theme);
    await app.transport.setSpeed("5×");
    await app.transport.run();
    await app.transport.reach(2);
    await app.canvas.service("Payment").click();
    await app.keyboard.press("k");
    await expect(app.canvas.service("Payment")).toContainText("crashed");
    await app.transport.pause();
    await expectAccessible(app, "main, aside, header");
    await app.transport.finish();
    await app.showTab("Report");
    await expect(app.page.getByRole("region", { name: "The books" })).toBeVisible();
    await expectAccessible(app, "[role=tabpanel], header");
  });

  test(`${theme}: dialogs and menus`, async ({ app }) => {
    await app.open();
    await app.chooseTheme(theme);
    for (const command of ["Keyboard shortcuts", "Open …", "Share as a link …", "Export …"]) {
      await app.keyboard.command(command);
      await expect(app.page.getByRole("dialog")).toBeVisible();
      if (command === "Export …") await expect(app.dialogs.exported).toBeVisible();
      await expectAccessible(app, "dialog");
      await app.dialogs.close();
      await expect(app.page.getByRole("dialog")).toBeHidden();
    }
    await app.canvas.service("Payment").click();
    await app.keyboard.press("c");
    await expect(app.dialogs.named("Connect Payment to")).toBeVisible();
    await expectAccessible(app, "dialog");
    await app.keyboard.choose("Connect Payment to", "rides (Topic");
    await expect(app.dialogs.event).toBeVisible();
    await expectAccessible(app, "dialog");
    await app.dialogs.close();
    await app.title.click();
    await expectAccessible(app, "[role=menu]");
  });
}

test("reduced motion: nothing flies or slides, and the run is still seen", async ({ app }) => {
  await app.page.emulateMedia({ reducedMotion: "reduce" });
  await app.open();
  await app.transport.setSpeed("5×");
  await app.transport.run();
  await app.transport.reach(2);
  await app.canvas.service("Payment").click();
  await app.keyboard.press("k");
  await expect(app.canvas.service("Payment")).toContainText("crashed");
  await expect.poll(async () => app.canvas.hasPaint()).toBe(true);
  const moving = await app.page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => animation.playState === "running")
      .map((animation) => Number(animation.effect?.getComputedTiming().activeDuration ?? 0))
      .filter((ms) => ms > 10),
  );
  expect(moving).toEqual([]);
});

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Nothing serious or critical in these parts of the page. */
async function expectAccessible({ page }: App, parts: string): Promise<void> {
  // Colours are measured when they have arrived, not on their way from one theme to the other.
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(moving.map(async (one) => one.finished));
  });
  const { violations } = await new AxeBuilder({ page }).include(parts).withTags(rules).analyze();
  const findings = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => `${id} ${target.join(" ")} ${failureSummary}`),
    );
  expect(findings, parts).toEqual([]);
}
