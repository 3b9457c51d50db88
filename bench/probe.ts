// How a worker asks the browser's debugger about its own heap: a worker of Chromium cannot see it from inside. The
// worker sends a word to its page, the page calls a function of the bench, and the answer comes back the same way.

import type { Allocation, HeapProbe } from "./row.ts";

/** What is asked of the debugger. */
export type ProbeWord = keyof HeapProbe;

/** From the page to the worker. */
export interface ProbeAnswer {
  readonly probed: number | Allocation | null;
}

/** Whether a message to a worker answers its probe. */
export function isProbeAnswer(data: unknown): data is ProbeAnswer {
  return typeof data === "object" && data !== null && "probed" in data;
}
