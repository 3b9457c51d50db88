// The first load is small: large libraries come when they are used, and scripts stay within their budget.

import { gzipSync } from "node:zlib";
import type { Page, Response } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** Scripts before the first interaction, packed as servers pack them [bytes]. */
const scriptBytesMax = 201_000;

/** File names of what is large. */
const large = /monaco|codeEditor|editor\.worker|json\.worker|jsonMode|elk|layout|^Chart-|uplot/iu;

/** File names of what only those need who touch the page. */
const later =
  /^(?:adding|editing|copying|linking|link|edit|rules|check|manuals|client|SelectionInspector|Dialogs|parse)-/u;

test("before the first interaction little is loaded, and nothing large", async ({ app }) => {
  const scripts = collectScripts(app.page);
  await app.open();
  await expect(app.canvas.cards.first()).toBeVisible();
  await app.page.waitForLoadState("networkidle");
  const names = [...scripts.keys()];
  expect(names.filter((name) => large.test(name) || later.test(name))).toEqual([]);
  const sizes = await Promise.all([...scripts.values()].map(sizeOf));
  const list = names.map((name, i) => `${name} ${sizes[i]}`).join("\n");
  const sum = sizes.reduce((total, bytes) => total + bytes, 0);
  expect(sum, list).toBeLessThanOrEqual(scriptBytesMax);
});

test("the first touch brings the tools, before anybody has asked for them", async ({ app }) => {
  const scripts = collectScripts(app.page);
  await app.open();
  await expect(app.canvas.cards.first()).toBeVisible();
  await app.page.mouse.move(700, 300);
  const tools = ["adding-", "editing-", "check-", "SelectionInspector-", "Dialogs-", "client-"];
  await expect
    .poll(() => tools.filter((tool) => ![...scripts.keys()].some((name) => name.startsWith(tool))))
    .toEqual([]);
});

test("charts and editor are loaded with their first use", async ({ app }) => {
  const scripts = collectScripts(app.page);
  const has = (part: string): boolean => [...scripts.keys()].some((name) => name.includes(part));
  await app.open();
  await app.transport.run();
  await expect(
    app.page.getByRole("tabpanel", { name: "Charts" }).locator("canvas").first(),
  ).toBeVisible();
  expect(has("Chart-")).toBe(true);
  expect(has("codeEditor")).toBe(false);
  const contracts = await app.showTab("Contracts");
  await expect(contracts.locator("[data-editor=monaco]")).toBeVisible({ timeout: 20_000 });
  expect(has("codeEditor")).toBe(true);
});

/** Scripts by name, as they arrive; workers included. */
function collectScripts(page: Page): ReadonlyMap<string, Response> {
  const scripts = new Map<string, Response>();
  page.context().on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".js")) scripts.set(pathname.split("/").at(-1) ?? "", response);
  });
  return scripts;
}

async function sizeOf(response: Response): Promise<number> {
  return gzipSync(await response.body()).length;
}
