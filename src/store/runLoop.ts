// The pull loop: one request per drawn frame, at most one under way, so that a slow page slows the asking, not memory.

import type { Frame } from "../model/result.ts";
import type { SimulationApi } from "../worker/api.ts";
import { latestLiveRun } from "./liveRun.ts";

/** What the loop needs of its surroundings. */
export interface RunLoopOptions {
  readonly simulation: SimulationApi;
  readonly requestFrame: (callback: () => void) => void;
  readonly nowMs: () => number;
  readonly isRunning: () => boolean;
  readonly state: () => { readonly speed: number; readonly durationNs: number };
  readonly onFrame: (frame: Frame) => void;
  /** Five times a second, with the events per wall second. */
  readonly onClock: (eventsPerS: number) => void;
  readonly onFault: (error: unknown) => void;
}

/** A loop that runs while the run does. */
export interface RunLoop {
  start(): void;
}

/** Wall time that one request may cost the worker: it answers before the next frame is drawn [ms]. */
const budgetMs = 12;
/** After a pause of the page (a hidden tab, a breakpoint) the run does not catch up [ms]. */
const wallDeltaMsMax = 100;
const clockEveryMs = 200;

/** How many movements a frame may carry, so that no more than 5,000 particles are on their way at once. */
export const movesPerFrameMax = 120;

/** Makes the loop; `start` is idempotent, and it stops by itself when the run does. */
export function createRunLoop(options: RunLoopOptions): RunLoop {
  let isLooping = false;
  let isAsking = false;
  let askedMs = 0;
  let clock = { wallMs: 0, events: 0 };

  function tick(): void {
    if (!options.isRunning()) {
      isLooping = false;
      return;
    }
    options.requestFrame(tick);
    if (!isAsking) void pull();
    tickClock();
  }

  async function pull(): Promise<void> {
    const live = latestLiveRun();
    if (live === null) return;
    const wallMs = options.nowMs();
    const wallDeltaMs = Math.min(wallDeltaMsMax, wallMs - askedMs);
    askedMs = wallMs;
    const { speed, durationNs } = options.state();
    const wishNs = live.frame.timeNs + wallDeltaMs * 1e6 * speed;
    const untilNs = Math.min(durationNs, Math.round(wishNs));
    isAsking = true;
    try {
      const frame = await options.simulation.advance({
        untilNs,
        budgetMs,
        movesMax: movesPerFrameMax,
      });
      if (latestLiveRun()?.generation === live.generation) options.onFrame(frame);
    } catch (error) {
      if (latestLiveRun()?.generation === live.generation) options.onFault(error);
    } finally {
      isAsking = false;
    }
  }

  function tickClock(): void {
    const wallMs = options.nowMs();
    const elapsedMs = wallMs - clock.wallMs;
    if (elapsedMs < clockEveryMs) return;
    const events = latestLiveRun()?.frame.events ?? 0;
    options.onClock(Math.max(0, ((events - clock.events) * 1000) / elapsedMs));
    clock = { wallMs, events };
  }

  return {
    start: () => {
      if (isLooping) return;
      isLooping = true;
      askedMs = options.nowMs();
      clock = { wallMs: askedMs, events: latestLiveRun()?.frame.events ?? 0 };
      options.requestFrame(tick);
    },
  };
}
