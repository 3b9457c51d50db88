// What a step of a handler is, how it may come out, and what it may use of the handling that it is part of.

import type { Distribution } from "../../base/distribution.ts";
import type { Sampler } from "../../kernel/distributions.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { ServiceContext } from "../context.ts";
import type { Delayed } from "../patterns/delayed.ts";
import type { Outbox } from "../patterns/outbox.ts";
import type { Publishing } from "../publishing.ts";
import type { ServiceSettings } from "../serviceSettings.ts";
import type { SharedCores } from "../sharedCores.ts";
import type { Stalls } from "../stalls.ts";
import type { Workers } from "../workers.ts";

/** How a step has come out. Under way: its worker waits. Refused: a business answer, such as "sold out". Conflict:
 *  somebody else was faster, so that the attempt fails and is repeated. */
export const outcome = { underWay: 0, done: 1, refused: 2, conflict: 3, failed: 4 } as const;

/** What the caller of a service hears when its request was refused for a reason of the business. */
export const declined = "declined";

/** A step of a handler as the run needs it. */
export interface Step {
  readonly kind: StepKind;
  /** Row of the document's connections; −1 for work, which needs none. */
  readonly connection: number;
  /** Whether it is the last write of its list: the note that the message was dealt with is part of its transaction. */
  readonly concludes: boolean;
  /** Whether it needs the lock of its entity: a write that locks, or a read before one in the same list. */
  readonly locks: boolean;
  /** What takes it back when a later step is refused or finally fails. */
  readonly undo: Step | undefined;
  /** A publication that makes more of its event than the same at once: "later" where some leave later. */
  readonly spread: "now" | "later" | undefined;
  /** Work that states something of its own. */
  readonly work: OwnWork | undefined;
}

/** What a step of work states itself; what it does not is that of the service. */
export interface OwnWork {
  /** Tells the work steps of a service apart, from 0. */
  readonly number: number;
  readonly time: Distribution | undefined;
  readonly errorRate: number | undefined;
  readonly refusalRate: number;
}

/** A kind of step: plain functions, because they are called for each message. Their state is that of the worker. */
export interface StepKind {
  readonly does: "work" | "read" | "call" | "write" | "publish";
  /** Begins a step for a worker; one of `outcome`. What is under way ends by `over`, or by an answer. */
  start(step: Step, worker: number, walk: Walk): number;
  /** The delay of a step is over; one of `outcome`, under way when there is more to do. */
  over(step: Step, worker: number, walk: Walk): number;
}

/** What a step may use. Its worker has a message, and a new life since the step began. */
export interface Walk {
  readonly context: ServiceContext;
  readonly workers: Workers;
  readonly settings: ServiceSettings;
  readonly errors: RandomStream;
  /** Work times of steps of work that have their own, by number. */
  readonly workTimes: readonly (Sampler | undefined)[];
  /** Decides what is refused: one draw per run (see `lotOf`). */
  readonly refusalSeed: number;
  /** Absent when every worker has a core of its own. */
  readonly cores: SharedCores | undefined;
  readonly stalls: Stalls;
  /** Whether the message of a worker is one of those that fail at every attempt. */
  isPoison(worker: number): boolean;
  /** Absent where what the service publishes goes out at once. */
  readonly outbox: Outbox | undefined;
  /** Absent where every event leaves at once. */
  readonly delayed: Delayed | undefined;
  readonly publishing: Publishing;
  /** The message that a worker handles. */
  message(worker: number): number;
  /** The step of a worker is over after a delay [ns]: `over` of its kind follows. */
  overAfter(delayNs: number, worker: number): void;
  /** Notes the reason of an outcome, such as "error", and returns the outcome. */
  because(what: number, reason: string): number;
}
