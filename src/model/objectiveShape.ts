// The definition of an objective, a part of the document (document.ts).

import { durationMsMax } from "../base/distribution.ts";
import { objectiveMax, textMax } from "./limits.ts";
import type { Objective } from "./scenario.ts";
import { choice, described, id, number, object, optional, text } from "./shape.ts";

/** A target that a run meets or misses. */
export const objective = object<Objective>({
  id,
  title: optional(text({ max: textMax.title })),
  of: described('Id of a node, channel or connection, or "run" for the whole.', id),
  measure: described(
    'A measure of the report, such as "latency.p99".',
    text({ min: 1, max: textMax.measure }),
  ),
  is: choice(["at most", "at least"]),
  value: number({ min: 0, max: objectiveMax }),
  from: optional(
    described("Of measures of flows: only those that begin at this node or connection.", id),
  ),
  within: optional(
    described(
      'Of "consistency.shareWithin": within which time a version has to be there [ms].',
      number({ min: 0, max: durationMsMax }),
    ),
  ),
});
