// A line on the canvas. Its kind is told by stroke and arrow: publish and consume are solid, a binding is thin,
// a call is dashed, a write is dotted, a read is one with its arrow at the reader, a bridge is thick and has a mark in its middle. The label appears when one comes near.

import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import styles from "./canvas.module.css";
import { handlePx, type Line } from "./flowNodes.ts";
import { linePath } from "../../drawing/linePath.ts";

/** A line. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<Line>) {
  const { id, data, selected } = props;
  const { d, labelX, labelY } = pathOf(props);
  const kind = data?.connection.kind ?? "publish";
  const label = data?.label ?? "";
  const arrow = `url(#arrow-${kind}${selected === true ? "-selected" : ""})`;
  return (
    <g
      className={styles["line"]}
      data-line={kind}
      data-selected={selected}
      data-dimmed={data?.isDimmed}
    >
      <path className={styles["near"]} d={d} />
      <path
        className={styles["stroke"]}
        d={d}
        data-connection-id={id}
        {...(kind === "read" ? { markerStart: arrow } : { markerEnd: arrow })}
      />
      {kind === "bridge" ? (
        <g className={styles["bridgeMark"]} data-bridge-id={id} data-state="up">
          <circle cx={labelX} cy={labelY} r={8} />
          <path
            d={`M${labelX - 4},${labelY + 3} v-3 a4,4 0 0 1 8,0 v3 M${labelX - 6},${labelY} h12`}
          />
        </g>
      ) : null}
      {label === "" ? null : (
        <text
          className={styles["label"]}
          x={labelX}
          y={labelY - (kind === "bridge" ? 13 : 6)}
          aria-hidden="true"
        >
          {label}
        </text>
      )}
    </g>
  );
});

/** React Flow knows the dot at the right of the source and the left side of the target: the boxes follow. */
function pathOf({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<Line>) {
  const from = data?.from ?? nothing;
  const to = data?.to ?? nothing;
  const shifts = data?.shifts ?? { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } };
  const right = sourceX + shifts.from.x - handlePx / 2;
  return linePath(
    { ...from, x: right - from.width, y: sourceY + shifts.from.y - from.height / 2 },
    { ...to, x: targetX + shifts.to.x, y: targetY + shifts.to.y - to.height / 2 },
  );
}

const nothing = { width: 0, height: 0, isRow: false };

const markers = ["publish", "consume", "bind", "bridge", "call", "read", "write"] as const;

/** The arrow heads; rendered once per canvas. */
export function ArrowHeads() {
  const heads = markers.flatMap((kind) => [
    { id: `arrow-${kind}`, kind, isSelected: false },
    { id: `arrow-${kind}-selected`, kind, isSelected: true },
  ]);
  return (
    <svg className={styles["arrowHeads"]} aria-hidden="true">
      <defs>
        {heads.map(({ id, kind, isSelected }) => (
          <marker
            key={id}
            id={id}
            viewBox="0 0 10 10"
            refX="8.5"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path
              className={styles["arrow"]}
              data-line={kind}
              data-selected={isSelected}
              d={kind === "call" ? "M1 1 L9 5 L1 9 Z" : "M1.5 1.5 L8.5 5 L1.5 8.5"}
              data-filled={kind === "call"}
            />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
