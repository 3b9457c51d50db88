// A step of work: it takes a time, alone on a core or sharing the cores of the service, and may fail at its end, or
// refuse the message for a reason of the business.

import { msToNs, wholeOf } from "../../base/units.ts";
import { lotOf } from "../../kernel/random.ts";
import { permanentError } from "../patterns/errorClasses.ts";
import { outcome, type Step, type StepKind, type Walk } from "./kind.ts";

/** Work. */
export const work: StepKind = {
  does: "work",
  start(step, worker, walk) {
    const own = step.work === undefined ? undefined : walk.workTimes[step.work.number];
    let workNs = own === undefined ? walk.settings.serviceTimeNs() : msToNs(own.sample());
    if (walk.stalls.isUsed()) {
      workNs = wholeOf(workNs * walk.stalls.factor());
      walk.stalls.begin(worker, walk.context.now());
    }
    if (walk.cores === undefined) walk.overAfter(workNs, worker);
    else walk.cores.begin(worker, workNs);
    return outcome.underWay;
  },
  over(step, worker, walk) {
    if (walk.stalls.isUsed() && isHeldUp(worker, walk)) return outcome.underWay;
    if (walk.settings.share("poison") > 0 && walk.isPoison(worker))
      return walk.because(outcome.failed, "poison");
    const errorRate = step.work?.errorRate ?? walk.settings.number("errorRate");
    if (walk.errors.uniform() < errorRate) return walk.because(outcome.failed, classOf(walk));
    return answer(step, worker, walk);
  },
};

/** Draws whether an error is one that no further attempt cures. */
function classOf({ settings, errors }: Walk): string {
  const permanent = settings.share("permanentErrors");
  return permanent > 0 && errors.uniform() < permanent ? permanentError : "error";
}

/** What the business says: the same message gets the same answer at every attempt. */
function answer(step: Step, worker: number, walk: Walk): number {
  const refusalRate = step.work?.refusalRate ?? 0;
  if (refusalRate === 0) return outcome.done;
  const subject = walk.context.subjectOf(walk.message(worker));
  const isRefused = lotOf(walk.refusalSeed + step.work!.number, subject) < refusalRate;
  return isRefused ? walk.because(outcome.refused, "declined") : outcome.done;
}

/** Whether pauses have left work to do. Shared cores stand still themselves. */
function isHeldUp(worker: number, walk: Walk): boolean {
  const { stalls, context } = walk;
  if (walk.cores !== undefined) return false;
  const restNs = stalls.restNs(worker, context.now());
  if (restNs <= 0) return false;
  if (stalls.isPaused()) stalls.hold(worker, walk.workers.life(worker), restNs);
  else {
    stalls.begin(worker, context.now());
    walk.overAfter(restNs, worker);
  }
  return true;
}
