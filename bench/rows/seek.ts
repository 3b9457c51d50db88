// Going back: to any instant of a run of ten minutes with a million messages.

import { open } from "../../src/engine/sketch.suite.ts";
import { tenMinutes } from "../designs.ts";
import { heapMillion } from "../heap.ts";
import { type Row, timeMs } from "../row.ts";
import { simulateUntil } from "../runs.ts";

/** Instants that are gone to, spread so that each lies differently between the moments that are kept. */
const instants = 25;

/** Memory for the moments to which a run can go back, as the page gives it [bytes]. */
const historyBytes = 256e6;

function seekRow(id: string, title: string, about: "handled" | "waiting"): Row {
  return {
    id,
    group: "seek",
    title: `seek in ten minutes ${title}`,
    unit: "ms",
    better: "less",
    target: { of: "figure", atLeast: 200, aim: 100 },
    yardstick: heapMillion,
    rounds: 3,
    note: `The slowest of ${instants} instants all over the run, from wherever the run was before. Producer → Kafka topic → service, 1,667 messages a second, 256 MB for moments to go back to.`,
    prepare: (bench) => {
      const durationMs = bench.size === "full" ? 600_000 : 6000;
      const run = open(tenMinutes(durationMs, about), { historyBytes });
      simulateUntil(run);
      const whole = { figure: run.events(), unit: "events" };
      const waiting = { figure: run.alive().messages, unit: "messages" };
      // Steps of the golden ratio come everywhere and never twice to the same place.
      const targets = Array.from(
        { length: instants },
        (_, i) => (((i + 1) * 0.618_033_988_75) % 1) * durationMs * 1e6,
      );
      return () => {
        const took = targets.map((timeNs) => timeMs(bench, () => run.seek(timeNs)));
        took.sort((a, b) => a - b);
        return {
          figure: took.at(-1)!,
          also: {
            median: { figure: took[instants >> 1]!, unit: "ms" },
            "the whole run": whole,
            "waiting at its end": waiting,
          },
        };
      };
    },
  };
}

/** Rows about going back. */
export const seekRows: readonly Row[] = [
  seekRow("seek", "with a million messages", "handled"),
  seekRow("seek-waiting", "in which a million messages come to wait", "waiting"),
];
