// What is doubtful about API gateways: requests that no route takes, and a cache that may keep nothing.

import type { Problem } from "../base/problem.ts";
import { nameOf, parameterOf } from "./elements.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import type { CallConnection, Node, Scenario } from "./scenario.ts";

/** Warnings about the gateways of a document. */
export function checkGateways(scenario: Scenario): readonly Problem[] {
  return scenario.nodes.flatMap((node, i) =>
    node.kind === "gateway" ? checkGateway(scenario, node, `/nodes/${i}`) : [],
  );
}

function checkGateway(scenario: Scenario, { id }: Node, path: string): readonly Problem[] {
  const calls = scenario.connections.filter((link): link is CallConnection => link.kind === "call");
  const routes = calls.filter(({ from }) => from === id);
  const name = nameOf(scenario, id);
  const found = (code: ProblemCode, place: string, message: string): Problem => {
    return { code, severity: "warning", path: place, element: id, message };
  };
  const asked = new Set(calls.flatMap(({ to, contract }) => (to === id ? [contract] : [])));
  const problems = [...asked]
    .filter((contract) => !routes.some((one) => takes(scenario, one, contract)))
    .map((contract) =>
      found(
        "gateway/no-route",
        path,
        `${name} refuses ${nameOf(scenario, contract)}: no call leads on from it for this contract. Draw one, or name the contract under "after" of one that is there.`,
      ),
    );
  const keeps = routes.some((one) => parameterOf(scenario, one.id, "safe") === true);
  if (parameterOf(scenario, id, "responseCache") === true && !keeps)
    problems.push(
      found(
        "gateway/nothing-cached",
        `${path}/parameters/responseCache`,
        `${name} keeps no answer, because none of its calls only reads. Set "Only reads" on those that do, or switch the cache off.`,
      ),
    );
  return problems;
}

/** Whether a route is one for requests of a contract. */
function takes(scenario: Scenario, route: CallConnection, contract: string): boolean {
  if (!(route.after ?? [route.contract]).includes(contract)) return false;
  const isChosen = parameterOf(scenario, route.id, "weight") !== 0;
  return isChosen || parameterOf(scenario, route.id, "share") !== "alternative";
}
