// What a way out makes of the open document: under way, there, or failed. Made anew whenever something changes that it
// is made of.

import { useEffect, useState } from "react";
import type { Exported, Extras, WayOut } from "../../exports/wayOut.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";

/** How far an export is. */
export type Making =
  | { readonly state: "making" }
  | { readonly state: "made"; readonly exported: Exported }
  | { readonly state: "failed"; readonly reason: string };

/** The export of the open document. */
export function useExported(way: WayOut, chosen: Extras["chosen"]): Making {
  const scenario = useDocumentStore((state) => state.scenario);
  const [making, setMaking] = useState<Making>({ state: "making" });
  useEffect(() => {
    let isStale = false;
    const set = (next: Making) => {
      if (!isStale) setMaking(next);
    };
    set({ state: "making" });
    make(way, scenario, chosen).then(
      (exported) => set({ state: "made", exported }),
      (error: unknown) =>
        set({ state: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isStale = true;
    };
  }, [way, scenario, chosen]);
  return making;
}

async function make(way: WayOut, scenario: Scenario, chosen: Extras["chosen"]): Promise<Exported> {
  const report = way.tellsOfRun === true ? await useRunStore.getState().report() : null;
  return way.make(scenario, { chosen, report: report ?? undefined });
}
