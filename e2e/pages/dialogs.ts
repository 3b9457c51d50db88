// The dialogs: connecting, exporting, sharing, the documents of this browser, and the lists one types into.

import type { Locator, Page } from "@playwright/test";

/** The dialogs. */
export class Dialogs {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  named(name: string): Locator {
    return this.#page.getByRole("dialog", { name });
  }

  /** Which event a producer or service publishes. */
  get event(): Locator {
    return this.named("Which event is published?");
  }

  /** From which channel a service consumes. */
  get subscription(): Locator {
    return this.named("What is consumed?");
  }

  get share(): Locator {
    return this.named("Share");
  }

  get export(): Locator {
    return this.named("Export");
  }

  /** Which of several exported files is shown. */
  get exportedFile(): Locator {
    return this.export.getByRole("combobox", { name: "File" });
  }

  /** Chooses a way out by its name in the list. */
  async chooseWay(name: string): Promise<void> {
    await this.export.getByRole("radio", { name, exact: true }).check();
  }

  get documents(): Locator {
    return this.named("Documents in this browser");
  }

  /** Answers the question for an event: its name and, where it shall differ, that of its channel. */
  async publish(event: string, channel?: string): Promise<void> {
    await this.event.getByLabel("Event").fill(event);
    if (channel !== undefined) await this.event.getByLabel(/^Name of the new/u).fill(channel);
    await this.event.getByRole("button", { name: "Connect" }).click();
  }

  async openShare(): Promise<void> {
    await this.#page.getByRole("button", { name: "Share as a link" }).click();
  }

  /** The link that the dialog shows. */
  async link(): Promise<string> {
    return this.share.getByLabel("Link to this scenario").inputValue();
  }

  async openExport(): Promise<void> {
    await this.#page.getByRole("button", { name: "Export", exact: true }).click();
  }

  /** The file that the export shows, inside the region of the way out. */
  get exported(): Locator {
    return this.export.getByRole("region").getByRole("region");
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press("Escape");
  }
}
