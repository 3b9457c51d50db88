// Says, while a part of the drawing is dimmed, that it is, and how to see everything again.

import { Panel } from "@xyflow/react";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./canvas.module.css";

/** The note; nothing while everything is shown. */
export function FocusNote() {
  const focus = useSessionStore((state) => state.focus);
  const nodes = useDocumentStore((state) => state.scenario.nodes);
  const isPresenting = useSessionStore((state) => state.slide !== null);
  if (focus === null || isPresenting) return null;
  const shown = nodes.filter(({ id }) => focus.has(id)).length;
  return (
    <Panel position="bottom-right" className={styles["focusNote"] ?? ""}>
      <span>
        {shown} of {nodes.length} nodes stand out
      </span>
      <Button icon="x" onClick={() => useSessionStore.getState().set({ focus: null })}>
        Show everything
      </Button>
    </Panel>
  );
}
