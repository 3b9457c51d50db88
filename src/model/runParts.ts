// Which parts of a document a run depends on: an edit of anything else (layout, names, descriptions) leaves it valid.

import { hasVersions, versionsOf } from "./contracts.ts";
import type { Contract, Scenario } from "./scenario.ts";

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

/** Words for people and drawings; no part of a run's behaviour. */
const wordsOnly: Readonly<Record<(typeof parts)[number], readonly string[]>> = {
  seed: [],
  load: [],
  nodes: ["name", "description"],
  channels: ["name", "description"],
  connections: ["name", "description"],
  contracts: [],
  timeline: [],
  objectives: ["title"],
};

/** Whether two documents run the same. */
export function runsTheSame(a: Scenario, b: Scenario): boolean {
  return parts.every(
    (part) => a[part] === b[part] || textOf(read(a, part), part) === textOf(read(b, part), part),
  );
}

function read(scenario: Scenario, part: (typeof parts)[number]): unknown {
  return part === "contracts" ? scenario.contracts.map(contractOf) : scenario[part];
}

/** What a run sees of a contract. Routing may use the name; schemas matter where there are several to compare. */
function contractOf(contract: Contract): unknown {
  const { id, name, format, compatibility } = contract;
  if (!hasVersions(contract)) return { id, name };
  const versions = versionsOf(contract).map(({ contractVersion, schema }) => [
    contractVersion,
    JSON.stringify(schema),
  ]);
  return { id, name, format, compatibility, versions };
}

function textOf(value: unknown, part: (typeof parts)[number]): string {
  const skipped = wordsOnly[part];
  return JSON.stringify(value, (key, inner: unknown) =>
    skipped.includes(key) || key.startsWith("x-") ? undefined : inner,
  );
}
