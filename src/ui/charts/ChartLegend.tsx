// The lines of a chart with their values, now or under the cursor; it is also the chart's text alternative.

import type { Series } from "../../model/result.ts";
import styles from "./charts.module.css";
import type { Drawn } from "./descriptor.ts";
import type { ChartColours } from "./uplotOptions.ts";

interface ChartLegendProps {
  readonly descriptor: Drawn;
  readonly lines: Series["lines"];
  /** Index of the bucket whose values are shown. */
  readonly at: number;
  readonly colours: ChartColours | null;
}

/** How far back a value still counts as the present one [buckets]. */
const recentBuckets = 5;

/** The legend. */
export function ChartLegend({ descriptor, lines, at, colours }: ChartLegendProps) {
  return (
    <ul className={styles["legend"]} aria-label={`${descriptor.title}, values`}>
      {lines.map((line, i) => (
        <li key={line.id}>
          <i style={{ background: colours?.lines[i % colours.lines.length] }} aria-hidden="true" />
          <span className={styles["lineName"]}>{line.label}</span>
          <b>{valueText(descriptor, latestOf(line.values, at))}</b>
        </li>
      ))}
    </ul>
  );
}

/** The value at a bucket, or the last one that was observed before it: a message does not end in every bucket. */
function latestOf(values: Float64Array, at: number): number | undefined {
  for (let i = at; i > at - recentBuckets; i--)
    if (!Number.isNaN(values[i] ?? NaN)) return values[i];
  return undefined;
}

function valueText(descriptor: Drawn, value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : descriptor.format(value);
}
