// What the fault track does to the document: each change one step of history, also to be undone while a run goes on.

import { actWords, entryWords } from "../../model/actTitle.ts";
import {
  addEntry,
  type EditedTimeline,
  moveSpan,
  removeSpan,
  replaceSpan,
  resizeSpan,
} from "../../model/timelineEdit.ts";
import type { TimelineEntry } from "../../model/timeline.ts";
import type { TimelineSpan } from "../../model/timelineSpans.ts";
import { formatDurationMs } from "../../base/units.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";

/** Puts a span to another time [ms]; where it then stands in the timeline. */
export function changeStart(span: TimelineSpan, atMs: number): number {
  const { scenario } = useDocumentStore.getState();
  const edited = moveSpan(scenario.timeline, span, atMs);
  const { at } = edited.timeline[edited.entry]!;
  return keep(edited, `Move "${wordsOf(span)}" to ${formatDurationMs(at)}`, "move");
}

/** Lets a span end at another time [ms]. */
export function changeEnd(span: TimelineSpan, toMs: number): number {
  const { scenario } = useDocumentStore.getState();
  const edited = resizeSpan(scenario.timeline, span, Math.max(span.fromMs, toMs));
  const words = entryWords(scenario, edited.timeline[edited.entry]!);
  return keep(edited, words, "resize");
}

/** Puts an entry on the timeline: in the place of a span, or as a new one. */
export function putEntry(entry: TimelineEntry, span: TimelineSpan | null): number {
  const { scenario } = useDocumentStore.getState();
  const { timeline } = scenario;
  const words = `${entryWords(scenario, entry)} at ${formatDurationMs(entry.at)}`;
  return keep(
    span === null ? addEntry(timeline, entry) : replaceSpan(timeline, span, entry),
    span === null ? words : `Change to "${words}"`,
  );
}

/** Takes a span off the timeline. */
export function deleteSpan(span: TimelineSpan): void {
  const { scenario } = useDocumentStore.getState();
  const timeline = removeSpan(scenario.timeline, span);
  keep({ timeline, entry: 0 }, `Delete "${wordsOf(span)}"`);
}

function wordsOf(span: TimelineSpan): string {
  const { scenario } = useDocumentStore.getState();
  return actWords(scenario, scenario.timeline[span.entry]!);
}

function keep({ timeline, entry }: EditedTimeline, title: string, held?: string): number {
  const { scenario, commit } = useDocumentStore.getState();
  // Keys that are held down make one step of history.
  commit({ ...scenario, timeline }, title, held === undefined ? {} : { coalesce: `${held} span` });
  useSessionStore.getState().announce(`${title}.`);
  return entry;
}
