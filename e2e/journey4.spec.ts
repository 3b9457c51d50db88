// A schema changes: version 2 is edited, the check names who will break, it is rolled out in the middle of a run, and
// exactly those fail, try again and are dead-lettered. The numbers are those of the page.

import type { Locator, Page } from "@playwright/test";
import type { Scenario } from "../src/model/scenario.ts";
import { schemaChange } from "../src/scenarios/schemaChange.ts";
import { encodeLink } from "../src/share/codec.ts";
import { expect, test } from "./fixtures.ts";
import type { App } from "./pages/app.ts";

/** The ready-made scenario as it was before anybody thought of version 2. */
const before: Scenario = {
  ...schemaChange,
  timeline: [],
  connections: schemaChange.connections.map((link) => {
    const { contractVersion: _, reads: __, ...rest } = { contractVersion: "", reads: {}, ...link };
    return rest;
  }),
  contracts: schemaChange.contracts.map(({ earlier = [], ...contract }) => {
    return { ...contract, ...earlier[0] };
  }),
};

test("version 2 breaks exactly those who were named", async ({ app, page }) => {
  const { canvas, inspector, transport, keyboard } = app;
  await app.open(encodeLink(before));
  await app.expectTitle(schemaChange.title);

  await editVersion2(app, page);

  // Analytics and Support go first: they read both versions from the start.
  await app.showTab("Problems");
  for (const name of ["Analytics", "Support"]) {
    await canvas.service(name).click();
    await inspector.panel.getByLabel("Reads OrderPlaced").selectOption("2.0.0");
  }
  await expect(problems(page)).toHaveCount(0);

  // At about 30 s the shop begins to write version 2.
  await transport.setSpeed("10×");
  await transport.run();
  await transport.reach(29);
  await transport.pause();
  await canvas.service("Billing").click();
  await expect(inspector.panel.getByLabel("Reads OrderPlaced")).toHaveValue("1.0.0");
  await canvas.producer("Shop").click();
  await inspector.panel.getByLabel("Writes OrderPlaced").selectOption("2.0.0");
  await keyboard.press("Escape");
  await expect(
    inspector.entries().filter({ hasText: "Roll out OrderPlaced 2.0.0 at Shop" }),
  ).toBeVisible();

  // The check says the same before anything has gone wrong.
  await app.showTab("Problems");
  await expect(problems(page)).toHaveCount(2);
  for (const name of ["Billing", "Shipping"])
    await expect(problems(page).filter({ hasText: `${name} reads OrderPlaced 1.0.0` })).toHaveCount(
      1,
    );
  await expect(canvas.service("Billing")).not.toContainText("failed");

  await transport.run();
  await expect(canvas.service("Billing")).toContainText(/[1-9]\d* failed/);
  await expect(canvas.service("Shipping")).toContainText(/[1-9]\d* failed/);
  await transport.finish();
  await expect(canvas.service("Analytics")).not.toContainText("failed");
  await expectNumbers(app);

  // The rollout stands on the timeline, so the run repeats itself.
  const hash = await transport.stateHash();
  await transport.restart();
  await transport.finish();
  expect(await transport.stateHash()).toBe(hash);
});

/** Begins version 2 in the panel of contracts, adds a currency, and reads what the registry says to it. */
async function editVersion2(app: App, page: Page): Promise<void> {
  const contracts = await app.showTab("Contracts");
  await page.getByRole("button", { name: "Enlarge the panel" }).click();
  await contracts.getByRole("tab", { name: /^Versions/ }).click();
  await contracts.getByLabel("New version").fill("2.0.0");
  await contracts.getByRole("button", { name: "Begin" }).click();
  await contracts.getByRole("tab", { name: "Schema" }).click();
  await write(page, contracts, JSON.stringify(schemaChange.contracts[0]?.schema));
  await expect(contracts).toContainText("The schema is valid.");
  await contracts.getByRole("tab", { name: /^Versions/ }).click();
  await expect(contracts.getByText("The registry takes it: it is BACKWARD.")).toBeVisible();
  const affected = contracts.getByRole("list", { name: "Who does not get on with it" });
  for (const name of ["Billing", "Shipping", "Analytics", "Support"])
    await expect(affected.getByRole("listitem").filter({ hasText: name })).toContainText(
      "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL at /properties/currency",
    );
  await page.getByRole("button", { name: "Make the panel smaller" }).click();
}

/** Puts a text in the place of what the editor has. */
async function write(page: Page, contracts: Locator, text: string): Promise<void> {
  await expect(contracts.locator("[data-editor=monaco]")).toBeVisible({ timeout: 20_000 });
  await contracts.locator(".view-lines").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

/** What the check says about versions. */
function problems(page: Page): Locator {
  return page
    .getByRole("tabpanel", { name: "Problems" })
    .getByRole("button")
    .filter({ hasText: "not readable" });
}

/** Every order of version 2 was read by Analytics, and set aside by the two others after three attempts. */
async function expectNumbers(app: App): Promise<void> {
  const report = await app.showTab("Report");
  const versions = report.getByRole("table", { name: "Versions of events" });
  const row = async (name: string): Promise<readonly string[]> =>
    versions
      .getByRole("row")
      .filter({ hasText: name })
      .filter({ hasText: "2.0.0" })
      .getByRole("cell")
      .allInnerTexts();
  await expect(versions).toBeVisible();
  const [, , written = ""] = await row("Shop");
  expect(Number(written)).toBeGreaterThan(500);
  expect(await row("→ Analytics")).toEqual(["OrderPlaced", "2.0.0", "", "", written, "0"]);
  expect(await row("→ Billing")).toEqual(["OrderPlaced", "2.0.0", "", "", "0", written]);
  expect(await row("→ Shipping")).toEqual(["OrderPlaced", "2.0.0", "", "", "0", written]);
  const deadLetters = (2 * Number(written)).toLocaleString("en-US");
  expect(await row("→ Support")).toEqual(["OrderPlaced", "2.0.0", "", "", deadLetters, "0"]);
  await expect(report).toContainText(`${deadLetters} dead-lettered`);
  await expect(report).toContainText(`${written} unreadable: OrderPlaced 2.0.0, reads 1.0.0`);
  await expect(report).toContainText("The books balance");
}
