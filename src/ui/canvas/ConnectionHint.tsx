// While a line is being drawn: what would happen if it ended here, or why it may not.

import { Panel, useConnection } from "@xyflow/react";
import { nameOf } from "../../model/elements.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import styles from "./canvas.module.css";
import { sourceOf, targetOf } from "./connecting.ts";
import { verdictOf } from "./verdicts.ts";

const deeds = {
  publish: "publishes into",
  consume: "is consumed by",
  bind: "feeds",
  bridge: "is bridged into",
  call: "calls",
  // Drawn from the store.
  read: "is read by",
  write: "writes into",
} as const;

/** The sentence at the upper edge of the canvas. */
export function ConnectionHint() {
  const from = useConnection((connection) => sourceOf(connection));
  const to = useConnection((connection) => targetOf(connection));
  const scenario = useDocumentStore((state) => state.scenario);
  if (from === null) return null;
  const verdict = to === null || to === from ? undefined : verdictOf(scenario, from, to);
  const text =
    verdict === undefined || to === null
      ? "Drop the line on a card or a channel."
      : verdict.allowed
        ? `${nameOf(scenario, from)} ${deeds[verdict.kind]} ${nameOf(scenario, to)}`
        : verdict.reason;
  const tone = verdict === undefined ? "none" : verdict.allowed ? "open" : "closed";
  return (
    <Panel position="top-center" className={styles["hint"] ?? ""} data-tone={tone}>
      {text}
    </Panel>
  );
}
