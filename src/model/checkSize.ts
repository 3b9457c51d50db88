// Whether a run of a document fits into memory before it begins: small documents can ask for very much.

import type { Problem } from "../base/problem.ts";
import { nameOf, parameterOf } from "./elements.ts";
import { cursorsMax } from "./limits.ts";
import type { Scenario } from "./scenario.ts";

/** Counts partitions, once for the log and once for each subscription that reads them. */
export function checkSize(scenario: Scenario): readonly Problem[] {
  const readers = new Map<string, number>();
  for (const { kind, from } of scenario.connections)
    if (kind === "consume") readers.set(from, (readers.get(from) ?? 0) + 1);
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
