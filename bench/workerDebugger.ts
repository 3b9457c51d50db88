// The debugger of the one worker of a page, over the Chrome DevTools Protocol: memory after a collection, and a sample
// of everything that is allocated.

import type { CDPSession, Page } from "@playwright/test";
import type { Allocation, HeapProbe } from "./row.ts";

/** Between two samples of what is allocated lie about so many bytes. */
const samplingInterval = 4096;

interface ProfileNode {
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

/** Attaches to the worker that the page will start. */
export async function debugWorkerOf(page: Page): Promise<HeapProbe> {
  const session = await page.context().newCDPSession(page);
  const ask = await talkToWorker(session);
  return {
    settledBytes: async () => {
      await ask("HeapProfiler.collectGarbage");
      const { usedSize } = (await ask("Runtime.getHeapUsage")) as { readonly usedSize: number };
      return usedSize;
    },
    startCounting: async () => {
      await ask("HeapProfiler.startSampling", {
        samplingInterval,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      });
    },
    stopCounting: async (): Promise<Allocation> => {
      const answer = await ask("HeapProfiler.stopSampling");
      const { profile } = answer as { readonly profile: { readonly head: ProfileNode } };
      return { youngCollections: null, bytes: sizeOf(profile.head) };
    },
  };
}

type Ask = (method: string, parameters?: object) => Promise<unknown>;

async function talkToWorker(session: CDPSession): Promise<Ask> {
  const waiting = new Map<number, (result: unknown) => void>();
  let sessionId = "";
  let asked = 0;
  session.on("Target.attachedToTarget", (attached) => {
    sessionId = attached.sessionId;
  });
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message) as {
      readonly id?: number;
      readonly result: unknown;
    };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  // Playwright speaks only to whole pages; what is not flattened can be passed on to a worker by hand.
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  return async (method, params = {}) => {
    const id = ++asked;
    const answered = new Promise((resolve) => {
      waiting.set(id, resolve);
    });
    const message = JSON.stringify({ id, method, params });
    await session.send("Target.sendMessageToTarget", { sessionId, message });
    return answered;
  };
}

function sizeOf({ selfSize, children }: ProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}
