// Which parts of a document a run depends on: an edit of anything else (layout, names, descriptions) leaves it valid.

import type { Scenario } from "./scenario.ts";

const parts = [
  "seed",
  "load",
  "nodes",
  "channels",
  "connections",
  "contracts",
  "timeline",
  "objectives",
] as const satisfies readonly (keyof Scenario)[];

/** Words for people and drawings; no part of a run's behaviour. The name of a contract is: routing may use it. */
const wordsOnly: Readonly<Record<(typeof parts)[number], readonly string[]>> = {
  seed: [],
  load: [],
  nodes: ["name", "description"],
  channels: ["name", "description"],
  connections: ["name", "description"],
  contracts: ["description", "schema"],
  timeline: [],
  objectives: ["title"],
};

/** Whether two documents run the same. */
export function runsTheSame(a: Scenario, b: Scenario): boolean {
  return parts.every(
    (part) => a[part] === b[part] || textOf(a[part], part) === textOf(b[part], part),
  );
}

function textOf(value: unknown, part: (typeof parts)[number]): string {
  const skipped = wordsOnly[part];
  return JSON.stringify(value, (key, inner: unknown) =>
    skipped.includes(key) || key.startsWith("x-") ? undefined : inner,
  );
}
