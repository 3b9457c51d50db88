// What can be asked of the past of a run, and the answers, which are bounded: who wants more asks again.

import type { MessageEvent } from "./events.ts";
import type { LogFilter } from "./logFilter.ts";

/** A place between two lines of a filtered log: before the line with this number (0-based) of those of an instant. */
export interface LogPlace {
  readonly timeNs: number;
  /** Infinity: after all lines of the instant. */
  readonly line: number;
}

/** A page of the log that begins or ends at a place. */
export interface LogRequest {
  readonly filter: LogFilter;
  readonly at: LogPlace;
  readonly towards: "later" | "earlier";
  /** Most lines of the answer. */
  readonly count: number;
  /** About how many events may be simulated for the answer. */
  readonly maxEvents: number;
}

/** Lines in order of time. */
export interface LogPage {
  readonly records: readonly MessageEvent[];
  /** Where the page begins and ends; the next one in its direction starts there. */
  readonly from: LogPlace;
  readonly to: LogPlace;
  /** Nothing more lies in the direction that was asked for, as far as the run has been simulated. */
  readonly isEnd: boolean;
}

/** A question about the life of a message; asking again goes on. */
export interface TraceRequest {
  /** Number of the message; any one of a tree leads to the whole of it. */
  readonly message: number;
  /** Lines that the asker has got already. */
  readonly have: number;
  /** About how many events may be simulated for the answer. */
  readonly maxEvents: number;
}

/** What happened to a message, to what caused it first, and to everything that this caused. */
export interface TracePart {
  /** Number of the message without a cause, from which everything followed. */
  readonly root: number;
  /** Further lines, in order of time. */
  readonly records: readonly MessageEvent[];
  /** How far it has been followed [ns]. */
  readonly followedNs: number;
  /** Nothing more can have happened up to the latest instant of the run, and all lines have been handed out. */
  readonly isComplete: boolean;
  /** There are more lines than are kept: it was followed no further. */
  readonly isCut: boolean;
}

/** Which messages of the past are looked for. */
export interface SurveyRequest {
  /** The trees that took longest to be handled, or the latest messages that ended badly. */
  readonly what: "slowest" | "dead letters" | "failures";
  /** Id of the contract and key of the message that was handled last, or ended badly. */
  readonly contract?: string;
  readonly key?: string;
  /** Most that are listed. */
  readonly count: number;
  /** About how many events may be simulated for the answer; asking again goes on. */
  readonly maxEvents: number;
}

/** One message that was found. */
export interface Surveyed {
  readonly message: number;
  readonly contract: string | undefined;
  readonly key: string | undefined;
  /** When it was handled, or ended badly [ns], and when its tree began. */
  readonly timeNs: number;
  readonly rootNs: number;
  readonly place: string;
  readonly reason: string | undefined;
}

/** What was found so far: the slowest first, or the latest first. */
export interface Survey {
  readonly found: readonly Surveyed[];
  /** How many there are in all, of which so many are listed. */
  readonly total: number;
  /** How far it was looked [ns]. */
  readonly surveyedNs: number;
  readonly isComplete: boolean;
}
