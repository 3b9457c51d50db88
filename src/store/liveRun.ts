// The run as it is right now, outside React: the latest frame with the scenario whose rows it has.
// Drawing loops read and subscribe here; nothing in it ever causes a render.

import type { Frame } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";

/** What a drawing loop needs to know. */
export interface LiveRun {
  /** The scenario as it was loaded: rows of the frame are in its order. */
  readonly scenario: Scenario;
  readonly frame: Frame;
  /** Grows with every load and restart: accumulators forget what they know when it changes. */
  readonly generation: number;
  /** Grows when the run is put to another instant: what was under way belongs to another time. */
  readonly jumps: number;
  /** How far the run has been simulated, and can be gone back to at once [ns]. */
  readonly seenNs: number;
  /** Simulated seconds per wall second; Infinity for as fast as possible. */
  readonly speed: number;
}

type Listener = (live: LiveRun | null) => void;

let latest: LiveRun | null = null;
const listeners = new Set<Listener>();

/** The latest frame, or null while no run is loaded. */
export function latestLiveRun(): LiveRun | null {
  return latest;
}

/** Calls back with every frame; returns how to stop that. */
export function subscribeLiveRun(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** For the run store: hands a frame to everybody who draws. */
export function publishLiveRun(live: LiveRun | null): void {
  latest = live;
  for (const listener of listeners) listener(live);
}
