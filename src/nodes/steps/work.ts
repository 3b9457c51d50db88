// A step of work: it takes a time, alone on a core or sharing the cores of the service, and may fail at its end, or
// refuse the message for a reason of the business.

import { msToNs } from "../../base/units.ts";
import { lotOf } from "../../kernel/random.ts";
import { outcome, type StepKind } from "./kind.ts";

/** Work. */
export const work: StepKind = {
  does: "work",
  start(step, worker, walk) {
    const own = step.work === undefined ? undefined : walk.workTimes[step.work.number];
    const workNs = own === undefined ? walk.settings.serviceTimeNs() : msToNs(own.sample());
    if (walk.cores === undefined) walk.overAfter(workNs, worker);
    else walk.cores.begin(worker, workNs);
    return outcome.underWay;
  },
  over(step, worker, walk) {
    const errorRate = step.work?.errorRate ?? walk.settings.number("errorRate");
    if (walk.errors.uniform() < errorRate) return walk.because(outcome.failed, "error");
    const refusalRate = step.work?.refusalRate ?? 0;
    if (refusalRate === 0) return outcome.done;
    // The same message gets the same answer at every attempt, as from a business.
    const subject = walk.context.subjectOf(walk.message(worker));
    const isRefused = lotOf(walk.refusalSeed + step.work!.number, subject) < refusalRate;
    return isRefused ? walk.because(outcome.refused, "declined") : outcome.done;
  },
};
