// Effects that a second delivery of the same message would repeat.

import { nameOf, parameterOf } from "../elements.ts";
import type { Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";

/** Services that write for messages which may come twice, and do not remember what they have handled. */
export function repeatedEffects(scenario: Scenario): readonly Advice[] {
  const has = (kind: "consume" | "write", end: "from" | "to", id: string) =>
    scenario.connections.some((connection) => connection.kind === kind && connection[end] === id);
  return scenario.nodes
    .filter(
      ({ id, kind }) =>
        kind === "service" &&
        has("consume", "to", id) &&
        has("write", "from", id) &&
        parameterOf(scenario, id, "idempotent") === false,
    )
    .map(({ id }) => ({
      code: "advice/no-idempotency",
      element: id,
      risk: `${nameOf(scenario, id)} writes for every delivery, and does not remember which messages it has handled.`,
      why: "What is delivered at least once comes again after a crash between the write and the acknowledgement: the write is done twice.",
      remedy: "Keep an inbox: switch on idempotent",
      mend: setAll([{ id, parameter: "idempotent", value: true }]),
    }));
}
