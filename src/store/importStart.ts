// How imports are started: wired up by main.tsx, so that neither store nor dialog knows of threads.

import type { StartImport } from "../worker/api.ts";

export type { ImportJob } from "../worker/api.ts";

let load: (() => Promise<StartImport>) | undefined;

/** Says where imports are started; loaded with the first one. */
export function connectImports(loader: () => Promise<StartImport>): void {
  load = loader;
}

/** The wired-up way to start one; undefined before main.tsx has wired it. */
export function importStarter(): Promise<StartImport> | undefined {
  return load?.();
}
