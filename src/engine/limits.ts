// Named limits of a run, with the reason for each number. Reaching one ends the run with a sentence.

import type { RunEnding } from "../model/result.ts";

/** Limits of a run. */
export const limits = {
  /** Events and deeds: some hours of computing, more than anybody waits for. */
  events: 100_000_000_000,
  /** State [bytes]: with what is held in reserve up to twice as much, and a tab has about four billion. */
  memory: 2_000_000_000,
  /** Messages alive at once: beyond this a tab runs out of memory (about 100 bytes each). */
  messages: 20_000_000,
  /** Copies in brokers at once: one message may have thousands (a fanout), each about as large. */
  copies: 20_000_000,
  /** Requests under way or waiting at once: each attempt of a call leaves one, even when nobody waits for it. */
  requests: 20_000_000,
  /** Causes in a row: an event that (indirectly) causes itself would otherwise never end. */
  chain: 1_000,
  /** Simulation events without any time passing: a loop of zero delays. */
  instant: 5_000_000,
  /** Flows whose latencies are remembered (some kilobytes each): entries and services multiply. */
  flows: 10_000,
  /** Notes kept of a run: what happens more often is noise. */
  notes: 1_000,
} as const;

const sentences = {
  events: (where: string) =>
    `The run has simulated ${most("events")} events and come to ${where}: shorten the run, or lower the rates.`,
  memory: (where: string) =>
    `The state of the run has grown beyond ${limits.memory / 1e6} MB at ${where}: lower the rates, or add consumers, retention or a length limit.`,
  messages: (where: string) =>
    `More than ${most("messages")} messages are alive at once, most of them in ${where}: lower the rate, or add consumers, retention or a length limit.`,
  copies: (where: string) =>
    `More than ${most("copies")} copies of messages are in the brokers at once, the latest in ${where}: lower the rate, bind fewer queues, or add consumers or a length limit.`,
  requests: (where: string) =>
    `More than ${most("requests")} requests are under way or waiting at once, the latest over ${where}: lower the rate or the attempts, or limit the request queue.`,
  chain: (where: string) =>
    `A chain of ${limits.chain} causes was reached at ${where}: an event leads to itself; break the cycle or give it a probability below 1.`,
  instant: (where: string) =>
    `${most("instant")} events happened at one instant around ${where}: give a delay or a service time above 0.`,
} as const;

function most(limit: keyof typeof limits): string {
  return limits[limit].toLocaleString("en-US");
}

/** The ending of a run that has reached a limit. */
export function limitEnding(limit: keyof typeof sentences, where: string): RunEnding {
  return { reason: "limit", sentence: sentences[limit](where) };
}

/** Events between two looks at how much memory the state needs, which takes as long as some thousand of them. */
export const eventsBetweenLooks = 1 << 18;
