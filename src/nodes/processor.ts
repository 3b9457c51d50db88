// A stream processor: windows and joins over the events of channels, by key and by the time at which events happened. Terms
// are those of Flink 2.0 (docs: Windows, Generating Watermarks, Joining) and Kafka Streams 4.0. Simplified: one watermark
// for all tasks, checkpoints and reading again take no time, and no state is moved between tasks.

import { choice, count, duration, durations, type Fields } from "../base/fields.ts";
import type { NodeKind } from "./kind.ts";

const ifAggregate = { field: "operation", is: ["aggregate"] } as const;
const ifJoin = { field: "operation", is: ["join"] } as const;

const fields = {
  operation: choice({
    label: "Does",
    options: [
      { value: "aggregate", label: "Aggregates windows" },
      { value: "join", label: "Joins two streams" },
    ],
    default: "aggregate",
    help: "One result for each key and window, or for each pair of events with the same key.",
  }),
  window: choice({
    label: "Windows",
    options: [
      { value: "tumbling", label: "Tumbling: one after the other" },
      { value: "hopping", label: "Hopping: they overlap" },
      { value: "session", label: "Session: until a pause" },
    ],
    default: "tumbling",
    help: "How time is cut, by when events happened.",
    onlyIf: ifAggregate,
  }),
  windowSize: duration({
    label: "Window size",
    min: 10,
    default: 10_000,
    help: "Length of a window.",
    onlyIf: { field: "window", is: ["tumbling", "hopping"] },
  }),
  advance: duration({
    label: "Advance",
    min: 10,
    default: 5000,
    help: "From the beginning of a window to that of the next.",
    onlyIf: { field: "window", is: ["hopping"] },
  }),
  sessionGap: duration({
    label: "Session gap",
    min: 1,
    default: 5000,
    help: "A pause of this length ends a session.",
    onlyIf: { field: "window", is: ["session"] },
  }),
  aggregate: choice({
    label: "Result",
    options: [
      { value: "count", label: "Number of events" },
      { value: "bytes", label: "Sum of their payloads (bytes)" },
    ],
    default: "count",
    help: "What is worked out for each window.",
    onlyIf: ifAggregate,
  }),
  atLeast: count({
    label: "Publish from",
    default: 1,
    help: "Smaller results are not published: a threshold makes alerts of them.",
    onlyIf: ifAggregate,
  }),
  joinWithin: duration({
    label: "Join within",
    min: 1,
    default: 10_000,
    help: "How far apart two events of one key may have happened. The first subscription is one stream, all others are the other.",
    onlyIf: ifJoin,
  }),
  pairing: choice({
    label: "Pairs",
    options: [
      { value: "all", label: "All that fit" },
      { value: "once", label: "Each event once: the first that waits" },
    ],
    default: "all",
    help: "A join gives all pairs; matching, such as of rides, uses up both.",
    onlyIf: ifJoin,
  }),
  outOfOrderness: duration({
    label: "Out of order by",
    default: 0,
    help: "The watermark stays so far behind the newest event; nothing is taken to be older.",
  }),
  lateness: duration({
    label: "Allowed lateness",
    default: 0,
    help: "How long a window is kept after its end for events that come late; each gives a correction.",
  }),
  idleAfter: duration({
    label: "Idle after",
    min: 1,
    none: "never",
    default: null,
    help: "A subscription without events for so long does not hold back the watermark.",
  }),
  tasks: count({
    label: "Tasks",
    min: 1,
    max: 1000,
    default: 1,
    help: "How many events it works on at the same time; each task is one consumer.",
  }),
  time: durations({
    label: "Time per event",
    default: { distribution: "constant", value: 0.5 },
    help: "How long a task works on one event.",
    live: true,
  }),
  guarantee: choice({
    label: "After a crash",
    options: [
      { value: "none", label: "Nothing is kept (at most once)" },
      { value: "at-least-once", label: "Results at least once" },
      { value: "exactly-once", label: "Results exactly once" },
    ],
    default: "at-least-once",
    help: "With checkpoints, what came since the last one is read again; for exactly once, results are published only with a checkpoint.",
  }),
  checkpointInterval: duration({
    label: "Checkpoint interval",
    min: 1,
    default: 1000,
    help: "From one checkpoint to the next.",
    onlyIf: { field: "guarantee", is: ["at-least-once", "exactly-once"] },
  }),
} as const satisfies Fields;

/** The kind "processor". */
export const processor: NodeKind & { readonly fields: typeof fields } = {
  id: "processor",
  label: "Stream processor",
  summary: "Windows and joins over events of channels, by the time at which they happened.",
  icon: "sigma",
  key: "w",
  accent: "service",
  fields,
  works: true,
  publishes: true,
  consumes: true,
  calls: false,
  isCalled: false,
  writes: false,
  isWritten: false,
};
