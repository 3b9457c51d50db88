// An external API of the document → its running station.

import { valuesOf } from "../../base/fields.ts";
import { hasVersions } from "../../model/contracts.ts";
import { external } from "../../nodes/external.ts";
import { ExternalRun } from "../../nodes/externalRun.ts";
import type { CompileStation } from "./index.ts";

/** What opens an external API. */
export const compileExternal: CompileStation = (scenario, { id, parameters = {} }) => {
  const values = valuesOf(external.fields, parameters);
  const plan = { id, values, readsVersions: scenario.contracts.some(hasVersions) };
  return (context) => new ExternalRun(plan, context);
};
