// Looks through the past of a run for messages that are worth a look: the slowest, dead letters, failures. Every message is
// looked at, not a sample, and none is remembered while the run goes on.

import type { MessageEvent, MessageHappening } from "../model/events.ts";
import type { LogPlace, Survey, Surveyed, SurveyRequest } from "../model/lookback.ts";
import type { Replay, ReplayJob } from "./replay.ts";
import type { Run } from "./run.ts";

/** Most messages that are listed. */
const countMax = 1000;

const eventsOf: Readonly<Record<SurveyRequest["what"], ReadonlySet<MessageHappening>>> = {
  slowest: new Set(["handled"]),
  "dead letters": new Set(["rejected", "dead-lettered"]),
  failures: new Set(["refused", "unroutable", "lost", "expired", "dropped", "failed"]),
};

/** Surveys one run; a question that is asked again goes on where it stopped. */
export class Surveyor {
  readonly #first: Run;
  readonly #replay: Replay;
  #acts = 0;
  #look: Look | undefined;

  constructor(first: Run, replay: Replay) {
    this.#first = first;
    this.#replay = replay;
  }

  /** What was found so far. */
  survey(request: SurveyRequest): Survey {
    const acts = this.#first.acts().length;
    if (this.#acts !== acts || this.#look?.answers(request) !== true)
      this.#look = new Look(request, this.#replay.run());
    this.#acts = acts;
    const look = this.#look;
    const untilNs = this.#first.seenNs();
    look.at = this.#replay.go(look, { from: look.at, untilNs, maxEvents: request.maxEvents });
    const run = this.#replay.run();
    const isComplete = run.timeNs() >= untilNs || run.ended() !== null;
    return { ...look.answer(), surveyedNs: run.timeNs(), isComplete };
  }
}

/** The part of a request that says what is looked for. */
function nameOf({ what, contract = "", key = "", count }: SurveyRequest): string {
  return JSON.stringify([what, contract, key, count]);
}

class Look implements ReplayJob {
  readonly #name: string;
  readonly #request: SurveyRequest;
  readonly #run: Run;
  readonly #count: number;
  readonly #events: ReadonlySet<MessageHappening>;
  /** By when and where a tree entered, or by number. */
  #found = new Map<string, Surveyed>();
  #total = 0;
  /** Who took no longer than this is not among the slowest [ns]. */
  #leastNs = -1;
  at: LogPlace = { timeNs: 0, line: 0 };

  constructor(request: SurveyRequest, run: Run) {
    this.#name = nameOf(request);
    this.#request = request;
    this.#run = run;
    this.#count = Math.max(1, Math.min(countMax, request.count));
    this.#events = eventsOf[request.what];
  }

  answers(request: SurveyRequest): boolean {
    return nameOf(request) === this.#name;
  }

  wants(): boolean {
    return true;
  }

  counts(record: MessageEvent): boolean {
    const { contract, key } = this.#request;
    if (!this.#events.has(record.event)) return false;
    return (
      (contract === undefined || record.contract === contract) &&
      (key === undefined || record.key === key)
    );
  }

  take(record: MessageEvent, row: number, { timeNs }: LogPlace): void {
    const messages = this.#run.world().messages;
    const rootNs = messages.rootNs(row);
    this.#total++;
    const isSlowest = this.#request.what === "slowest";
    if (isSlowest && timeNs - rootNs <= this.#leastNs) return;
    const name = isSlowest ? `${rootNs}/${messages.entry(row)}` : String(this.#total);
    // Put behind the others, because the latest come first.
    this.#found.delete(name);
    this.#found.set(name, {
      message: record.message,
      contract: record.contract,
      key: record.key,
      timeNs,
      rootNs,
      place: record.consumer ?? record.channel ?? "",
      reason: record.reason,
    });
    if (this.#found.size > 2 * this.#count) this.#thin();
  }

  hasEnough(): boolean {
    return false;
  }

  answer(): Pick<Survey, "found" | "total"> {
    this.#thin();
    return { found: [...this.#found.values()], total: this.#total };
  }

  #thin(): void {
    const isSlowest = this.#request.what === "slowest";
    const all = [...this.#found].toSorted(([, one], [, other]) =>
      isSlowest
        ? other.timeNs - other.rootNs - (one.timeNs - one.rootNs)
        : other.timeNs - one.timeNs,
    );
    const kept = all.slice(0, this.#count);
    const last = kept.at(-1)?.[1];
    if (isSlowest && last !== undefined && kept.length === this.#count)
      this.#leastNs = last.timeNs - last.rootNs;
    this.#found = new Map(kept);
  }
}
