// A group on the canvas: the frame around its cards with a title, or one card that stands for all of them.

import { Handle, type NodeProps, Position, useUpdateNodeInternals } from "@xyflow/react";
import { memo, useEffect } from "react";
import { tools } from "../../store/tools.ts";
import { Icon } from "../controls/Icon.tsx";
import styles from "./canvas.module.css";
import type { GroupItem } from "./flowFrames.ts";

/** The frame of an expanded group. */
export const FrameCard = memo(function FrameCard({ data, selected }: NodeProps<GroupItem>) {
  const { group } = data;
  return (
    <div className={styles["frame"]} data-selected={selected}>
      <span className={styles["frameTitle"]} data-frame-title>
        {group.name ?? "Group"}
        <Toggle id={group.id} label="Collapse" icon="minus" />
      </span>
      <Ends id={group.id} />
    </div>
  );
});

/** The card of a collapsed group; LiveLayer writes the figures of all its parts into it. */
export const GroupCard = memo(function GroupCard({ data, selected }: NodeProps<GroupItem>) {
  const { group, size } = data;
  return (
    <div
      className={styles["card"]}
      data-group-id={group.id}
      data-kind="group"
      data-selected={selected}
    >
      <div className={styles["head"]}>
        <span className={styles["icon"]}>
          <Icon name="group" size={16} />
        </span>
        <span className={styles["name"]}>{group.name ?? "Group"}</span>
        <Toggle id={group.id} label="Expand" icon="plus" />
        <span className={styles["state"]} data-live="state" />
      </div>
      <div className={styles["lines"]}>
        <span className={styles["primary"]} data-live="primary">
          {size} {size === 1 ? "node" : "nodes"}
        </span>
        <span className={styles["secondary"]} data-live="secondary">
          collapsed
        </span>
      </div>
      <Ends id={group.id} />
    </div>
  );
});

interface ToggleProps {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
}

function Toggle({ id, label, icon }: ToggleProps) {
  return (
    <button
      type="button"
      className={styles["groupToggle"]}
      aria-label={label}
      data-tip={label}
      onClick={() => void tools.grouping.use(({ toggleGroup }) => toggleGroup(id))}
    >
      <Icon name={icon} size={14} />
    </button>
  );
}

/** Lines of hidden cards begin and end here; nobody draws new ones. */
function Ends({ id }: { readonly id: string }) {
  // This card comes late: React Flow may have looked for its handles before.
  const update = useUpdateNodeInternals();
  useEffect(() => update(id), [id, update]);
  return (
    <>
      <Handle type="target" id="in" position={Position.Left} className={styles["noDot"]} />
      <Handle type="source" id="out" position={Position.Right} className={styles["noDot"]} />
    </>
  );
}
