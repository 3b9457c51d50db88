// What the inspector of the scenario does to the document, and how it words the timeline.

import { formatDurationMs } from "../../base/units.ts";
import type { Scenario, TimelineEntry } from "../../model/scenario.ts";
import { actWords } from "../../model/actTitle.ts";
import { useDocumentStore } from "../../store/documentStore.ts";

/** Changes fields of the document itself. */
export function changeScenario(part: Partial<Scenario>, title: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit({ ...scenario, ...part }, title, { coalesce: title });
}

/** A sentence about what an entry of the timeline does. */
export function timelineSentence(scenario: Scenario, entry: TimelineEntry): string {
  const words = actWords(scenario, entry);
  if (entry.act !== "crash" || entry.duration === undefined) return words;
  return `${words} for ${formatDurationMs(entry.duration)}`;
}
