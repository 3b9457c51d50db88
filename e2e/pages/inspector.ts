// The panel on the right: what is selected, its parameters, and the timeline of the scenario.

import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

/** The inspector. */
export class Inspector {
  readonly panel: Locator;
  readonly timeline: Locator;

  constructor(page: Page) {
    this.panel = page.getByRole("complementary", { name: "Inspector" });
    this.timeline = this.panel.getByRole("region", { name: "Timeline" });
  }

  /** A parameter by its label. */
  parameter(label: string): Locator {
    return this.panel.getByLabel(label, { exact: true });
  }

  /** Types another value for a parameter. */
  async set(label: string, value: string): Promise<void> {
    await this.parameter(label).fill(value);
    await this.parameter(label).press("Enter");
  }

  async rename(name: string): Promise<void> {
    await this.panel.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  }

  async renameScenario(title: string): Promise<void> {
    await this.panel.getByRole("textbox", { name: "Title" }).fill(title);
  }

  /** The entries of the timeline as sentences. Nothing may be selected. */
  entries(): Locator {
    return this.timeline.getByRole("listitem");
  }

  /** The time of an entry as it is shown: "12.3s". */
  async timeOf(sentence: string): Promise<string> {
    const entry = this.entries().filter({ hasText: sentence }).last();
    await expect(entry).toBeVisible();
    return entry.getByRole("textbox", { name: "Time" }).inputValue();
  }
}
