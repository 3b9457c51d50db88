// The panel on the right: whatever is selected, to be read and changed; the scenario where nothing is.

import { lazy, Suspense } from "react";
import { useSessionStore } from "../../store/sessionStore.ts";
import styles from "./inspector.module.css";
import { ScenarioInspector } from "./ScenarioInspector.tsx";

const SelectionInspector = lazy(async () => ({
  default: (await import("./SelectionInspector.tsx")).SelectionInspector,
}));

/** The inspector. */
export function Inspector() {
  const selection = useSessionStore((state) => state.selection);
  return (
    <div className={styles["inspector"]} data-inspector>
      {selection.length === 0 ? (
        <ScenarioInspector />
      ) : (
        <Suspense fallback={null}>
          <SelectionInspector ids={selection} />
        </Suspense>
      )}
    </div>
  );
}
