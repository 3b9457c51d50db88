// The JSON Schema of the document, derived from the same definition as its parser. Published as spillway.schema.json.

import { scenarioShape } from "./document.ts";

/** JSON Schema (2020-12). It cannot say everything the parser checks: references, cycles and ranges of pairs. */
export function scenarioSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "spillway.schema.json",
    title: "Spillway scenario",
    description:
      "Topology, contracts, load, timeline, objectives, seed and layout of a simulated event-driven system. " +
      "Durations in milliseconds, rates per second, sizes in bytes.",
    ...scenarioShape.schema,
  };
}
