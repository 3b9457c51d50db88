// uPlot in React: draws ready columns over simulated time, shades faults, shares the moment under its cursor with all
// that is drawn over time.
// Loaded on demand. It computes nothing: the engine delivers at most a few points per pixel.

import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Series } from "../../model/result.ts";
import type { FaultPeriod } from "../run/faultPeriods.ts";
import { ChartLegend } from "./ChartLegend.tsx";
import { setTimeCursor, subscribeTimeCursor } from "../timeline/timeCursor.ts";
import styles from "./charts.module.css";
import type { Drawn } from "./descriptor.ts";
import { type ChartColours, readColours, uplotOptions } from "./uplotOptions.ts";

/** What a chart shows. */
export interface ChartProps {
  readonly descriptor: Drawn;
  readonly series: Series;
  readonly faults: readonly FaultPeriod[];
  /** Moments at which an objective began to be missed [s]. */
  readonly marks?: readonly number[];
  /** Length of the run [s]: the time axis never goes beyond it. */
  readonly durationS: number;
}

const none: readonly number[] = [];

/** A chart with its legend. Colours and the number of lines are those of the first drawing: give it another `key`
 *  when they change. */
export function Chart({ descriptor, series, faults, durationS, marks = none }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ series, faults, durationS, marks });
  const [cursor, setCursor] = useState<number | null>(null);
  const [colours, setColours] = useState<ChartColours | null>(null);

  useEffect(() => {
    latest.current = { series, faults, durationS, marks };
    plot.current?.setData(dataOf(series));
  }, [series, faults, durationS, marks]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const read = readColours(element);
    setColours(read);
    const { clientWidth: width, clientHeight: height } = element;
    /** Set while another chart moves the cursor of this one. */
    let isTold = false;
    const options = uplotOptions({
      descriptor,
      colours: read,
      width,
      height,
      onCursor: (drawn) => {
        setCursor(drawn.cursor.idx ?? null);
        if (!isTold) setTimeCursor(pointedAtS(drawn), drawn);
      },
      lines: latest.current.series.lines,
      faults: () => latest.current.faults,
      marks: () => latest.current.marks,
      durationS: () => latest.current.durationS,
    });
    const made = new uPlot(options, dataOf(latest.current.series), element);
    plot.current = made;
    const size = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    size.observe(element);
    const stopCursor = subscribeTimeCursor((timeS, by) => {
      if (by === made) return;
      isTold = true;
      const isShown = timeS !== null && timeS <= (made.scales["x"]?.max ?? 0);
      made.setCursor({ left: isShown ? made.valToPos(timeS, "x") : -10, top: 0 });
      isTold = false;
    });
    return () => {
      stopCursor();
      size.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [descriptor]);

  const at = cursor !== null && cursor < series.timesS.length ? cursor : series.timesS.length - 1;
  return (
    <>
      <ChartLegend descriptor={descriptor} lines={series.lines} at={at} colours={colours} />
      <div ref={host} className={styles["plot"]} aria-hidden="true" />
    </>
  );
}

/** The moment under the cursor [s]; null where it is outside. */
function pointedAtS({ cursor: { left = -1 }, posToVal }: uPlot): number | null {
  return left < 0 ? null : posToVal(left, "x");
}

function dataOf({ timesS, lines }: Series): uPlot.AlignedData {
  // Gaps (no observation in a bucket) are NaN in columns and null in uPlot.
  const columns = lines.map(({ values }) =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
  );
  return [Array.from(timesS), ...columns];
}
