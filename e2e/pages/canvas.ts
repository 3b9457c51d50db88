// The drawing: cards with their live numbers, rows of channels, lines drawn by hand, and the particles that move.

import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

/** Moves of the mouse along a drawn line: a hand does not jump. */
const dragSteps = 24;

/** The canvas. */
export class Canvas {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  producer(name: string): Locator {
    return this.#card("producer", name);
  }

  service(name: string): Locator {
    return this.#card("service", name);
  }

  store(name: string): Locator {
    return this.#card("store", name);
  }

  /** A broker by its technology; its name is the same unless somebody changed it. */
  broker(technology: string, name = technology): Locator {
    return this.#card(technology, name);
  }

  /** The row of a topic, exchange or queue on the card of its broker. */
  channel(kind: "Topic" | "Exchange" | "Queue", name: string): Locator {
    return this.#page.getByRole("button", { name: `${kind} ${name}`, exact: true });
  }

  /** Messages that wait in a channel, as its row says; 0 while it says nothing. */
  async waiting(channel: Locator): Promise<number> {
    return numberBefore("waiting", await channel.innerText());
  }

  /** The number that a card shows before a word: "1,204 sent". */
  async count(card: Locator, word: string): Promise<number> {
    return numberBefore(word, await card.innerText());
  }

  get cards(): Locator {
    return this.#page.getByTestId(/^rf__node-/);
  }

  get lines(): Locator {
    return this.#page.getByTestId(/^rf__edge-/);
  }

  /** Draws a line from the dot of a card or row to the middle of another. */
  async connect(from: Locator, to: Locator): Promise<void> {
    const dot = from.locator(
      ":scope > * > .react-flow__handle.source, :scope > .react-flow__handle.source",
    );
    // The view may still be moving.
    await from.hover({ trial: true });
    const start = await middleOf(dot);
    const end = await middleOf(to);
    const { mouse } = this.#page;
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(end.x, end.y, { steps: dragSteps });
    await mouse.up();
  }

  /** Drags a card by hand. */
  async drag(card: Locator, by: { readonly x: number; readonly y: number }): Promise<void> {
    const { x, y } = await middleOf(card);
    const { mouse } = this.#page;
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + by.x, y + by.y, { steps: dragSteps });
    await mouse.up();
  }

  /** Waits until messages are seen to move: something is painted, and the next pictures differ. */
  async expectMovingMessages(): Promise<void> {
    const seen = new Set<string>();
    await expect
      .poll(async () => {
        const picture = await this.#particles();
        if (picture !== "") seen.add(picture);
        return seen.size;
      }, "pictures with particles")
      .toBeGreaterThanOrEqual(3);
  }

  /** Whether anything is painted under the cards. */
  async hasPaint(): Promise<boolean> {
    return (await this.#particles()) !== "";
  }

  /** A small copy of the painted layer as text; "" when it is transparent everywhere. */
  async #particles(): Promise<string> {
    return this.#page
      .locator("canvas[aria-hidden]")
      .first()
      .evaluate((layer) => {
        if (!(layer instanceof HTMLCanvasElement)) return "";
        const copy = new OffscreenCanvas(200, 120);
        const context = copy.getContext("2d", { willReadFrequently: true });
        context?.drawImage(layer, 0, 0, copy.width, copy.height);
        const { data } = context?.getImageData(0, 0, copy.width, copy.height) ?? { data: [] };
        const painted: number[] = [];
        for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 0) painted.push(at);
        return painted.join();
      });
  }

  #card(kind: string, name: string): Locator {
    const label = new RegExp(`^${escaped(kind)} ${escaped(name)}, `, "u");
    return this.#page.getByRole("group", { name: label });
  }
}

async function middleOf(place: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await place.boundingBox();
  if (box === null) throw new Error(`${String(place)} is not on the screen.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function numberBefore(word: string, text: string): number {
  const match = new RegExp(`([\\d,]+) ${word}`, "u").exec(text);
  return Number(match?.[1]?.replaceAll(",", "") ?? 0);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
}
