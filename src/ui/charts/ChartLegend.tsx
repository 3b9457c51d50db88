// The lines of a chart with their values, now or under the cursor; it is also the chart's text alternative.

import type { Series } from "../../model/result.ts";
import styles from "./charts.module.css";
import type { ChartDescriptor } from "./descriptor.ts";
import type { ChartColours } from "./uplotOptions.ts";

interface ChartLegendProps {
  readonly descriptor: ChartDescriptor;
  readonly lines: Series["lines"];
  /** Index of the bucket whose values are shown. */
  readonly at: number;
  readonly colours: ChartColours | null;
}

/** The legend. */
export function ChartLegend({ descriptor, lines, at, colours }: ChartLegendProps) {
  return (
    <ul className={styles["legend"]} aria-label={`${descriptor.title}, values`}>
      {lines.map((line, i) => (
        <li key={line.id}>
          <i style={{ background: colours?.lines[i % colours.lines.length] }} aria-hidden="true" />
          <span className={styles["lineName"]}>{line.label}</span>
          <b>{valueText(descriptor, line.values[at])}</b>
        </li>
      ))}
    </ul>
  );
}

function valueText(descriptor: ChartDescriptor, value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : descriptor.format(value);
}
