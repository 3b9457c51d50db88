// A gateway of the document → its running station, with the calls that follow each contract.

import { valuesOf } from "../../base/fields.ts";
import { hasVersions } from "../../model/contracts.ts";
import type { Scenario } from "../../model/scenario.ts";
import { gateway, routeFields } from "../../nodes/gateway.ts";
import { GatewayRun, type Route } from "../../nodes/gatewayRun.ts";
import type { CompileStation } from "./index.ts";

/** What opens a gateway. */
export const compileGateway: CompileStation = (scenario, { id, parameters = {} }) => {
  const values = valuesOf(gateway.fields, parameters);
  const readsVersions = scenario.contracts.some(hasVersions);
  const plan = { id, values, routes: routesOf(scenario, id), readsVersions };
  return (context) => new GatewayRun(plan, context);
};

/** What follows each contract at a gateway: its calls after that contract, or, where a call says nothing of it, for that
 *  contract. */
function routesOf(scenario: Scenario, id: string): readonly Route[] {
  const lines = scenario.connections.flatMap((link, row) =>
    link.kind === "call" && link.from === id
      ? [
          {
            row,
            after: link.after ?? [link.contract],
            ...valuesOf(routeFields, link.parameters ?? {}),
          },
        ]
      : [],
  );
  return scenario.contracts.map((contract) => {
    const own = lines.filter(({ after }) => after.includes(contract.id));
    const of = (share: string) => own.filter((line) => line.share === share);
    const rows = (share: string) => of(share).map(({ row }) => row);
    let sum = 0;
    return {
      alternatives: rows("alternative"),
      upTo: of("alternative").map(({ weight }) => (sum += weight)),
      required: rows("required"),
      optional: rows("optional"),
      isSafe: own.every(({ safe }) => safe),
    };
  });
}
