// Parts of the canvas: what is in view now, and bringing a part into view.

import type { ReactFlowInstance } from "@xyflow/react";
import type { CanvasView } from "../../model/bookmarks.ts";
import type { Card, Line } from "./flowNodes.ts";
import { paneSize } from "./pane.ts";

/** How far one may zoom out and in. */
export const [zoomMin, zoomMax] = [0.1, 2.5];

/** Slow enough to follow from one part of the drawing to another. */
const showMs = 600;

type Flow = Pick<ReactFlowInstance<Card, Line>, "getViewport" | "setCenter">;

/** What is in view, in the coordinates of the document. */
export function viewOf(flow: Flow): CanvasView {
  const { x, y, zoom } = flow.getViewport();
  const { width, height } = paneSize();
  const [across, down] = [width / 2 - x, height / 2 - y];
  return { x: across / zoom, y: down / zoom, width: width / zoom, height: height / zoom };
}

/** Brings a part of the canvas into view, as large as it fits. */
export function show(flow: Flow, { x, y, width, height }: CanvasView): void {
  const pane = paneSize();
  const fitting = Math.min(pane.width / width, pane.height / height);
  const zoom = Math.max(zoomMin, Math.min(zoomMax, fitting));
  void flow.setCenter(x, y, { zoom, duration: showMs });
}
