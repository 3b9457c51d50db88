// What somebody does who has only a keyboard: press keys, type, and go on with Tab until they are where they want to be.

import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

/** More stops than any part of the page has; beyond them it cannot be reached. */
const stopsMax = 120;

/** The keyboard. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.keyboard.press(key);
    }
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Runs a command by its name. */
  async command(name: string): Promise<void> {
    await this.press("Control+k");
    await this.choose("All commands", name);
  }

  /** Types into a list that narrows down, and takes what is left first. */
  async choose(list: string, text: string): Promise<void> {
    const dialog = this.#page.getByRole("dialog", { name: list });
    await expect(dialog).toBeVisible();
    await this.type(text);
    await expect(dialog.getByRole("option", { selected: true })).toContainText(text);
    await this.press("Enter");
    await expect(dialog).toBeHidden();
  }

  /** Waits until the focus is somewhere within a place, as it is when a command has led there. */
  async expectFocusIn(place: Locator): Promise<void> {
    await expect(place.locator(":focus")).toBeAttached();
  }

  /** Presses Tab until a place has the focus, or contains it. */
  async tabTo(place: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    await expect(place).toBeVisible();
    for (let stop = 0; stop < stopsMax; stop++) {
      await this.press(key);
      if (await place.evaluate((element) => element.contains(document.activeElement))) return;
    }
    throw new Error(`${String(place)} cannot be reached with ${key}.`);
  }
}
