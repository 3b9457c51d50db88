// The registry of stations: nodes that handle requests or messages and are no service. What the compiler makes of each
// kind, and which class runs it, comes by need, because most scenarios have none of them: importing all.ts makes every
// kind known, byNeed.ts those of a scenario. To add one, write its `yoursRun.ts`, a file here, and a line in both.

import { assert } from "../../base/assert.ts";
import type { Scenario, StationKind, StationNode } from "../../model/scenario.ts";
import type { FunctionContext } from "../../nodes/context.ts";
import type { Station } from "../../nodes/station.ts";

/** Makes the running station of a node. */
export type OpenStation = (context: FunctionContext) => Station;

/** Document → what opens the station of one of its nodes. */
export type CompileStation = (scenario: Scenario, node: StationNode) => OpenStation;

const known = new Map<StationKind, CompileStation>();

/** Makes known what runs a kind of station. */
export function makeStationKnown(kind: StationKind, compile: CompileStation): void {
  known.set(kind, compile);
}

/** What opens the station of a node; its kind must be known by now. */
export function stationOf(scenario: Scenario, node: StationNode): OpenStation {
  const compile = known.get(node.kind);
  assert(compile !== undefined, `what runs a node of kind "${node.kind}" is loaded before a run.`);
  return compile(scenario, node);
}
