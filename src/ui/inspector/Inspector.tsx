// The panel on the right: whatever is selected, to be read and changed; the scenario where nothing is.

import { createElement } from "react";
import { useSessionStore } from "../../store/sessionStore.ts";
import styles from "./inspector.module.css";
import { selectionInspector, useLate } from "./lateInspector.ts";
import { ScenarioInspector } from "./ScenarioInspector.tsx";

/** The inspector. */
export function Inspector() {
  const selection = useSessionStore((state) => state.selection);
  return (
    <div className={styles["inspector"]} data-inspector>
      {selection.length === 0 ? <ScenarioInspector /> : <Selected ids={selection} />}
    </div>
  );
}

function Selected({ ids }: { readonly ids: readonly string[] }) {
  const inspector = useLate(selectionInspector);
  // Until it has come, what was there stays: nothing jumps.
  return inspector === undefined ? <ScenarioInspector /> : createElement(inspector, { ids });
}
