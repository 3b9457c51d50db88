// The card of a producer, service or store. What stands in the data-live slots at rest is written here;
// while a run goes on, LiveLayer writes into them by reference.

import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { nodeKinds } from "../../nodes/index.ts";
import { Icon } from "../controls/Icon.tsx";
import styles from "./canvas.module.css";
import { useDropState } from "./connecting.ts";
import type { Card } from "./flowNodes.ts";
import { handlePx } from "./flowNodes.ts";

/** A plain card. */
export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<Card>) {
  const { node, name, atRest, severity } = data;
  const kind = nodeKinds[node.kind];
  const drop = useDropState(node.id);
  return (
    <div
      className={styles["card"]}
      data-node-id={node.id}
      data-kind={kind.accent}
      data-selected={selected}
      data-drop={drop}
    >
      <Handle
        type="target"
        id="in"
        position={Position.Left}
        className={styles["drop"]}
        style={whole}
      />
      <div className={styles["head"]}>
        <span className={styles["icon"]}>
          <Icon name={kind.icon} size={16} />
        </span>
        <span className={styles["name"]} data-length={lengthOf(name)}>
          {name}
        </span>
        <Badge severity={severity} />
        {node.kind === "store" ? (
          <span className={styles["staleness"]} data-live="staleness" />
        ) : null}
        <span className={styles["state"]} data-live="state" />
      </div>
      <div className={styles["lines"]}>
        <span className={styles["primary"]} data-live="primary">
          {atRest.primary}
        </span>
        <span className={styles["secondary"]} data-live="secondary">
          {atRest.secondary}
        </span>
      </div>
      <Bar slot="busy-bar" />
      {kind.publishes || kind.calls || kind.writes ? (
        <Handle
          type="source"
          id="out"
          position={Position.Right}
          className={styles["dot"]}
          style={dotPlace}
        />
      ) : null}
    </div>
  );
});

const whole = { left: 0, top: 0, width: "100%", height: "100%", transform: "none" };
const dotPlace = { right: -handlePx / 2, top: "50%", transform: "translateY(-50%)" };

/** Long names get smaller letters where all letters are large. */
function lengthOf(name: string): "short" | "middle" | "long" {
  return name.length < 13 ? "short" : name.length < 18 ? "middle" : "long";
}

/** A small mark on a card with a problem; the list of problems says which. */
export function Badge({ severity }: { readonly severity: "error" | "warning" | null }) {
  if (severity === null) return null;
  const label = severity === "error" ? "Has an error" : "Has a warning";
  return (
    <span
      className={styles["badge"]}
      data-severity={severity}
      role="img"
      aria-label={label}
      data-tip={label}
    >
      <Icon name={severity} size={14} />
    </span>
  );
}

/** A bar that LiveLayer fills by scaling it. */
export function Bar({ slot }: { readonly slot: string }) {
  return (
    <span className={styles["bar"]}>
      <span className={styles["barFill"]} data-live={slot} />
    </span>
  );
}
