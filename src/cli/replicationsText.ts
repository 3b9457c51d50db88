// What many replications say together, for a person at a terminal.

import { formatDurationMs } from "../base/units.ts";
import type { ReplicationsReport } from "../model/replications.ts";
import { replicationTables } from "../model/replicationTables.ts";
import type { Scenario } from "../model/scenario.ts";
import { table } from "./table.ts";

/** The whole report, ending with a line break. */
export function describeReplications(report: ReplicationsReport, scenario: Scenario): string {
  const { title, scenario: id, replications, events, wallSeconds, objectives } = report;
  const parts = [
    [
      title === "" ? id : title,
      `${report.sentence} ${events.toLocaleString("en-US")} events in ${formatDurationMs(wallSeconds * 1000)}.`,
    ],
    ...replicationTables(report, scenario).map(({ title: heading, columns, rows }) => [
      heading,
      ...table(
        ["", ...columns],
        rows.map(({ name, cells }) => [name, ...cells.map(({ text }) => text)]),
      ),
    ]),
    objectives.length === 0
      ? []
      : [
          "Objectives",
          ...objectives.map((one) => `  ${one.title}: met in ${one.met} of ${replications}`),
        ],
    [
      ...(report.holds ? [] : ["THE BOOKS OF A REPLICATION DO NOT BALANCE."]),
      `Means over the replications, ± half of their 95 % intervals. Seed ${report.seed}.`,
    ],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
