// How twins are run: wired up by main.tsx, so that neither store nor dialog knows of threads.

import type { StartWholeRuns } from "../worker/api.ts";

let load: (() => Promise<StartWholeRuns>) | undefined;

/** Says where scenarios are run for their reports; loaded with the first comparison. */
export function connectWholeRuns(loader: () => Promise<StartWholeRuns>): void {
  load = loader;
}

/** The wired-up way to run them; undefined before main.tsx has wired it. */
export function wholeRunsStarter(): Promise<StartWholeRuns> | undefined {
  return load?.();
}
