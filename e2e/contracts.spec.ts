// The panel of contracts: found by a field, begun anew in another version, judged by the registry's rules, with who
// speaks what, samples, and schemas in every language. A problem leads to its line.

import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** The official parser needs its time on a busy machine. */
const late = { timeout: 30_000 } as const;

/** Puts a text in the place of what the editor has. */
async function write(page: Page, contracts: Locator, text: string): Promise<void> {
  await expect(contracts.locator("[data-editor=monaco]")).toBeVisible({ timeout: 20_000 });
  await contracts.locator(".view-lines").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

test("a breaking version is told apart from one that is none", async ({ app, page }) => {
  await app.open();
  const contracts = await app.showTab("Contracts");
  await page.getByRole("button", { name: "Enlarge the panel" }).click();
  await contracts.getByRole("searchbox").fill("driver");
  await expect(contracts.getByRole("button", { name: /^PlaceOrder/ })).toBeHidden();
  await contracts.getByRole("button", { name: /^DriverAssigned/ }).click();
  await contracts.getByRole("searchbox").fill("");

  await contracts.getByRole("tab", { name: /^Versions/ }).click();
  await contracts.getByLabel("New version").fill("2.0.0");
  await contracts.getByRole("button", { name: "Begin" }).click();
  await expect(contracts.getByText("The registry takes it")).toBeVisible();
  await contracts.getByRole("tab", { name: "Used by 2" }).click();
  for (const speaker of await contracts.getByRole("combobox", { name: /^Version that/ }).all())
    await expect(speaker).toHaveValue("1.0.0");

  await contracts.getByRole("tab", { name: "Schema" }).click();
  await write(page, contracts, '{"type":"object","properties":{"driver":{"type":"integer"}}}');
  await expect(contracts).toContainText("The schema is valid.");
  await contracts.getByRole("tab", { name: /^Versions/ }).click();
  await expect(contracts.getByText("The registry refuses it: it is not BACKWARD.")).toBeVisible();
  await expect(contracts.getByText(/^TYPE_CHANGED at \/properties\/driver/).first()).toBeVisible();
  await contracts.getByText("A message of 1.0.0 that 2.0.0 cannot read").click();
  await expect(contracts.locator("[data-editor=diff] .view-lines").first()).toBeVisible();

  await contracts.getByRole("button", { name: "Delete version 2.0.0" }).click();
  await expect(contracts.getByRole("tab", { name: "Versions 1" })).toBeVisible();
  await app.undoButton.click();
  await expect(contracts.getByRole("tab", { name: "Versions 2" })).toBeVisible();
});

test("Avro and Protobuf have editors, problems and samples of their own", async ({ app, page }) => {
  await app.newOpen();
  const contracts = await app.showTab("Contracts");
  await page.getByRole("button", { name: "Enlarge the panel" }).click();
  await contracts.getByRole("button", { name: "Add an event" }).click();
  await contracts.getByRole("tab", { name: "About" }).click();
  await contracts.getByLabel("Schema language").selectOption("Protobuf");
  await contracts.getByRole("tab", { name: "Schema" }).click();
  await write(page, contracts, 'syntax = "proto3";\nmessage Order { strin id = 1; }');
  await contracts.getByRole("button", { name: /^Line 2: / }).click();
  await write(page, contracts, 'syntax = "proto3";\nmessage Order { string id = 1; }');
  await expect(contracts).toContainText("The schema is valid.");
  await contracts.getByRole("tab", { name: "Samples" }).click();
  await expect(contracts.locator("pre").first()).toContainText('"id"');

  await contracts.getByRole("tab", { name: "About" }).click();
  await contracts.getByLabel("Schema language").selectOption("Avro");
  await contracts.getByRole("tab", { name: "Schema" }).click();
  await write(
    page,
    contracts,
    '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}',
  );
  await expect(contracts).toContainText("The schema is valid.");
  await contracts.getByRole("tab", { name: "Samples" }).click();
  await expect(contracts.locator("pre").first()).toContainText('"id"');
});

test("samples travel as CloudEvents where the contract says so", async ({ app, page }) => {
  await app.newOpen();
  const contracts = await app.showTab("Contracts");
  await page.getByRole("button", { name: "Enlarge the panel" }).click();
  await contracts.getByRole("button", { name: "Add an event" }).click();
  await contracts.getByRole("tab", { name: "About" }).click();
  await contracts.getByLabel("Envelope").selectOption("binary");
  await contracts.getByRole("tab", { name: "Samples" }).click();
  await expect(contracts.getByLabel("Headers of sample 1")).toContainText("ce_specversion: 1.0");
  await expect(contracts.getByLabel("Body of sample 1")).not.toContainText("specversion");

  await contracts.getByRole("tab", { name: "About" }).click();
  await contracts.getByLabel("Envelope").selectOption("structured");
  await contracts.getByRole("tab", { name: "Samples" }).click();
  await expect(contracts.getByLabel("Headers of sample 1")).toHaveText(
    "content-type: application/cloudevents+json",
  );
  await expect(contracts.getByLabel("Body of sample 1")).toContainText('"specversion": "1.0"');
});

test("a schema is inferred from messages, and a problem leads to its line", async ({
  app,
  page,
}) => {
  await app.newOpen();
  const contracts = await app.showTab("Contracts");
  await page.getByRole("button", { name: "Enlarge the panel" }).click();
  await contracts.getByRole("button", { name: "Add an event" }).click();
  await contracts.getByRole("tab", { name: "Samples" }).click();
  await contracts.getByLabel("Infer the schema from messages").fill('{"id": 1}\n{"id": 2, "at": ');
  await contracts.getByRole("button", { name: "Use as schema" }).click();
  await expect(contracts.getByRole("alert")).toContainText("Line 2");
  await contracts
    .getByLabel("Infer the schema from messages")
    .fill('{"id": 1}\n{"id": 2, "b": true}');
  await contracts.getByRole("button", { name: "Use as schema" }).click();
  await contracts.getByRole("tab", { name: "Schema" }).click();
  await expect(contracts.locator(".view-lines")).toContainText("boolean");

  await write(page, contracts, '{ "type": "strin" }');
  await expect(contracts.getByRole("button", { name: /^Line 1: / })).toBeVisible();
  await app.showTab("Problems");
  await page.getByRole("button", { name: /NewEvent.*strin/ }).click();
  await expect(page.locator(".monaco-editor.focused")).toBeVisible();
  await expect(page.locator(".squiggly-error")).toBeVisible();
});

const shop = `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
servers: { main: { host: kafka.example.com, protocol: kafka } }
operations:
  place: { action: send, channel: { $ref: '#/channels/orders' } }
channels:
  orders:
    messages: { OrderPlaced: { payload: { type: object } } }
    address: orders`;

test("an imported document is edited with completion, and the drawing follows", async ({
  app,
  page,
}) => {
  await app.open();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("import asyncapi");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Import AsyncAPI" });
  await dialog.getByLabel("Or paste a document").fill(shop);
  await dialog.getByRole("button", { name: "Read the text" }).click();
  await dialog.locator("[data-tone=main]").click();
  await app.expectTitle("Shop");

  const contracts = await app.showTab("Contracts");
  await page.getByRole("button", { name: "Enlarge the panel" }).click();
  await contracts.getByRole("button", { name: "pasted.yaml" }).click();
  await expect(contracts.getByText("The drawing follows this text.")).toBeVisible(late);
  await contracts.locator(".view-lines").first().click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("defaultCon");
  await page.keyboard.press("Control+Space");
  await expect(page.locator(".suggest-widget")).toContainText("defaultContentType", late);
  await expect(contracts.getByText(/^Not taken over yet/)).toBeVisible(late);
  await page.keyboard.press("Enter");
  await page.keyboard.type("application/json");
  await expect(contracts.getByText("The drawing follows this text.")).toBeVisible(late);

  await page.keyboard.press("Control+End");
  await page.keyboard.type("-2");
  const outline = page.getByRole("region", { name: "Outline" });
  await expect(outline).toContainText("orders-2", late);
});
