// What every journey begins with: the page objects, and a list of complaints. A journey fails on any error or warning of
// the console, uncaught exception, refused request or violation of the content security policy.

// Journeys read and draw documents of every technology.
import "../src/brokers/simulated.ts";
import "../src/engine/stations/all.ts";
import { expect, test as base } from "@playwright/test";
import type { BrowserContext, Page } from "@playwright/test";
import { App } from "./pages/app.ts";

interface Fixtures {
  readonly app: App;
  /** What the browser complained about so far. */
  readonly complaints: string[];
}

/** A journey. */
export const test = base.extend<Fixtures>({
  complaints: [
    async ({ context }, provide) => {
      const complaints: string[] = [];
      await listen(context, complaints);
      await provide(complaints);
      expect(complaints, "the browser complained").toEqual([]);
    },
    { auto: true },
  ],
  app: async ({ page }, provide) => provide(new App(page)),
});

async function listen(context: BrowserContext, complaints: string[]): Promise<void> {
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // A page that is left or closed gives up what it was loading.
    if (reason !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${reason}`);
  });
  context.on("page", (page: Page) => {
    page.on("dialog", (dialog) => {
      complaints.push(`A window popped up: ${dialog.message()}`);
      void dialog.dismiss();
    });
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      // The only way from the page to the list of complaints.
      // oxlint-disable-next-line no-console
      console.error(`Policy violated: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
}

export { expect } from "@playwright/test";
