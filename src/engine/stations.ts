// Document → running station: for each kind of node that handles requests or messages and is no service, what the
// compiler makes of it and which class runs it. To add one, write its `yoursRun.ts` and a line here.

import { valuesOf } from "../base/fields.ts";
import { hasVersions } from "../model/contracts.ts";
import type { Scenario, StationKind, StationNode } from "../model/scenario.ts";
import type { ServiceContext } from "../nodes/context.ts";
import { external } from "../nodes/external.ts";
import { ExternalRun } from "../nodes/externalRun.ts";
import type { Station } from "../nodes/station.ts";

/** Makes the running station of a node. */
export type OpenStation = (context: ServiceContext) => Station;

type Compile = (scenario: Scenario, node: StationNode) => OpenStation;

const compilers: Readonly<Record<StationKind, Compile>> = {
  external: (scenario, { id, parameters = {} }) => {
    const values = valuesOf(external.fields, parameters);
    const plan = { id, values, readsVersions: scenario.contracts.some(hasVersions) };
    return (context) => new ExternalRun(plan, context);
  },
};

/** What opens the station of a node. */
export function stationOf(scenario: Scenario, node: StationNode): OpenStation {
  return compilers[node.kind](scenario, node);
}
