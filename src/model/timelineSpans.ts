// The timeline of a document as stretches of time: which entry begins what, and which other one, or its own duration, ends
// it. Charts shade them, the track below the charts draws and edits them, objectives ask when faults ended.

import { nameOf } from "./elements.ts";
import type { Scenario } from "./scenario.ts";
import type { ClusterPlace, FaultEntry, NetworkEntry, TimelineEntry } from "./timeline.ts";

/** A stretch of simulated time, or a moment, that entries of the timeline stand for. */
export interface TimelineSpan {
  /** Place in the document's timeline of the entry that begins it. */
  readonly entry: number;
  /** Place of the entry that ends it; null where its duration does, or nothing. */
  readonly endEntry: number | null;
  /** Beginning and end [ms]; the same for a moment. What nothing ends goes on to the end of the run. */
  readonly fromMs: number;
  readonly toMs: number;
  /** A moment has no length: a setting, a roll-out, or the end of something that had not begun. */
  readonly ends: "by duration" | "by an entry" | "never" | "at once";
  /** Who is concerned; spans of one place are drawn on one line. */
  readonly place: TimelinePlace;
}

/** Who is concerned: an element, or one node, instance or zone of it. */
export interface TimelinePlace extends ClusterPlace {
  readonly target: string;
}

type Fault = "crash" | "isolate" | "pause" | "slow";

const faultEndedBy: Readonly<Record<FaultEntry["act"], Fault>> = {
  crash: "crash",
  restart: "crash",
  isolate: "isolate",
  reconnect: "isolate",
  pause: "pause",
  resume: "pause",
  slow: "slow",
};

/** Whether an entry is about a fault of an element: its beginning or its end. */
export function isFault(entry: TimelineEntry): entry is FaultEntry {
  return Object.hasOwn(faultEndedBy, entry.act);
}

/** Whether an entry lasts by itself, whatever else happens to its target: until its own end, or that of the run. */
function lastsAlone(entry: TimelineEntry): entry is NetworkEntry {
  return entry.act === "network";
}

/** Whether an entry ends a fault that another one begins. */
export function endsFault(entry: TimelineEntry): boolean {
  if (!isFault(entry)) return false;
  return entry.act === "slow" ? entry.factor === 1 : faultEndedBy[entry.act] !== entry.act;
}

/** Who is concerned by an entry. */
export function placeOf(entry: TimelineEntry): TimelinePlace {
  const { target } = entry;
  if (!isFault(entry)) return { target };
  return {
    target,
    ...(entry.member === undefined ? {} : { member: entry.member }),
    ...(entry.zone === undefined ? {} : { zone: entry.zone }),
  };
}

/** A place as a text, the same for the same place. */
export function placeKey({ target, member, zone }: TimelinePlace): string {
  return [target, member, zone].join("/");
}

/** "Payment", "Kafka node 1", "Kafka zone 0". */
export function placeName(scenario: Scenario, { target, member, zone }: TimelinePlace): string {
  const name = nameOf(scenario, target);
  if (zone !== undefined) return `${name} zone ${zone}`;
  return member === undefined ? name : `${name} node ${member}`;
}

/** What the entries of a timeline stand for, in order of time. */
export function timelineSpans({
  timeline,
  load,
}: Pick<Scenario, "timeline" | "load">): readonly TimelineSpan[] {
  const order = timeline.map((_, i) => i).sort((a, b) => timeline[a]!.at - timeline[b]!.at);
  const spans: TimelineSpan[] = [];
  const open = new Map<string, TimelineSpan>();
  for (const i of order) {
    const entry = timeline[i]!;
    if (!isFault(entry)) {
      spans.push(lastsAlone(entry) ? begun(entry, i, load.duration) : momentOf(entry, i));
      continue;
    }
    const key = `${placeKey(placeOf(entry))}/${faultEndedBy[entry.act]}`;
    const before = open.get(key);
    open.delete(key);
    const isInTime = before !== undefined && entry.at <= before.toMs;
    if (before !== undefined) spans.push(isInTime ? ended(before, entry, i) : before);
    if (!endsFault(entry)) open.set(key, begun(entry, i, load.duration));
    else if (!isInTime) spans.push(momentOf(entry, i));
  }
  return [...spans, ...open.values()].sort((a, b) => a.fromMs - b.fromMs || a.entry - b.entry);
}

function momentOf(entry: TimelineEntry, at: number): TimelineSpan {
  const [fromMs, toMs] = [entry.at, entry.at];
  return { entry: at, endEntry: null, fromMs, toMs, ends: "at once", place: placeOf(entry) };
}

function begun(entry: FaultEntry | NetworkEntry, at: number, durationMs: number): TimelineSpan {
  const lasts = "duration" in entry ? entry.duration : undefined;
  return {
    entry: at,
    endEntry: null,
    fromMs: entry.at,
    toMs: lasts === undefined ? Math.max(entry.at, durationMs) : entry.at + lasts,
    ends: lasts === undefined ? "never" : "by duration",
    place: placeOf(entry),
  };
}

/** A span that another entry cuts short: its end, or the same fault anew. */
function ended(span: TimelineSpan, by: TimelineEntry, at: number): TimelineSpan {
  if (!endsFault(by)) return { ...span, toMs: by.at };
  return { ...span, toMs: by.at, endEntry: at, ends: "by an entry" };
}
