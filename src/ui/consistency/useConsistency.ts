// Fetches what the consistency view shows, four times a second while the run goes on and once at each standstill; only
// while the view is there. Slow answers are asked for less often.

import { useEffect, useState } from "react";
import type { AnomalyReport } from "../../model/consistencyReport.ts";
import type { ConsistencyQuery, ConsistencyView } from "../../model/consistencyView.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";

const pauseMs = 250;
/** The worker may spend this share of its time on answers. */
const shareMax = 0.1;

/** What is known of the run; null before the first answer, and where no store keeps versions. */
export interface KnownConsistency {
  readonly view: ConsistencyView;
  /** The kept anomalies, in order of time. */
  readonly anomalies: readonly AnomalyReport[];
}

type Wish = Omit<ConsistencyQuery, "anomaliesKnown">;

/** Follows the run. */
export function useConsistency({ source, firstKey, keysMax }: Wish): KnownConsistency | null {
  const [known, setKnown] = useState<KnownConsistency | null>(null);
  useEffect(() => {
    let isGone = false;
    let isUnderWay = false;
    let isWanted = false;
    let nextMs = 0;
    let anomalies: readonly AnomalyReport[] = [];
    let past = "";

    async function pull(): Promise<void> {
      isWanted = isUnderWay;
      if (isUnderWay) return;
      isUnderWay = true;
      const startMs = performance.now();
      const live = latestLiveRun();
      // Another run, or another instant of it: what was found belongs to another past.
      const pastNow = `${live?.generation}/${live?.jumps}`;
      if (past !== pastNow) anomalies = [];
      past = pastNow;
      const view = await useRunStore.getState().consistency({
        source,
        firstKey,
        keysMax,
        anomaliesKnown: anomalies.length,
      });
      isUnderWay = false;
      if (isGone) return;
      nextMs = performance.now() + Math.max(pauseMs, (performance.now() - startMs) / shareMax);
      if (view !== null) anomalies = [...anomalies, ...view.anomalies];
      setKnown(view === null ? null : { view, anomalies });
      if (isWanted) void pull();
    }

    const stopFrames = subscribeLiveRun(() => {
      const isRunning = useRunStore.getState().status === "running";
      if (!isRunning || performance.now() >= nextMs) void pull();
    });
    const stopStatus = useRunStore.subscribe((state, before) => {
      if (state.status !== before.status) void pull();
    });
    void pull();
    return () => {
      isGone = true;
      stopFrames();
      stopStatus();
    };
  }, [source, firstKey, keysMax]);
  return known;
}
