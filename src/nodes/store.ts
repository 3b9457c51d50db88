// A store: a service's own database. It counts its writes and keys; with versions it also knows what each entity is worth,
// which versions of other stores it has, and what went wrong between them.

import { choice, count, duration, type Fields, flag } from "../base/fields.ts";
import type { NodeKind } from "./kind.ts";

const whole = { min: -1e9, max: 1e9 } as const;
const onlyIf = { field: "versions", is: [true] } as const;
const ifEvents = [onlyIf, { field: "keeps", is: ["events"] }] as const;

const fields = {
  capacity: count({
    label: "Capacity",
    min: 1,
    max: 1000,
    none: "no limit",
    default: null,
    help: "Reads and writes at the same time; further ones wait in line.",
  }),
  versions: flag({
    label: "Versions",
    default: false,
    help: "Keeps a version and a value for each key. What a message tells of another store then makes this one a replica, whose lag and anomalies are measured.",
  }),
  initialValue: count({
    ...whole,
    label: "Value at first",
    default: 0,
    help: "The whole number that each entity holds before its first write: a stock, a balance.",
    onlyIf,
  }),
  valueMin: count({
    ...whole,
    label: "Never below",
    none: "unbounded",
    default: null,
    help: "An invariant: every value that is committed below it counts as an anomaly.",
    onlyIf,
  }),
  valueMax: count({
    ...whole,
    label: "Never above",
    none: "unbounded",
    default: null,
    help: "An invariant: every value that is committed above it counts as an anomaly.",
    onlyIf,
  }),
  keeps: choice({
    label: "Keeps",
    options: [
      { value: "rows", label: "Rows: the present state" },
      { value: "events", label: "Events: all that led to it" },
    ],
    default: "rows",
    help: "With events each write appends one to the stream of its entity, and whoever needs the state reads them. The past can be asked for.",
    onlyIf,
  }),
  snapshotEvery: count({
    label: "Snapshot every",
    min: 1,
    none: "never",
    default: null,
    help: "Events of an entity between two snapshots; only what came after the last one is read.",
    onlyIf: ifEvents,
  }),
  snapshotTime: duration({
    label: "Reading a snapshot",
    default: 1,
    help: "Comes on top of the read or write that needs the state.",
    onlyIf: ifEvents,
  }),
  eventTime: duration({
    label: "Reading an event",
    default: 0.05,
    help: "For each event that is read to know the state.",
    onlyIf: ifEvents,
  }),
  stalenessLimit: duration({
    label: "Fresh within",
    default: 1000,
    help: "The report says for which share of the time the oldest missing update was older than this.",
    onlyIf,
  }),
} as const satisfies Fields;

/** The kind "store". */
export const store: NodeKind & { readonly fields: typeof fields } = {
  id: "store",
  label: "Store",
  summary: "A service's own database; it lags behind as long as events wait before its service.",
  icon: "database",
  key: "d",
  accent: "store",
  fields,
  works: false,
  publishes: false,
  consumes: false,
  calls: false,
  isCalled: false,
  writes: false,
  isWritten: true,
};
