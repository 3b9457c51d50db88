// Which classes of priority a queue has, by its type and the version. Only those that some publisher's messages are of
// exist, so that a queue without priorities is a plain one.

import type { PriorityRule } from "../mechanisms/priorities.ts";
import type { Version } from "./version.ts";

/** What a message has that states no priority: in classic queues, and in quorum queues of 4.3. */
const CLASSIC_DEFAULT = 0;
const STRICT_DEFAULT = 4;

/** Above this a message is of the high class of a quorum queue of 4.0; the highest of 4.3. */
const NORMAL_MAX = 4;
const STRICT_MAX = 31;

/** The classes of one queue. */
export interface PriorityClasses {
  readonly rule: PriorityRule;
  /** Number of classes; with 1 there are no priorities. */
  readonly count: number;
  /** Class of the messages of each publisher, 0 first, by position. */
  readonly ofPublisher: readonly number[];
}

/** The classes that the messages of publishers with these priorities (null: none stated) have in a queue. */
export function priorityClasses(
  stated: readonly (number | null)[],
  queue: { readonly type: string; readonly max: number | null; readonly version: Version },
): PriorityClasses {
  const { type, max, version } = queue;
  if (type === "quorum" && version === "4.0") {
    const ofPublisher = stated.map((one) => ((one ?? 0) > NORMAL_MAX ? 0 : 1));
    const count = ofPublisher.includes(0) && ofPublisher.includes(1) ? 2 : 1;
    return {
      rule: "two-to-one",
      count,
      ofPublisher: count === 2 ? ofPublisher : stated.map(() => 0),
    };
  }
  const most = type === "quorum" ? (version === "4.3" ? STRICT_MAX : 0) : (max ?? 0);
  const absent = type === "quorum" ? STRICT_DEFAULT : CLASSIC_DEFAULT;
  const effective = stated.map((one) => Math.min(one ?? absent, most));
  const levels = [...new Set(effective)].toSorted((a, b) => b - a);
  return {
    rule: "strict",
    count: Math.max(1, levels.length),
    ofPublisher: effective.map((one) => levels.indexOf(one)),
  };
}
