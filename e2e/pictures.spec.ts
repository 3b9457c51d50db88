// The main states of the page as pictures, in both themes, compared with those that are kept in `pictures`: whoever changes how
// something looks sees it there. To keep new ones: npx playwright test pictures --update-snapshots. Letters are drawn
// differently by other browsers and fonts, so pictures are compared only where they are those of `pictures/drawnBy.json`.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { App } from "./pages/app.ts";
import { expect, test } from "./fixtures.ts";

const drawnByFile = join(import.meta.dirname, "pictures", "drawnBy.json");

/** Where pages open, and how their letters run: two who agree in this draw the same picture. */
interface DrawnBy {
  readonly browser: string;
  /** Width of a sentence in letters of the page [px]. */
  readonly sentencePx: number;
}

/** Shares of pixels that may differ: edges of letters fall a little differently from run to run. */
const tolerance = { maxDiffPixelRatio: 0.01 } as const;

type State = readonly [name: string, show: (app: App) => Promise<void>];

const states: readonly State[] = [
  ["rest", async () => undefined],
  ["running", async (app) => goTo(app, 1)],
  ["outage", async (app) => goTo(app, 2)],
  ["consistency", async (app) => openTab(app, "Consistency")],
  [
    "trace",
    async (app) => {
      await openTab(app, "Trace");
      await app.page.getByRole("button", { name: "Slowest" }).click();
      const first = app.page.getByRole("button", { name: /^Message \d+/ }).first();
      await first.click();
      await expect(first).toBeHidden();
    },
  ],
  ["contracts", async (app) => openTab(app, "Contracts")],
  ["phone", async () => undefined],
];

for (const theme of ["light", "dark"] as const)
  for (const [name, show] of states)
    test(`${name}, ${theme}`, async ({ app, browser }, { config }) => {
      const { page } = app;
      const phone = { width: 390, height: 844 };
      await page.setViewportSize(name === "phone" ? phone : { width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      // A phone shows the drawing alone.
      await (name === "phone" ? page.goto("./") : app.open());
      await expect(app.canvas.cards.first()).toBeVisible();
      const here = { browser: browser.version(), sentencePx: await sentencePx(page) };
      const isKept = config.updateSnapshots === "all" || config.updateSnapshots === "changed";
      if (isKept) writeFileSync(drawnByFile, JSON.stringify(here));
      test.skip(
        JSON.stringify(here) !== JSON.stringify(drawnBy()),
        `Drawn by ${JSON.stringify(here)}, not by ${JSON.stringify(drawnBy())}: nothing to compare with.`,
      );
      await show(app);
      await page.mouse.move(640, 4);
      await expect(page).toHaveScreenshot(`${name}-${theme}.png`, tolerance);
    });

/** Takes the run so many stretches of 20 s further, and lets it stand there. */
async function goTo({ page, keyboard, transport }: App, stretches: number): Promise<void> {
  await page.getByRole("slider", { name: "Instant of the run" }).focus();
  for (let i = 1; i <= stretches; i++) {
    await keyboard.press("PageUp");
    await expect(page.getByTestId("clock")).toHaveText(`00:${20 * i}.000`, { timeout: 20_000 });
  }
  await expect(transport.bar).toHaveAttribute("data-status", "paused");
}

async function openTab(app: App, name: string): Promise<void> {
  await goTo(app, 2);
  await app.page.getByRole("tab", { name }).click();
}

async function sentencePx(page: Page): Promise<number> {
  return page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    if (context === null) return 0;
    context.font = getComputedStyle(document.body).font;
    return context.measureText("Sphinx of black quartz, judge my vow: 0123456789").width;
  });
}

function drawnBy(): DrawnBy | undefined {
  return existsSync(drawnByFile) ? JSON.parse(readFileSync(drawnByFile, "utf8")) : undefined;
}
