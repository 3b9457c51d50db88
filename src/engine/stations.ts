// Document → running station: for each kind of node that handles requests or messages and is no service, what the
// compiler makes of it and which class runs it. To add one, write its `yoursRun.ts` and a line here.

import { valuesOf } from "../base/fields.ts";
import { hasVersions } from "../model/contracts.ts";
import type { Scenario, StationKind, StationNode } from "../model/scenario.ts";
import type { FunctionContext } from "../nodes/context.ts";
import { external } from "../nodes/external.ts";
import { ExternalRun } from "../nodes/externalRun.ts";
import { FunctionRun } from "../nodes/functionRun.ts";
import { gateway, routeFields } from "../nodes/gateway.ts";
import { GatewayRun, type Route } from "../nodes/gatewayRun.ts";
import { processor } from "../nodes/processor.ts";
import { type Output, type ProcessorPlan, ProcessorRun } from "../nodes/processorRun.ts";
import type { Station } from "../nodes/station.ts";
import { functionPlan } from "./compileFunction.ts";
import { handlersOf } from "./handlers.ts";

/** Makes the running station of a node. */
export type OpenStation = (context: FunctionContext) => Station;

type Compile = (scenario: Scenario, node: StationNode) => OpenStation;

const compilers: Readonly<Record<StationKind, Compile>> = {
  processor: (scenario, node) => {
    const plan = processorPlan(scenario, node);
    return (context) => new ProcessorRun(plan, context);
  },
  external: (scenario, { id, parameters = {} }) => {
    const values = valuesOf(external.fields, parameters);
    const plan = { id, values, readsVersions: scenario.contracts.some(hasVersions) };
    return (context) => new ExternalRun(plan, context);
  },
  function: (scenario, node) => {
    const rowOf = new Map(scenario.connections.map(({ id }, row) => [id, row]));
    const { handlers } = handlersOf(scenario, { id: node.id }, rowOf);
    const plan = functionPlan(scenario, node, handlers);
    return (context) => new FunctionRun(plan, context);
  },
  gateway: (scenario, { id, parameters = {} }) => {
    const values = valuesOf(gateway.fields, parameters);
    const readsVersions = scenario.contracts.some(hasVersions);
    const plan = { id, values, routes: routesOf(scenario, id), readsVersions };
    return (context) => new GatewayRun(plan, context);
  },
};

function processorPlan(scenario: Scenario, { id, parameters = {} }: StationNode): ProcessorPlan {
  const outputs = (isLate: boolean): readonly Output[] =>
    scenario.connections.flatMap((link, connection) => {
      if (link.kind !== "publish" || link.from !== id) return [];
      if ((link.on === "failure") !== isLate) return [];
      const follows = scenario.contracts.map((one) => link.after?.includes(one.id) ?? true);
      return [{ connection, follows }];
    });
  return {
    id,
    values: valuesOf(processor.fields, parameters),
    subscriptions: scenario.connections.flatMap((link, row) =>
      link.kind === "consume" && link.to === id ? [row] : [],
    ),
    results: outputs(false),
    late: outputs(true),
    readsVersions: scenario.contracts.some(hasVersions),
  };
}

/** What opens the station of a node. */
export function stationOf(scenario: Scenario, node: StationNode): OpenStation {
  return compilers[node.kind](scenario, node);
}

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
