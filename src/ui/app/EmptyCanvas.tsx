// What an empty drawing says: how to begin.

import { useDocumentStore } from "../../store/documentStore.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./app.module.css";
import { runCommand } from "./commands.ts";

const keys = [
  ["P", "producer"],
  ["B", "broker"],
  ["S", "service"],
  ["D", "store"],
  ["C", "connect"],
  ["Space", "run"],
] as const;

/** The invitation; nothing once there is a node. */
export function EmptyCanvas() {
  const isEmpty = useDocumentStore((state) => state.scenario.nodes.length === 0);
  if (!isEmpty) return null;
  return (
    <div className={styles["welcome"]}>
      <div className={styles["welcomeBox"]}>
        <h2>Draw an event-driven system</h2>
        <p>
          Drag parts from the left onto the canvas, or press their keys. Connect them, set a rate,
          and run it.
        </p>
        <div className={styles["keys"]}>
          {keys.map(([key, word]) => (
            <span key={key}>
              <kbd>{key}</kbd> {word}
            </span>
          ))}
        </div>
        <div className={styles["welcomeButtons"]}>
          <Button icon="folder" onClick={() => runCommand("document/examples")}>
            Choose an example instead
          </Button>
        </div>
      </div>
    </div>
  );
}
