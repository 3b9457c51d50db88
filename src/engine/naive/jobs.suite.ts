// What workers of the naive engine are at: a job is an object that knows its message, its steps and what it waits for.

import type { HandlerStep } from "../../model/handler.ts";
import type { StepOutcome } from "../../model/scenario.ts";
import type { Call, Request } from "./calls.suite.ts";
import type { Knowledge } from "./data.suite.ts";
import type { Timer } from "./eventArray.suite.ts";
import type { Delivery, Message } from "./things.suite.ts";

/** What a worker is at. */
export interface Job {
  readonly message: Message;
  /** Exactly one of the two. */
  readonly delivery: Delivery | undefined;
  readonly request: Request | undefined;
  attempt: number;
  waitedNs: number;
  steps: readonly HandlerStep[];
  /** Position of the next step; while it takes back, of the one that it takes back. */
  at: number;
  /** Which of the lists it walks. */
  on: StepOutcome | "undo";
  /** What it knows of stores with versions. */
  knows: Knowledge;
  transaction: number;
  /** What follows when all is taken back. */
  then: StepOutcome;
  tries: number;
  /** Until the attempt takes too long. */
  deadline: Timer | undefined;
  timer: Timer | undefined;
  call: Call | undefined;
  /** The publications whose outcomes it waits for. */
  publication: object | undefined;
}

/** A worker. */
export interface Worker {
  readonly number: number;
  hasJoined: boolean;
  /** In order of arrival. */
  inbox: Delivery[];
  job: Job | undefined;
  /** Since when it has had nothing to do [ns]; for ever when it has just come. */
  idleNs: number;
  /** Set while it sleeps, until it looks again for something to do. */
  alarm: Timer | undefined;
}
