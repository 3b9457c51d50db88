// The charts below the canvas, side by side over simulated time: of the whole run, or of the selected element.
// Rendered at once; uPlot itself is loaded with the first chart that has something to draw.

import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { elementOf, nameOf } from "../../model/elements.ts";
import type { Breach, ObjectiveState } from "../../model/objectiveState.ts";
import type { Series } from "../../model/result.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useObjectiveStore } from "../../store/objectiveStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { faultPeriods } from "../run/faultPeriods.ts";
import styles from "./charts.module.css";
import type { ChartDescriptor } from "./descriptor.ts";
import { charts } from "./index.ts";
import { createSeriesFeed, type SeriesFeed } from "./seriesFeed.ts";
import { useTheme } from "./useTheme.ts";
import { firstTouch } from "../../store/firstTouch.ts";

// Nobody plans faults before the first touch; the place for it is there from the beginning.
const FaultTrack = lazy(async () => {
  await firstTouch();
  return { default: (await import("../timeline/FaultTrack.tsx")).FaultTrack };
});

const Chart = lazy(() => import("./Chart.tsx").then((module) => ({ default: module.Chart })));

/** The panel. */
export function ChartPanel() {
  const [feed] = useState(() =>
    createSeriesFeed((chart, of) => useRunStore.getState().series(chart, of)),
  );
  const selection = useSessionStore((state) => state.selection);
  const [isNarrowed, setNarrowed] = useState(false);
  const scenario = useDocumentStore((state) => state.scenario);
  // Notes and groups have no figures of their own.
  const [only, ...others] = selection.filter((id) => elementOf(scenario, id) !== undefined);
  const selected = others.length === 0 ? only : undefined;
  const of = isNarrowed ? selected : undefined;
  useFeeding(feed);
  return (
    <div className={styles["whole"]}>
      <section className={styles["panel"]} aria-label="Charts">
        {selected === undefined ? null : (
          <Scope selected={selected} isNarrowed={isNarrowed} onChange={setNarrowed} />
        )}
        {charts.map((descriptor) => (
          <ChartSlot
            key={`${descriptor.id}/${of ?? ""}`}
            descriptor={descriptor}
            of={of}
            feed={feed}
          />
        ))}
      </section>
      <Suspense fallback={<div className={styles["trackPlace"]} />}>
        <FaultTrack />
      </Suspense>
    </div>
  );
}

/** Fetches while it runs, and once more whenever it stands still or begins anew. */
function useFeeding(feed: SeriesFeed): void {
  useEffect(() => {
    const stopFrames = subscribeLiveRun(() => {
      if (useRunStore.getState().status === "running") feed.tick(performance.now());
      else feed.refresh();
    });
    const stopStatus = useRunStore.subscribe((state, before) => {
      if (state.status !== before.status) feed.refresh();
    });
    return () => {
      stopFrames();
      stopStatus();
    };
  }, [feed]);
}

interface ScopeProps {
  readonly selected: string;
  readonly isNarrowed: boolean;
  readonly onChange: (isNarrowed: boolean) => void;
}

/** Stands beside the tabs, where it covers nothing. */
function Scope({ selected, isNarrowed, onChange }: ScopeProps) {
  const name = useDocumentStore((state) => nameOf(state.scenario, selected));
  const place = document.getElementById("panel-tools");
  if (place === null) return null;
  return createPortal(
    <div className={styles["scope"]} role="group" aria-label="Charts of">
      <button type="button" aria-pressed={!isNarrowed} onClick={() => onChange(false)}>
        Whole run
      </button>
      <button type="button" aria-pressed={isNarrowed} onClick={() => onChange(true)}>
        {name}
      </button>
    </div>,
    place,
  );
}

interface ChartSlotProps {
  readonly descriptor: ChartDescriptor;
  readonly of: string | undefined;
  readonly feed: SeriesFeed;
}

function ChartSlot({ descriptor, of, feed }: ChartSlotProps) {
  const drawn = useDocumentStore((state) => state.scenario);
  // What a run has gone through is what it knew, not what was changed since.
  const scenario = useRunStore((state) => state.known) ?? drawn;
  const status = useRunStore((state) => state.status);
  const isAtStart = useRunStore((state) => state.timeNs === 0);
  const [series, setSeries] = useState<Series | null>(null);
  const theme = useTheme();
  useEffect(
    () => feed.add({ chart: descriptor.id, of, onSeries: setSeries }),
    [feed, descriptor, of],
  );
  const objectives = useObjectiveStore((state) => state.states);
  const marks = useMemo(() => objectives.flatMap(marksOf), [objectives]);
  const lines = series === null ? [] : descriptor.choose(series.lines);
  const isIdle = latestLiveRun() === null || (isAtStart && status !== "running");
  const isEmpty = series === null || series.timesS.length === 0 || lines.length === 0;
  return (
    <figure className={styles["chart"]} aria-label={descriptor.title} data-chart={descriptor.id}>
      <figcaption data-tip={descriptor.help}>
        <strong>{descriptor.title}</strong> <span>{descriptor.unit}</span>
      </figcaption>
      {isIdle || isEmpty ? (
        <p className={styles["empty"]}>{isIdle ? <PressSpace /> : descriptor.empty}</p>
      ) : (
        <Suspense fallback={<p className={styles["empty"]}>…</p>}>
          <Chart
            key={`${lines.map((line) => line.id).join("|")}/${theme}`}
            descriptor={descriptor}
            series={{ timesS: series.timesS, lines }}
            faults={faultPeriods(scenario)}
            marks={marks}
            durationS={scenario.load.duration / 1000}
          />
        </Suspense>
      )}
    </figure>
  );
}

/** Stretches of each objective that are marked: one that comes and goes would fill the axis. */
const marksMax = 3;

/** When the longest stretches began in which an objective was missed [s]. */
function marksOf({ breaches }: ObjectiveState): readonly number[] {
  const lengthOf = ({ fromS, toS }: Breach): number => (toS ?? Infinity) - fromS;
  const longest = breaches.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  return longest.slice(0, marksMax).map(({ fromS }) => fromS);
}

function PressSpace() {
  return (
    <>
      Press <kbd>Space</kbd> to run
    </>
  );
}
