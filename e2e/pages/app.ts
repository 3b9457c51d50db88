// The whole page as a person sees it: bar, palette, canvas, inspector, panel below, dialogs.

import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { Canvas } from "./canvas.ts";
import { Dialogs } from "./dialogs.ts";
import { Inspector } from "./inspector.ts";
import { Keyboard } from "./keyboard.ts";
import { Transport } from "./transport.ts";

/** Tabs of the panel below the canvas. */
export type Tab = "Charts" | "Consistency" | "Contracts" | "Problems" | "Report";

/** The app. */
export class App {
  readonly page: Page;
  readonly canvas: Canvas;
  readonly inspector: Inspector;
  readonly transport: Transport;
  readonly dialogs: Dialogs;
  readonly keyboard: Keyboard;
  /** Name of the document, a button that opens its menu. */
  readonly title: Locator;
  readonly undoButton: Locator;
  readonly redoButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.canvas = new Canvas(page);
    this.inspector = new Inspector(page);
    this.transport = new Transport(page);
    this.dialogs = new Dialogs(page);
    this.keyboard = new Keyboard(page);
    this.title = page.getByRole("button", { name: /^Document: / });
    this.undoButton = page.getByRole("button", { name: /^Undo\b/ });
    this.redoButton = page.getByRole("button", { name: /^Redo\b/ });
  }

  /** Opens the page, with the hash of a link where one is given, and waits until it is drawn. */
  async open(hash = ""): Promise<void> {
    await this.page.goto(`./${hash}`);
    await expect(this.title).toBeVisible();
    await expect(this.inspector.panel.getByRole("textbox", { name: "Title" })).toBeVisible();
  }

  /** Opens the page with an empty document. */
  async newOpen(): Promise<void> {
    await this.open();
    await this.newDocument();
  }

  /** Comes back later. */
  async reload(): Promise<void> {
    await this.page.reload();
    await expect(this.title).toBeVisible();
    await expect(this.inspector.panel.getByRole("textbox", { name: "Title" })).toBeVisible();
  }

  /** Follows a link in the tab that is open already. */
  async follow(hash: string): Promise<void> {
    await this.page.evaluate((next) => {
      location.hash = next;
    }, hash);
  }

  async chooseFromMenu(entry: string): Promise<void> {
    await this.title.click();
    await this.page.getByRole("menuitem", { name: entry }).click();
  }

  async newDocument(): Promise<void> {
    await this.chooseFromMenu("New document");
    await this.expectTitle("Untitled");
  }

  async expectTitle(title: string | RegExp): Promise<void> {
    await expect(this.title).toHaveText(title);
  }

  async expectSaved(): Promise<void> {
    await expect(this.page.getByText("Saved", { exact: true })).toBeVisible();
  }

  async chooseTheme(theme: "Light" | "Dark"): Promise<void> {
    await this.page.getByRole("button", { name: "Theme", exact: true }).click();
    await this.page.getByRole("menuitemradio", { name: theme }).click();
    await expect(this.page.locator("html")).toHaveAttribute("data-theme", theme.toLowerCase());
  }

  /** Adds a part from the palette with a click. */
  async add(kind: "producer" | "service" | "store"): Promise<void> {
    await this.page.getByRole("button", { name: `Add ${kind}`, exact: true }).click();
  }

  /** Adds a broker from the palette. */
  async addBroker(technology: "Apache Kafka" | "RabbitMQ"): Promise<void> {
    await this.page.getByRole("button", { name: "Add broker", exact: true }).click();
    await this.page.getByRole("menuitem", { name: technology }).click();
  }

  /** Opens a tab of the panel below and answers its body. */
  async showTab(tab: Tab): Promise<Locator> {
    await this.page.getByRole("tab", { name: tab }).click();
    return this.page.getByRole("tabpanel", { name: tab });
  }

  /** A short message at the bottom of the page. */
  notice(text: string | RegExp): Locator {
    return this.page.getByRole("paragraph").filter({ hasText: text });
  }

  async dismissNotices(): Promise<void> {
    const dismiss = this.page.getByRole("button", { name: "Dismiss" });
    while (await dismiss.first().isVisible()) await dismiss.first().click();
  }

  /** The document as it would be saved as a file. */
  async savedText(): Promise<string> {
    const downloading = this.page.waitForEvent("download");
    await this.chooseFromMenu("Save as a file");
    return readFile(await (await downloading).path(), "utf8");
  }
}
