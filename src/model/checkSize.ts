// Whether a run of a document fits into memory before it begins: small documents can ask for very much.

import type { Problem } from "../base/problem.ts";
import { nameOf, parameterOf } from "./elements.ts";
import { comparisonsMax, cursorsMax } from "./limits.ts";
import { comparisonsOf } from "./readability.ts";
import type { Scenario } from "./scenario.ts";

/** What of a document is too much for a run. */
export function checkSize(scenario: Scenario): readonly Problem[] {
  return [...checkCursors(scenario), ...checkComparisons(scenario)];
}

/** Counts pairs of versions that meet. Each is compared before the run, which takes up to a tenth of a second. */
function checkComparisons(scenario: Scenario): readonly Problem[] {
  let compared = 0;
  for (const { contract, pairs, registrations } of comparisonsOf(scenario)) {
    compared += pairs.length + registrations.length;
    if (compared > comparisonsMax)
      return [
        {
          code: "document/too-many-versions",
          severity: "error",
          path: `/contracts/${scenario.contracts.indexOf(contract)}`,
          element: contract.id,
          message: `Up to ${contract.name} more than ${comparisonsMax} pairs of versions meet in the run, and each has to be compared before it. Let connections speak fewer versions.`,
        },
      ];
  }
  return [];
}

/** Counts partitions, once for the log and once for each subscription that reads them. */
function checkCursors(scenario: Scenario): readonly Problem[] {
  const readers = new Map<string, number>();
  for (const { kind, from } of scenario.connections)
    if (kind === "consume" || kind === "bridge") readers.set(from, (readers.get(from) ?? 0) + 1);
  let cursors = 0;
  for (const [i, { id }] of scenario.channels.entries()) {
    cursors += Number(parameterOf(scenario, id, "partitions") ?? 0) * (1 + (readers.get(id) ?? 0));
    if (cursors > cursorsMax)
      return [
        {
          code: "document/too-many-partitions",
          severity: "error",
          path: `/channels/${i}`,
          element: id,
          message: `Up to ${nameOf(scenario, id)} there are more than ${cursorsMax} partitions, counted again for each subscription that reads them; no browser has the memory. Choose fewer partitions.`,
        },
      ];
  }
  return [];
}
