// The time axis of the fault track: ticks, where the run is, and where the pointer is, here or in a chart. Both lines follow
// by reference, not through React.

import { type RefObject, useEffect, useRef } from "react";
import { formatDurationMs } from "../../base/units.ts";
import { latestLiveRun, type LiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { subscribeTimeCursor } from "./timeCursor.ts";
import { shareOf, ticksOf, type TimeRange } from "./trackLayout.ts";
import styles from "./track.module.css";

interface AxisProps {
  readonly range: TimeRange;
  /** Ticks at the most. */
  readonly most: number;
}

/** The ticks with their times. */
export function TrackTicks({ range, most }: AxisProps) {
  const ticks = ticksOf(range, most);
  return ticks.map((ms, i) => {
    const share = shareOf(range, ms);
    // At the end there is room on the other side only.
    const isLast = share > 95;
    const next = shareOf(range, ticks[i + 1] ?? Infinity);
    const isInWay = next > 95 && next <= 100 && next - share < 20;
    const place = isLast
      ? { insetInlineEnd: `${100 - share}%` }
      : { insetInlineStart: `${share}%` };
    return (
      <span key={ms} className={styles["tick"]} data-last={isLast} style={place}>
        {isInWay ? "" : ms === 0 ? "0 s" : formatDurationMs(ms)}
      </span>
    );
  });
}

/** The lines that go through all lanes. */
export function TrackLines({ range }: { readonly range: TimeRange }) {
  const now = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const show = (live: LiveRun | null): void =>
      placeAt(now, range, live === null ? null : live.frame.timeNs / 1e6);
    show(latestLiveRun());
    return subscribeLiveRun(show);
  }, [range]);
  useEffect(
    () =>
      subscribeTimeCursor((timeS) => {
        placeAt(cursor, range, timeS === null ? null : timeS * 1000);
        if (label.current !== null && timeS !== null)
          label.current.textContent = formatDurationMs(timeS * 1000);
      }),
    [range],
  );
  return (
    <>
      <div ref={now} className={styles["now"]} aria-hidden="true" />
      <div ref={cursor} className={styles["cursor"]} aria-hidden="true">
        <span ref={label} />
      </div>
    </>
  );
}

function placeAt(
  line: RefObject<HTMLDivElement | null>,
  range: TimeRange,
  ms: number | null,
): void {
  if (line.current === null) return;
  const share = ms === null ? -1 : shareOf(range, ms);
  line.current.hidden = share < 0 || share > 100;
  line.current.style.insetInlineStart = `${share}%`;
}
