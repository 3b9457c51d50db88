// The way to what a run has to know about versions: the comparison is large, and fetched only for documents in which
// several versions meet.

import { comparisonsOf, type Readability } from "../model/readability.ts";
import type { Scenario } from "../model/scenario.ts";
import { languagesOf } from "./languages.ts";

/** What is known of the versions that meet in a document; at once where none do. */
export function readabilityFor(scenario: Scenario): Readability | Promise<Readability> {
  const comparisons = comparisonsOf(scenario);
  return comparisons.length === 0 ? {} : compare(comparisons);
}

async function compare(comparisons: ReturnType<typeof comparisonsOf>): Promise<Readability> {
  const [{ readabilityOf }, languages] = await Promise.all([
    import("./readability.ts"),
    languagesOf(comparisons.map(({ contract }) => contract)),
  ]);
  return readabilityOf(comparisons, languages);
}
