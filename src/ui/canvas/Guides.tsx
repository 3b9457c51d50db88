// Lines that show, while cards are dragged, with which others they stand in line.

import { ViewportPortal } from "@xyflow/react";
import { boxAround, guidesOf } from "../../drawing/guides.ts";
import type { Position } from "../../model/scenario.ts";
import styles from "./canvas.module.css";
import type { Card } from "./flowNodes.ts";

interface GuidesProps {
  readonly nodes: readonly Card[];
  /** Places of nodes that are being dragged. */
  readonly dragged: Readonly<Record<string, Position>>;
}

/** The guides of the drag in progress; nothing while nobody drags. */
export function Guides({ nodes, dragged }: GuidesProps) {
  const boxes = nodes.map(({ id, position, width = 0, height = 0 }) => ({
    id,
    ...position,
    width,
    height,
  }));
  const moving = boxAround(boxes.filter(({ id }) => id in dragged));
  if (moving === undefined) return null;
  const still = boxes.filter(({ id }) => !(id in dragged));
  return (
    <ViewportPortal>
      {guidesOf(moving, still).map(({ runs, at, from, to }) => (
        <span
          key={`${runs} ${at}`}
          className={styles["guide"]}
          data-runs={runs}
          style={
            runs === "down"
              ? { left: at, top: from, height: to - from }
              : { left: from, top: at, width: to - from }
          }
        />
      ))}
    </ViewportPortal>
  );
}
