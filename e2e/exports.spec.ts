// The export dialog: every way out shows its files and saves them, pictures are drawn, and nothing is loaded before.

import { readFileSync } from "node:fs";
import type { Download } from "@playwright/test";
import { waysOut } from "../src/exports/index.ts";
import { foodDelivery } from "../src/scenarios/foodDelivery.ts";
import type { App } from "./pages/app.ts";
import { expect, test } from "./fixtures.ts";

test("every way out shows what it makes and saves it", async ({ app }) => {
  const { dialogs } = app;
  await app.open();
  await dialogs.openExport();
  for (const { id, label, description, concerns } of waysOut) {
    if (concerns?.(foodDelivery) === false) {
      await expect(dialogs.export.getByRole("radio", { name: label, exact: true })).toHaveCount(0);
      continue;
    }
    await dialogs.chooseWay(label);
    await expect(dialogs.export.getByText(description)).toBeVisible();
    const shown = dialogs.exported;
    await expect(shown, label).toBeVisible({ timeout: 20_000 });
    if (id !== "svg") await expect(shown, label).toContainText(/\S{3}/u);
    const saved = await save(app, /^Download (?!all|as PNG)/u);
    const name = (await shown.getAttribute("aria-label")) ?? "";
    expect(saved.suggestedFilename(), label).toBe(name.split("/").at(-1));
    expect(await textOf(saved), label).toMatch(/\S/u);
  }
});

test("a picture is drawn, and saved as SVG and as PNG", async ({ app }) => {
  const { dialogs } = app;
  await app.open();
  await dialogs.openExport();
  await dialogs.chooseWay("Picture");
  const picture = dialogs.export.getByRole("img", { name: "The canvas" });
  const widthOf = async () =>
    picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
  await expect.poll(widthOf).toBeGreaterThan(1000);
  const png = readFileSync(await (await save(app, "Download as PNG")).path());
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(2 * (await widthOf()));

  await dialogs.export.getByLabel("Dark").check();
  const svg = await textOf(await save(app, "Download food-delivery.svg"));
  expect(svg).toContain("#0c1417");
  const root = await app.page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, "image/svg+xml");
    return read.querySelector("parsererror")?.textContent ?? read.documentElement.tagName;
  }, svg);
  expect(root).toBe("svg");
});

test("types and models are made in the page, in every language", async ({ app }) => {
  const { dialogs } = app;
  await app.open();
  await dialogs.openExport();
  await dialogs.chooseWay("Types and models");
  await expect(dialogs.exported).toContainText("export interface PlaceOrder {");
  for (const [language, beginning] of [
    ["Java", "package events;"],
    ["Python", "from dataclasses import dataclass"],
    ["C#", "namespace Events"],
    ["Go", "package events"],
  ] as const) {
    await dialogs.export.getByLabel(language, { exact: true }).check();
    await expect(dialogs.exported).toContainText(beginning, { timeout: 20_000 });
  }
});

test("by keyboard: another way out, another option, a copy", async ({ app }) => {
  const { dialogs, keyboard } = app;
  await app.open();
  await keyboard.command("Export …");
  await keyboard.tabTo(dialogs.export.getByRole("radio", { name: "AsyncAPI" }));
  // Past the imported files and the picture.
  for (let step = 0; step < 2; step++) await keyboard.press("ArrowDown");
  const preview = dialogs.export.getByRole("region", { name: "food-delivery.mmd" });
  await expect(preview).toContainText("flowchart LR");
  await keyboard.tabTo(dialogs.export.getByLabel("Flowchart"));
  await keyboard.press("ArrowRight");
  await expect(dialogs.export.getByRole("region", { name: /place-order/u })).toContainText(
    "sequenceDiagram",
  );
  await keyboard.tabTo(dialogs.export.getByRole("button", { name: "Copy" }));
  await keyboard.press("Enter");
  await expect(app.notice(/^Copied food-delivery\..*\.mmd\.$/u)).toBeVisible();
});

test("what is exported is loaded when somebody asks for it", async ({ app }) => {
  const names: string[] = [];
  app.page.on("response", (response) => names.push(response.url().split("/").at(-1) ?? ""));
  await app.open();
  await expect(app.canvas.cards.first()).toBeVisible();
  await app.page.waitForLoadState("networkidle");
  expect(names.filter((name) => /^exports?/iu.test(name))).toEqual([]);
  await app.dialogs.openExport();
  await expect(app.dialogs.export.getByText("asyncapi: 3")).toBeVisible();
  expect(names.filter((name) => /^export/iu.test(name))).not.toEqual([]);
});

test("there is a menu in place of the list where there is little room", async ({ app }) => {
  await app.open();
  await app.dialogs.openExport();
  await app.page.setViewportSize({ width: 390, height: 844 });
  const dialog = app.dialogs.export;
  await dialog.getByRole("combobox", { name: "Way out" }).selectOption("Docker Compose");
  await expect(app.dialogs.exported).toContainText("services:");
  const box = await dialog.boundingBox();
  expect(box?.width).toBeLessThanOrEqual(390);
  for (const button of await dialog.getByRole("button").all()) {
    const place = await button.boundingBox();
    expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual(390);
  }
});

async function save(app: App, button: string | RegExp): Promise<Download> {
  const downloading = app.page.waitForEvent("download");
  await app.dialogs.export.getByRole("button", { name: button }).click();
  return downloading;
}

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), "utf8");
}
