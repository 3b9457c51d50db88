// Where the spans of a timeline are drawn: a lane per place, in rows where they overlap, and the ticks of the time axis.

import type { Scenario } from "../../model/scenario.ts";
import {
  placeKey,
  placeName,
  timelineSpans,
  type TimelineSpan,
} from "../../model/timelineSpans.ts";

/** The stretch of simulated time that is shown [ms]. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A span with its row in its lane. */
export interface PlacedSpan {
  readonly span: TimelineSpan;
  readonly row: number;
}

/** All spans of one place. */
export interface Lane {
  readonly key: string;
  readonly name: string;
  /** Id of the element. */
  readonly target: string;
  readonly rows: number;
  readonly spans: readonly PlacedSpan[];
}

/** A moment is drawn as wide as this share of what is shown: marks that close would cover each other. */
const momentShare = 0.02;

/** The lanes of a timeline: in the order in which something first happens there. */
export function lanesOf(scenario: Scenario): readonly Lane[] {
  const byPlace = new Map<string, TimelineSpan[]>();
  for (const span of timelineSpans(scenario)) {
    const key = placeKey(span.place);
    byPlace.set(key, [...(byPlace.get(key) ?? []), span]);
  }
  return [...byPlace].map(([key, spans]) => {
    const placed = inRows(spans, scenario.load.duration * momentShare);
    const { place } = spans[0]!;
    const rows = Math.max(...placed.map(({ row }) => row)) + 1;
    return { key, name: placeName(scenario, place), target: place.target, rows, spans: placed };
  });
}

/** The first row that is free, from the earliest span on. */
function inRows(spans: readonly TimelineSpan[], momentMs: number): readonly PlacedSpan[] {
  const freeFromMs: number[] = [];
  return spans.map((span) => {
    const free = freeFromMs.findIndex((ms) => ms <= span.fromMs);
    const row = free < 0 ? freeFromMs.length : free;
    freeFromMs[row] = Math.max(span.toMs, span.fromMs + momentMs);
    return { span, row };
  });
}

/** Where a time lies in what is shown [%], also outside of it. */
export function shareOf({ fromMs, toMs }: TimeRange, ms: number): number {
  return ((ms - fromMs) / Math.max(1e-6, toMs - fromMs)) * 100;
}

const factors = [1, 2, 5] as const;

/** The smallest 1, 2 or 5 times a power of ten (of milliseconds) that is not below a wish [ms]. */
export function niceStepMs(wishMs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-3, wishMs)));
  const factor = factors.find((one) => one * power >= wishMs) ?? 10;
  return factor * power;
}

/** Nice steps of clocks [ms]: of minutes and hours there are other ones than of seconds. */
const clockStepsMs = [6e4, 1.2e5, 3e5, 6e5, 1.2e6, 1.8e6, 3.6e6, 7.2e6, 2.16e7, 4.32e7, 8.64e7];

/** The moments that are named on an axis of so many ticks at the most [ms]. */
export function ticksOf({ fromMs, toMs }: TimeRange, most: number): readonly number[] {
  const wishMs = (toMs - fromMs) / Math.max(1, most);
  const clock = wishMs > 2e4 ? clockStepsMs.find((step) => step >= wishMs) : undefined;
  const step = clock ?? niceStepMs(wishMs);
  const first = Math.ceil(fromMs / step);
  const count = Math.max(0, Math.floor(toMs / step) - first + 1);
  return Array.from({ length: Math.min(count, 100) }, (_, i) => (first + i) * step);
}
