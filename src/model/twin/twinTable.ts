// The comparison of twins as a table of words, for page and terminal.

import { formatDurationMs } from "../../base/units.ts";
import type { TwinComparison, TwinFigure } from "./comparison.ts";

/** A row of the table. */
export interface TwinRow {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly eventDriven: string;
  readonly synchronous: string;
  /** The side that is better; undefined where they are equal or cannot be compared. */
  readonly better: "eventDriven" | "synchronous" | undefined;
}

/** The rows. */
export function twinRows({ figures }: TwinComparison): readonly TwinRow[] {
  return figures.map((figure) => ({
    id: figure.id,
    label: figure.label,
    help: figure.help,
    eventDriven: inWords(figure.eventDriven, figure.unit),
    synchronous: inWords(figure.synchronous, figure.unit),
    better: betterSide(figure),
  }));
}

function inWords(value: number | null, unit: TwinFigure["unit"]): string {
  if (value === null) return "–";
  if (unit === "ms") return formatDurationMs(value);
  if (unit === "count") return value.toLocaleString("en-US");
  // A share just below one must not read as the whole.
  const percent = Math.floor(value * 10_000) / 100;
  return `${percent} %`;
}

function betterSide({ eventDriven, synchronous, good, id }: TwinFigure): TwinRow["better"] {
  if (eventDriven === null || synchronous === null || eventDriven === synchronous) return undefined;
  if (id === "asked") return undefined;
  return eventDriven < synchronous === (good === "low") ? "eventDriven" : "synchronous";
}
