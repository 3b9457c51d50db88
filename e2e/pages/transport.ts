// The controls of the run, its clock, and the report about it.

import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

/** Speeds that are offered. */
export type Speed = "0.1×" | "1×" | "2×" | "5×" | "10×" | "50×" | "max";

/** The transport. */
export class Transport {
  readonly bar: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.bar = page.getByRole("group", { name: "Run", exact: true });
  }

  async run(): Promise<void> {
    await this.bar.getByRole("button", { name: "Run", exact: true }).click();
  }

  async pause(): Promise<void> {
    await this.bar.getByRole("button", { name: "Pause" }).click();
  }

  async restart(): Promise<void> {
    await this.bar.getByRole("button", { name: "Back to the beginning" }).click();
    await expect(this.bar.getByRole("timer")).toContainText("00:00.000");
  }

  async setSpeed(speed: Speed): Promise<void> {
    await this.bar.getByLabel("Speed").selectOption({ label: speed });
  }

  async setSeed(seed: number): Promise<void> {
    const field = this.bar.getByLabel("seed");
    await field.fill(String(seed));
    await field.press("Enter");
  }

  /** The handle on the time bar. */
  handle(): Locator {
    return this.bar.getByRole("slider", { name: "Instant of the run" });
  }

  /** Drags the handle over the time bar, from where it is to a share of the run. */
  async drag(share: number): Promise<void> {
    const box = await this.handle().boundingBox();
    if (box === null) throw new Error("The time bar is not on the screen.");
    const at = (part: number) => box.x + 6 + (box.width - 12) * part;
    const now = Number(await this.handle().inputValue());
    const length = Number(await this.handle().getAttribute("max"));
    await this.#page.mouse.move(at(now / length), box.y + box.height / 2);
    await this.#page.mouse.down();
    await this.#page.mouse.move(at((now / length + share) / 2), box.y + box.height / 2);
    await this.#page.mouse.move(at(share), box.y + box.height / 2);
    await this.#page.mouse.up();
  }

  /** Simulated time [s]. */
  async seconds(): Promise<number> {
    const text = await this.bar.getByRole("timer").innerText();
    const [, minutes = "0", seconds = "0"] = /(\d+):(\d+\.\d+)/u.exec(text) ?? [];
    return Number(minutes) * 60 + Number(seconds);
  }

  /** Waits until the run has come so far [simulated seconds]. */
  async reach(seconds: number): Promise<void> {
    await expect
      .poll(async () => this.seconds(), {
        message: `${seconds} s`,
        intervals: [50],
        timeout: 30_000,
      })
      .toBeGreaterThanOrEqual(seconds);
  }

  /** Goes on to the end, as fast as possible. */
  async finish(): Promise<void> {
    await this.setSpeed("max");
    const start = this.bar.getByRole("button", { name: "Run", exact: true });
    if (await start.isVisible()) await start.click();
    await this.expectEnd();
  }

  async expectEnd(): Promise<void> {
    await expect(this.bar.getByRole("status")).toContainText("reached its end", {
      timeout: 30_000,
    });
  }

  /** The fingerprint of the state that the run has come to, as the report tells it. */
  async stateHash(): Promise<string> {
    await this.#page.getByRole("tab", { name: "Report" }).click();
    const hash = this.#page.getByRole("tabpanel").getByText(/^[0-9a-f]{16}$/u);
    await expect(hash).toBeVisible();
    return hash.innerText();
  }
}
