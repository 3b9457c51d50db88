// What the inspector of the scenario does to the document.

import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";

/** Changes fields of the document itself. */
export function changeScenario(part: Partial<Scenario>, title: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit({ ...scenario, ...part }, title, { coalesce: title });
}
