// What a chart says about itself. The numbers arrive ready from the engine; a chart only chooses and draws lines.

import type { ChartId, Series } from "../../model/result.ts";

/** One chart of the panel. */
export interface ChartDescriptor {
  readonly id: ChartId;
  readonly title: string;
  /** Behind the numbers: "/s", "ms", "messages". */
  readonly unit: string;
  /** One sentence: what to read from it. */
  readonly help: string;
  /** Nothing to show is good news here: what to say then. */
  readonly empty: string;
  /** Which lines are drawn when there are many. */
  choose(lines: Series["lines"]): Series["lines"];
  /** A value with its unit, as short as possible. */
  format(value: number): string;
}

/** What drawing has to know of a chart. */
export type Drawn = Pick<ChartDescriptor, "title" | "format"> & {
  /** Upper end of the scale; else it follows the values. */
  readonly yMax?: number;
};

/** More lines cannot be told apart by colour. */
export const linesMax = 6;
