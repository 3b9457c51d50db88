// A function of the document → its running station.

import { FunctionRun } from "../../nodes/functionRun.ts";
import { handlersOf } from "../handlers.ts";
import { functionPlan } from "./functionPlan.ts";
import type { CompileStation } from "./index.ts";

/** What opens a function. */
export const compileFunction: CompileStation = (scenario, node) => {
  const rowOf = new Map(scenario.connections.map(({ id }, row) => [id, row]));
  const { handlers } = handlersOf(scenario, { id: node.id }, rowOf);
  const plan = functionPlan(scenario, node, handlers);
  return (context) => new FunctionRun(plan, context);
};
