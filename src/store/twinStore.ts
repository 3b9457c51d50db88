// The latest comparison of a drawing with its synchronous twin: under way, or what came out. There is one at a time.

import { create } from "zustand";
import { compareTwins, type TwinComparison } from "../model/twin/comparison.ts";
import type { Scenario } from "../model/scenario.ts";
import { synchronousTwin, type Twin } from "../model/twin/twin.ts";
import type { WholeRunsJob } from "../worker/api.ts";
import { wholeRunsStarter } from "./twinStart.ts";

/** What is known of the comparison. */
export interface TwinState {
  readonly status: "idle" | "running" | "done";
  /** The drawing that is compared. */
  readonly scenario: Scenario | undefined;
  readonly twin: Twin | undefined;
  readonly comparison: TwinComparison | undefined;
  /** Why nothing came out. */
  readonly failure: string | undefined;
  /** Derives the twin and runs both; a comparison that is under way is given up. */
  compare(scenario: Scenario): Promise<void>;
  /** Gives up what is under way. */
  cancel(): void;
}

const nothing = { twin: undefined, comparison: undefined, failure: undefined } as const;

/** The latest comparison. */
export const useTwinStore = create<TwinState>((set, get) => {
  let job: WholeRunsJob | undefined;
  let latest = 0;
  return {
    ...nothing,
    status: "idle",
    scenario: undefined,
    async compare(scenario) {
      get().cancel();
      const own = ++latest;
      const twin = synchronousTwin(scenario);
      if (twin === undefined) {
        const failure =
          "No event gets from one part to another here, so there is nothing to turn into calls.";
        set({ ...nothing, status: "done", scenario, failure });
        return;
      }
      set({ ...nothing, status: "running", scenario, twin });
      const start = await wholeRunsStarter();
      if (own !== latest) return;
      if (start === undefined) {
        set({ status: "done", failure: "Nothing can be run here." });
        return;
      }
      job = start([scenario, twin.scenario]);
      const result = await job.result;
      if (own !== latest) return;
      job = undefined;
      const [eventDriven, synchronous] = result.ok ? result.value : [];
      if (!result.ok) set({ status: "done", failure: result.failure });
      else if (eventDriven !== undefined && synchronous !== undefined)
        set({
          status: "done",
          comparison: compareTwins(scenario, twin, { eventDriven, synchronous }),
        });
    },
    cancel() {
      latest++;
      job?.cancel();
      job = undefined;
      if (get().status === "running") set({ ...nothing, status: "idle" });
    },
  };
});
