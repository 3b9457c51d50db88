// Gives commands their view of the canvas, as long as it is mounted, and keeps the whole drawing in view while the
// pane changes its size, until the person moves the view.

import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect } from "react";
import { rowsOf } from "../../drawing/cardSize.ts";
import { channelOf, elementOf } from "../../model/elements.ts";
import { mountCanvas } from "../../store/canvasPort.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { paneOf, paneSize } from "./pane.ts";
import { rowsDrawnAllMax } from "./flowNodes.ts";
import { show, viewOf } from "./views.ts";

const moveMs = 180;
const smallDrawing = 12;
/** The whole drawing, with room for the tools and the legend at the lower edge. */
export const fitOptions = {
  padding: { top: "28px", left: "3%", right: "3%", bottom: "64px" },
  maxZoom: 1.15,
} as const;

interface CanvasPortMountProps {
  /** Whether the view still is the one that shows everything. */
  readonly isFitted: RefObject<boolean>;
}

/** Renders nothing. */
export function CanvasPortMount({ isFitted }: CanvasPortMountProps) {
  const flow = useReactFlow();
  useEffect(() => {
    const pane = paneOf();
    if (pane === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (isFitted.current) void flow.fitView(fitOptions);
    });
    observer.observe(pane);
    return () => observer.disconnect();
  }, [flow, isFitted]);
  useEffect(() => {
    const fit = (): void => {
      isFitted.current = true;
      void flow.fitView({ ...fitOptions, duration: moveMs });
    };
    const boxOf = (id: string) => {
      const { scenario } = useDocumentStore.getState();
      const element = elementOf(scenario, id);
      const end = element?.type === "connection" ? element.value.from : id;
      const owner = channelOf(scenario, end)?.broker ?? end;
      const node = flow.getNode(owner);
      if (node === undefined) return undefined;
      const { x, y } = node.position;
      const rows = rowsOf(scenario, owner);
      // A very long card is in view wherever one is.
      const row =
        rows.length > rowsDrawnAllMax ? rows.find(({ channel }) => channel.id === end) : undefined;
      if (row !== undefined) return { ...row, x: x + row.x, y: y + row.y };
      return { x, y, width: node.width ?? 0, height: node.height ?? 0 };
    };
    const centreOn = (id: string): void => {
      const box = boxOf(id);
      if (box === undefined) return;
      isFitted.current = false;
      const zoom = Math.max(flow.getZoom(), 0.7);
      void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
        zoom,
        duration: moveMs,
      });
    };
    return mountCanvas({
      fit,
      arrange: async (direction, ids) => {
        const { arrange } = await import("../arranging/arrange.ts");
        await arrange(direction, ids);
        requestAnimationFrame(fit);
      },
      zoom: (direction) => {
        isFitted.current = false;
        if (direction === "in") void flow.zoomIn({ duration: moveMs });
        else if (direction === "out") void flow.zoomOut({ duration: moveMs });
        else void flow.zoomTo(1, { duration: moveMs });
      },
      centreOn,
      reveal: (id) => {
        // After React Flow knows the new card.
        requestAnimationFrame(() => {
          const box = boxOf(id);
          if (box === undefined) return;
          const { x, y, zoom } = flow.getViewport();
          const { width, height } = paneSize();
          const left = box.x * zoom + x;
          const top = box.y * zoom + y;
          const isInside =
            left >= 8 &&
            top >= 8 &&
            left + box.width * zoom <= width - 8 &&
            top + box.height * zoom <= height - 8;
          if (isInside) return;
          // A small drawing is shown whole; a large one would become too small to read.
          const { nodes, channels } = useDocumentStore.getState().scenario;
          if (nodes.length <= smallDrawing && channels.length <= rowsDrawnAllMax) fit();
          else centreOn(id);
        });
      },
      view: () => viewOf(flow),
      show: (view) => {
        isFitted.current = false;
        show(flow, view);
      },
      middle: () => {
        const { x, y } = viewOf(flow);
        return { x, y };
      },
      focus: (id) => {
        requestAnimationFrame(() =>
          document
            .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
            ?.focus(),
        );
      },
    });
  }, [flow, isFitted]);
  return null;
}
