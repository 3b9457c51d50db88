// Changes of the timeline as a person makes them: what begins and ends is one thing to them, however many entries it has.

import type { Scenario } from "./scenario.ts";
import type { CrashEntry, IsolateEntry, PauseEntry, SlowEntry, TimelineEntry } from "./timeline.ts";
import { endsFault, isFault, type TimelineSpan } from "./timelineSpans.ts";

type Timeline = Scenario["timeline"];

/** A changed timeline, and where in it the entry is that was changed. */
export interface EditedTimeline {
  readonly timeline: Timeline;
  readonly entry: number;
}

/** An entry that can end by itself after a time. */
export type LastingEntry = CrashEntry | IsolateEntry | PauseEntry | SlowEntry;

/** Whether an entry begins something that can end by itself after a time. */
export function canLast(entry: TimelineEntry): entry is LastingEntry {
  return isFault(entry) && !endsFault(entry);
}

/** What a span says in one entry: where another entry ends it, the time until then is its duration [ms]. */
export function entryOfSpan(timeline: Timeline, span: TimelineSpan): TimelineEntry {
  const entry = timeline[span.entry]!;
  if (span.ends !== "by an entry" || !canLast(entry)) return entry;
  return { ...entry, duration: wholeMicroseconds(span.toMs - span.fromMs) };
}

/** The span begins at another time [ms], and lasts as long as before. */
export function moveSpan(timeline: Timeline, span: TimelineSpan, atMs: number): EditedTimeline {
  const at = wholeMicroseconds(Math.max(0, atMs));
  return replaceSpan(timeline, span, { ...entryOfSpan(timeline, span), at });
}

/** The span ends at another time [ms]; undefined: never by itself. What happens at a moment stays as it is. */
export function resizeSpan(
  timeline: Timeline,
  span: TimelineSpan,
  toMs: number | undefined,
): EditedTimeline {
  const entry = entryOfSpan(timeline, span);
  if (!canLast(entry)) return { timeline, entry: span.entry };
  const { duration: _, ...endless } = entry;
  if (toMs === undefined) return replaceSpan(timeline, span, endless);
  const duration = wholeMicroseconds(Math.max(0, toMs - entry.at));
  return replaceSpan(timeline, span, { ...entry, duration });
}

/** Another entry in the place of a span. */
export function replaceSpan(
  timeline: Timeline,
  span: TimelineSpan,
  entry: TimelineEntry,
): EditedTimeline {
  return addEntry(removeSpan(timeline, span), entry);
}

/** One more entry, behind those of its time. */
export function addEntry(timeline: Timeline, entry: TimelineEntry): EditedTimeline {
  const later = timeline.findIndex((other) => other.at > entry.at);
  const place = later < 0 ? timeline.length : later;
  return { timeline: timeline.toSpliced(place, 0, entry), entry: place };
}

/** The timeline without a span: without its entry, and the one that ends it. */
export function removeSpan(timeline: Timeline, { entry, endEntry }: TimelineSpan): Timeline {
  return timeline.filter((_, i) => i !== entry && i !== endEntry);
}

/** Entries hold milliseconds with three decimals at most. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
