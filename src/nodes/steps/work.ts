// A step of work: it takes a time, alone on a core or sharing the cores of the service, and may fail at its end.

import { outcome, type StepKind } from "./kind.ts";

/** Work. */
export const work: StepKind = {
  does: "work",
  start(_, worker, walk) {
    const workNs = walk.settings.serviceTimeNs();
    if (walk.cores === undefined) walk.overAfter(workNs, worker);
    else walk.cores.begin(worker, workNs);
    return outcome.underWay;
  },
  over(_, __, walk) {
    const hasFailed = walk.errors.uniform() < walk.settings.number("errorRate");
    return hasFailed ? walk.because(outcome.failed, "error") : outcome.done;
  },
};
