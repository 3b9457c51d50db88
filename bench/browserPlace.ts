// Isolates as dedicated workers of a headless Chromium. Each has a page of its own on a server on this machine.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { findChromium } from "../scripts/findChromium.mjs";
import type { Answer, Order, Question } from "./isolate.ts";
import type { Place } from "./place.ts";
import type { ProbeWord } from "./probe.ts";
import type { Sample } from "./row.ts";
import { debugWorkerOf } from "./workerDebugger.ts";

/** Starts a Chromium, found as the journeys find theirs. */
export async function openBrowserPlace(): Promise<Place> {
  const server = await serveIsolate();
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  return {
    name: `Chromium ${browser.version()}`,
    clock: "time on the wall",
    open: async (order: Order) => {
      const page = await browser.newPage();
      const heap = await debugWorkerOf(page);
      await page.exposeFunction("probe", (word: ProbeWord) => heap[word]());
      await page.goto(addressOf(server));
      await ask(page, { ask: "prepare", order });
      return {
        measure: async () => {
          const sample = await ask(page, { ask: "measure" });
          if (sample === null) throw new Error("The worker has not prepared anything.");
          return sample;
        },
        close: () => page.close(),
      };
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

const page = `<!doctype html><title>Bench</title><script>
  const worker = new Worker("isolate.js", { type: "module" });
  globalThis.ask = (question) => new Promise((resolve) => {
    worker.onmessage = async ({ data }) => {
      if (data.probe === undefined) resolve(data);
      else worker.postMessage({ probed: await globalThis.probe(data.probe) });
    };
    worker.onerror = ({ message }) => resolve({ error: message });
    worker.postMessage(question);
  });
</script>`;

/** An empty page and the isolate as its worker. */
async function serveIsolate(): Promise<Server> {
  const program = await readFile(
    join(import.meta.dirname, "..", "browserIsolate", "browserIsolate.js"),
  );
  const server = createServer((request, response) => {
    const isProgram = request.url === "/isolate.js";
    response.writeHead(200, {
      "content-type": isProgram ? "text/javascript" : "text/html; charset=utf-8",
      // A page that is isolated from others gets a clock of 5 µs instead of 100 µs.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(isProgram ? program : page);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

function addressOf(server: Server): string {
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

async function ask(page: Page, question: Question): Promise<Sample | null> {
  const answer = await page.evaluate((asked) => {
    // The page's own script has put it there.
    const { ask: put } = globalThis as unknown as { ask(about: Question): Promise<Answer> };
    return put(asked);
  }, question);
  if ("error" in answer) throw new Error(answer.error);
  return answer.sample;
}
