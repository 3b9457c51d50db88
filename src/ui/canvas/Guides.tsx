// Lines that show, while cards are dragged, with which others they stand in line.

import { useViewport, ViewportPortal } from "@xyflow/react";
import { boxAround, guidesOf } from "../../drawing/guides.ts";
import type { Position } from "../../model/scenario.ts";
import styles from "./canvas.module.css";
import type { Card } from "./flowNodes.ts";

interface GuidesProps {
  readonly nodes: readonly Card[];
  /** Places of nodes that are being dragged. */
  readonly dragged: Readonly<Record<string, Position>>;
}

/** How far a guide reaches beyond the cards, and how thick it is on the screen [px]. */
const [beyondPx, thickPx] = [16, 1.2];

/** The guides of the drag in progress; nothing while nobody drags. */
export function Guides({ nodes, dragged }: GuidesProps) {
  const { zoom } = useViewport();
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
          style={placeOf(runs, [at, from - beyondPx, to - from + 2 * beyondPx], thickPx / zoom)}
        />
      ))}
    </ViewportPortal>
  );
}

function placeOf(
  runs: "down" | "across",
  [at, from, length]: readonly [at: number, from: number, length: number],
  thick: number,
) {
  const side = at - thick / 2;
  return runs === "down"
    ? { left: side, top: from, height: length, width: thick }
    : { left: from, top: side, width: length, height: thick };
}
