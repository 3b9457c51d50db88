// Named limits of a run, with the reason for each number. Reaching one ends the run with a sentence.

import type { RunEnding } from "../model/result.ts";

/** Limits of a run. */
export const limits = {
  /** Messages alive at once: beyond this a tab runs out of memory (about 100 bytes each). */
  messages: 20_000_000,
  /** Causes in a row: an event that (indirectly) causes itself would otherwise never end. */
  chain: 1_000,
  /** Simulation events without any time passing: a loop of zero delays. */
  instant: 5_000_000,
  /** Notes kept of a run: what happens more often is noise. */
  notes: 1_000,
} as const;

/** The ending of a run that has reached a limit. */
export function limitEnding(limit: "messages" | "chain" | "instant", where: string): RunEnding {
  const sentences = {
    messages: `More than ${limits.messages.toLocaleString("en-US")} messages are alive at once, most of them in ${where}: lower the rate, or add consumers, retention or a length limit.`,
    chain: `A chain of ${limits.chain} causes was reached at ${where}: an event leads to itself; break the cycle or give it a probability below 1.`,
    instant: `${limits.instant.toLocaleString("en-US")} events happened at one instant around ${where}: give a delay or a service time above 0.`,
  };
  return { reason: "limit", sentence: sentences[limit] };
}
