// The tables of the report about stores with versions: what each has shown, and how far replicas are behind.

import { formatNumber } from "../../base/units.ts";
import type { ReplicaReport, StoreConsistency } from "../../model/consistencyReport.ts";
import type { Report } from "../../model/report.ts";
import type { Cell, ReportTable } from "./reportTables.ts";
import { durationText } from "./reportWords.ts";

const count = (value: number, badFrom = Infinity): Cell => ({
  text: value.toLocaleString("en-US"),
  isBad: value >= badFrom,
});

/** Both tables; without rows where no store keeps versions. */
export function consistencyTables(
  { consistency, outboxes }: Report,
  name: (id: string) => string,
): readonly ReportTable[] {
  return [
    {
      id: "outboxes",
      title: "Outboxes",
      columns: ["Service", "Inserted", "Published again", "Passed over", "Waiting"],
      rows: outboxes.map((one) => ({
        id: `outbox of ${one.id}`,
        of: one.id,
        cells: [
          { text: name(one.id) },
          count(one.inserted),
          count(one.repeated),
          count(one.skipped, 1),
          count(one.waiting),
        ],
      })),
    },
    {
      id: "entities",
      title: "Stores with versions",
      columns: [
        "Store",
        "Keys",
        "Versions",
        "Value",
        "Expected",
        "Refused",
        "Conflicts",
        "Lost updates",
        "Duplicate effects",
        "Went back",
        "Stale reads",
        "Session broken",
        "Out of bounds",
      ],
      rows: consistency.stores.map((one) => ({
        id: `entities of ${one.id}`,
        of: one.id,
        cells: storeCells(one, name),
      })),
    },
    {
      id: "replicas",
      title: "Replicas",
      columns: [
        "From → to",
        "Applied",
        "Stale keys",
        "Missing",
        "Oldest missing",
        "Mean age",
        "Longest",
        "Too old",
        "Visible p50",
        "Visible p99",
        "Diverged",
      ],
      rows: consistency.replicas.map((one) => ({
        id: one.id,
        of: one.store,
        cells: replicaCells(one, name),
      })),
    },
    waitingTable(consistency, name),
    followingTable(consistency, name),
  ];
}

type Part = Report["consistency"];

function waitingTable({ waitingReads }: Part, name: (id: string) => string): ReportTable {
  return {
    id: "waiting reads",
    title: "Reads that wait for own writes",
    columns: ["Service reads store", "Waited", "Mean wait", "In vain", "Waiting"],
    rows: waitingReads.map((one) => ({
      id: `waiting ${one.id}`,
      of: one.id,
      cells: [
        { text: `${name(one.service)} reads ${name(one.store)}` },
        count(one.waited),
        { text: durationText(one.meanWaitMs) },
        count(one.timedOut, 1),
        count(one.waiting),
      ],
    })),
  };
}

function followingTable({ subscriptions }: Part, name: (id: string) => string): ReportTable {
  return {
    id: "event subscriptions",
    title: "Subscriptions to events",
    columns: [
      "Store → service",
      "Added",
      "Caught up after",
      "Handled",
      "Passed over",
      "Failed calls",
      "Left",
    ],
    rows: subscriptions.map((one) => ({
      id: `subscription ${one.id}`,
      of: one.id,
      cells: [
        { text: `${name(one.store)} → ${name(one.service)}` },
        { text: one.addedAt === null ? "not yet" : durationText(one.addedAt * 1000) },
        { text: one.caughtUpAfter === null ? "not yet" : durationText(one.caughtUpAfter * 1000) },
        count(one.done),
        count(one.passedOver, 1),
        count(one.failed),
        count(one.waiting),
      ],
    })),
  };
}

function storeCells(one: StoreConsistency, name: (id: string) => string): readonly Cell[] {
  const sessions = one.readYourWrites + one.monotonicReads;
  return [
    { text: name(one.id) },
    count(one.keys),
    count(one.commits),
    count(one.value),
    {
      ...count(one.expected),
      isBad: one.discrepancy > 0,
      tip: `The sum of the values if every accepted change had counted once; the keys differ by ${one.discrepancy.toLocaleString("en-US")} in all. Oversold: ${one.oversold.toLocaleString("en-US")}.`,
    },
    count(one.refused),
    count(one.conflicts),
    count(one.lostUpdates, 1),
    count(one.duplicateEffects, 1),
    count(one.outOfOrder, 1),
    {
      text: `${one.staleReads.toLocaleString("en-US")} of ${one.reads.toLocaleString("en-US")}`,
      tip: `By how many versions they were behind: ${one.readLags.map((reads, lag) => `${lag === one.readLags.length - 1 ? `${lag} and more` : lag}: ${reads}`).join(", ")}.`,
    },
    {
      ...count(sessions, 1),
      tip: `${one.readYourWrites} reads did not see what their own chain had written, ${one.monotonicReads} less than it had read before.`,
    },
    count(one.invariantBroken, 1),
  ];
}

function replicaCells(one: ReplicaReport, name: (id: string) => string): readonly Cell[] {
  return [
    { text: `${name(one.source)} → ${name(one.store)}` },
    {
      ...count(one.applications),
      tip: `${one.repeated} once more, ${one.olderIgnored} older and left out, ${one.wentBack} older and applied; ${one.skipped} versions were passed by newer ones.`,
    },
    { text: `${count(one.staleKeys).text} of ${count(one.keys).text}` },
    count(one.missing),
    { text: durationText(one.ageMs) },
    { text: durationText(one.meanAgeMs) },
    { text: durationText(one.maxAgeMs) },
    { text: `${formatNumber(one.shareTooOld * 100)} %`, isBad: one.shareTooOld > 0 },
    {
      text: durationText(one.delay.p50),
      tip: one.visibility
        .filter(({ share }) => share !== null)
        .map(
          ({ withinMs, share }) =>
            `${durationText(withinMs)}: ${formatNumber((share ?? 0) * 100)} %`,
        )
        .join(", "),
    },
    { text: durationText(one.delay.p99) },
    {
      ...count(one.divergedKeys, 1),
      tip: one.isAtRest
        ? one.divergedKeys === 0
          ? "Nothing is on its way, and all keys agree."
          : `Nothing is on its way that could mend it: ${one.diverged.join(", ")}${one.divergedKeys > one.diverged.length ? " and others" : ""}.`
        : "Something is still on its way.",
    },
  ];
}
