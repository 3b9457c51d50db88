// What can be asked of the past of a run: pages of its log, and the lives of its messages. Both go through it again in one
// second run, which is made with the first question.

import type { Result } from "../base/result.ts";
import type {
  LogPage,
  LogRequest,
  Survey,
  SurveyRequest,
  TracePart,
  TraceRequest,
} from "../model/lookback.ts";
import { LogReader } from "./logReader.ts";
import { Replay } from "./replay.ts";
import type { Run } from "./run.ts";
import { Surveyor } from "./surveyor.ts";
import { Tracer } from "./tracer.ts";

/** The past of one run. */
export class Lookback {
  readonly #log: LogReader;
  readonly #tracer: Tracer;
  readonly #surveyor: Surveyor;

  constructor(run: Run) {
    const replay = new Replay(run);
    this.#log = new LogReader(run, replay);
    this.#tracer = new Tracer(run, replay);
    this.#surveyor = new Surveyor(run, replay);
  }

  /** A page of the event log. */
  log(request: LogRequest): LogPage {
    return this.#log.page(request);
  }

  /** Lines of the tree of a message; the failure is a sentence. */
  trace(request: TraceRequest): Result<TracePart, string> {
    return this.#tracer.trace(request);
  }

  /** The slowest messages, or those that ended badly. */
  survey(request: SurveyRequest): Survey {
    return this.#surveyor.survey(request);
  }
}
