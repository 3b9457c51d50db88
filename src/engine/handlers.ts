// The handlers of a service, from the document to the lists of steps that a run walks.

import type { Handler } from "../nodes/servicePlan.ts";
import { stepKinds } from "../nodes/steps/index.ts";
import type { Step, StepKind } from "../nodes/steps/kind.ts";
import type { Scenario, StepConnection, StepOutcome } from "../model/scenario.ts";

/** A connection of the service with its row. */
interface Candidate {
  readonly link: StepConnection;
  readonly row: number;
}

/** What comes after the work, in this order: what is announced has been done. */
const order = ["read", "call", "write", "publish"] as const;

/** The handlers of a service by row of the contract. Work comes first, then reads, calls, writes and publications,
 *  each in the order of the document. Contracts that no step names share one handler. */
export function handlersOf(scenario: Scenario, serviceId: string): readonly Handler[] {
  const candidates = order.flatMap((does) =>
    scenario.connections.flatMap((link, row): readonly Candidate[] =>
      link.kind === does && link.from === serviceId ? [{ link, row }] : [],
    ),
  );
  const named = new Set(candidates.flatMap(({ link }) => link.after ?? []));
  const shared = handlerOf(candidates, "");
  return scenario.contracts.map(({ id }) => (named.has(id) ? handlerOf(candidates, id) : shared));
}

/** What happens after a contract ("": after one that no step names). */
function handlerOf(candidates: readonly Candidate[], contract: string): Handler {
  const after = candidates.filter(({ link }) => link.after?.includes(contract) ?? true);
  const stepsOn = (outcome: StepOutcome): readonly Step[] =>
    after
      .filter(({ link }) => (link.on ?? "success") === outcome)
      .map(({ link, row }) => stepOf(stepKinds[link.kind], row));
  return {
    steps: concluded([stepOf(stepKinds.work, -1), ...stepsOn("success")]),
    whenRefused: concluded(stepsOn("refusal")),
    whenFailed: concluded(stepsOn("failure")),
  };
}

function stepOf(kind: StepKind, connection: number): Step {
  return { kind, connection, concludes: false };
}

/** The list with its last write marked. */
function concluded(steps: readonly Step[]): readonly Step[] {
  const last = steps.findLastIndex(({ kind }) => kind === stepKinds.write);
  return steps.map((step, i) => ({ ...step, concludes: i === last }));
}
