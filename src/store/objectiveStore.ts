// How the objectives of the run stand, for bar, charts and track: fetched twice a second while it runs, and once at each
// standstill.

import { create } from "zustand";
import type { ObjectiveState } from "../model/objectiveState.ts";
import { subscribeLiveRun } from "./liveRun.ts";
import { useRunStore } from "./runStore.ts";

const pauseMs = 500;
/** The worker may spend this share of its time on answers. */
const shareMax = 0.05;

const none: readonly ObjectiveState[] = [];

/** The objectives; none while no run is loaded. */
export const useObjectiveStore = create<{ readonly states: readonly ObjectiveState[] }>()(() => ({
  states: none,
}));

/** Begins to follow the run; one part of the page does that for all. Returns how to stop. */
export function followObjectives(): () => void {
  let isUnderWay = false;
  let isWanted = false;
  let nextMs = 0;

  async function pull(): Promise<void> {
    isWanted = isUnderWay;
    if (isUnderWay) return;
    isUnderWay = true;
    const startMs = performance.now();
    const states = (await useRunStore.getState().objectives()) ?? none;
    isUnderWay = false;
    nextMs = performance.now() + Math.max(pauseMs, (performance.now() - startMs) / shareMax);
    useObjectiveStore.setState({ states });
    if (isWanted) await pull();
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
    stopFrames();
    stopStatus();
    useObjectiveStore.setState({ states: none });
  };
}
