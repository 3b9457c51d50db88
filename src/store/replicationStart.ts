// How replications are started: wired up by main.tsx, so that neither store nor panel knows of threads.

import type { StartReplications } from "../worker/api.ts";

let load: (() => Promise<StartReplications>) | undefined;

/** Says where replications are started; loaded with the first series. */
export function connectReplications(loader: () => Promise<StartReplications>): void {
  load = loader;
}

/** The wired-up way to start them; undefined before main.tsx has wired it. */
export function replicationStarter(): Promise<StartReplications> | undefined {
  return load?.();
}
