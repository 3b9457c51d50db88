// The zoom buttons in the corner of the canvas.

import { useViewport } from "@xyflow/react";
import { canvas } from "../../store/canvasPort.ts";
import { IconButton } from "../controls/Button.tsx";
import styles from "./canvas.module.css";

/** Zoom out, the zoom, zoom in, fit. */
export function ZoomTools() {
  const { zoom } = useViewport();
  return (
    <div className={styles["tools"]} role="group" aria-label="Zoom">
      <IconButton icon="minus" label="Zoom out" shortcut="-" onClick={() => canvas().zoom("out")} />
      <span className={styles["zoomText"]}>{Math.round(zoom * 100)} %</span>
      <IconButton icon="plus" label="Zoom in" shortcut="+" onClick={() => canvas().zoom("in")} />
      <IconButton icon="fit" label="Fit" shortcut="F" onClick={() => canvas().fit()} />
    </div>
  );
}
