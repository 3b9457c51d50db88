// `twin`: derives the synchronous twin of an event-driven scenario, runs both, and prints them side by side.

import { formatDurationMs } from "../../base/units.ts";
import { writeScenario } from "../../model/parse.ts";
import { compareTwins, type TwinComparison } from "../../model/twin/comparison.ts";
import { synchronousTwin } from "../../model/twin/twin.ts";
import { twinRows } from "../../model/twin/twinTable.ts";
import { adjust } from "../adjust.ts";
import type { Command } from "../command.ts";
import { fine, found, wrongUse } from "../shell.ts";
import { simulate } from "../simulate.ts";
import { printProblems, readRunnable } from "../source.ts";
import { table } from "../table.ts";

/** Compares a scenario with its synchronous twin. */
export const twin: Command = {
  name: "twin",
  summary: "Turn events into calls, run both, and compare them.",
  operands: ["FILE|ID"],
  options: {
    seed: { value: "N", help: "Another seed, 0 to 4294967295." },
    duration: { value: "60s", help: "Another length of the run: 500ms, 60s, 5min, 1h." },
    set: {
      value: "NODE.PARAM=VALUE",
      repeats: true,
      help: "Another value for a parameter of a node, channel or connection.",
    },
    out: { value: "FILE", help: "Write the twin as a scenario." },
    json: { help: "Print the comparison as one JSON object." },
  },
  notes: ["Exit code 1: the document has errors, or no event gets from one part to another."],
  run: async (given, shell) => {
    const read = await readRunnable(given.operands[0] ?? "", shell);
    if (!read.ok) return read.failure;
    const adjusted = adjust(read.value, given, shell);
    if (!adjusted.ok) return wrongUse(adjusted.failure);
    const scenario = adjusted.value;
    const derived = synchronousTwin(scenario);
    if (derived === undefined) {
      shell.err("No event gets from one part to another: there is nothing to turn into calls.\n");
      return found;
    }
    const path = given.value("out");
    const written =
      path === undefined ? undefined : shell.writeFile(path, writeScenario(derived.scenario));
    if (written?.ok === false) return wrongUse(written.failure);
    const [left, right] = [simulate(scenario), simulate(derived.scenario)];
    for (const ran of [left, right]) if (!ran.ok) printProblems(ran.failure, shell);
    if (!left.ok || !right.ok) return found;
    const comparison = compareTwins(scenario, derived, {
      eventDriven: left.value.report(0),
      synchronous: right.value.report(0),
    });
    shell.out(
      given.has("json")
        ? `${JSON.stringify(comparison, null, 2)}\n`
        : describeTwins(comparison, scenario.load.duration),
    );
    return fine;
  },
};

function describeTwins(comparison: TwinComparison, durationMs: number): string {
  const { title, sentence, changes, left, seed } = comparison;
  const rows = twinRows(comparison).map((row) => [row.label, row.eventDriven, row.synchronous]);
  const parts = [
    [title, sentence],
    table(["", "event-driven", "synchronous"], rows),
    changes.length === 0 ? [] : ["What else is different", ...changes.map((one) => `  ${one}`)],
    left.length === 0 ? [] : ["What could not be turned", ...left.map((one) => `  ${one}`)],
    [`Both ran ${formatDurationMs(durationMs)} with seed ${seed}.`],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
