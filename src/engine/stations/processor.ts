// A stream processor of the document → its running station, with what it reads and where its results go.

import { valuesOf } from "../../base/fields.ts";
import { hasVersions } from "../../model/contracts.ts";
import { processor } from "../../nodes/processor.ts";
import { type Output, ProcessorRun } from "../../nodes/processorRun.ts";
import type { CompileStation } from "./index.ts";

/** What opens a stream processor. */
export const compileProcessor: CompileStation = (scenario, { id, parameters = {} }) => {
  const outputs = (isLate: boolean): readonly Output[] =>
    scenario.connections.flatMap((link, connection) => {
      if (link.kind !== "publish" || link.from !== id) return [];
      if ((link.on === "failure") !== isLate) return [];
      const follows = scenario.contracts.map((one) => link.after?.includes(one.id) ?? true);
      return [{ connection, follows }];
    });
  const plan = {
    id,
    values: valuesOf(processor.fields, parameters),
    subscriptions: scenario.connections.flatMap((link, row) =>
      link.kind === "consume" && link.to === id ? [row] : [],
    ),
    results: outputs(false),
    late: outputs(true),
    readsVersions: scenario.contracts.some(hasVersions),
  };
  return (context) => new ProcessorRun(plan, context);
};
