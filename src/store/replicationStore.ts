// A series of replications as the page sees it: how far it is, what it says, and how to stop it. There is one at a time.

import { create } from "zustand";
import type { ReplicationPlan, ReplicationsReport } from "../model/replications.ts";
import type { Scenario } from "../model/scenario.ts";
import type { ReplicationJob } from "../worker/api.ts";
import { replicationStarter } from "./replicationStart.ts";

/** What is known of the latest series. */
export interface ReplicationState {
  readonly status: "idle" | "running" | "done";
  readonly done: number;
  readonly most: number;
  /** What it says so far; the scenario names its rows. */
  readonly report: ReplicationsReport | undefined;
  readonly scenario: Scenario | undefined;
  /** Why nothing came out. */
  readonly failure: string | undefined;
  /** Starts a series; one that is under way is given up. */
  start(scenario: Scenario, plan: ReplicationPlan): Promise<void>;
  /** Ends the series with what there is. */
  cancel(): void;
}

const nothing = { done: 0, most: 0, report: undefined, failure: undefined } as const;

/** The latest series. */
export const useReplicationStore = create<ReplicationState>((set, get) => {
  let job: ReplicationJob | undefined;
  let series = 0;
  return {
    ...nothing,
    status: "idle",
    scenario: undefined,
    async start(scenario, plan) {
      get().cancel();
      const own = ++series;
      const isOver = (): boolean => own !== series;
      set({ ...nothing, status: "running", scenario });
      const begin = await replicationStarter();
      if (isOver()) return;
      if (begin === undefined) {
        set({ status: "done", failure: "Replications cannot be started here." });
        return;
      }
      job = begin(scenario, plan, (progress) => {
        if (!isOver()) set(progress);
      });
      const result = await job.result;
      if (isOver()) return;
      job = undefined;
      if (result.ok) set({ status: "done", report: result.value });
      else set({ status: "done", failure: result.failure });
    },
    cancel() {
      job?.cancel();
      if (job === undefined && get().status === "running") {
        series++;
        set({ status: "done" });
      }
    },
  };
});
