// Gives commands their view of the canvas, as long as it is mounted.

import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import { channelOf } from "../../model/elements.ts";
import { mountCanvas } from "../../store/canvasPort.ts";
import { useDocumentStore } from "../../store/documentStore.ts";

const moveMs = 180;
const smallDrawing = 12;
/** The whole drawing, with room for the tools and the overview in the lower corners. */
export const fitOptions = {
  padding: { top: "40px", left: "40px", right: "40px", bottom: "72px" },
  maxZoom: 1.15,
} as const;

/** Renders nothing. */
export function CanvasPortMount() {
  const flow = useReactFlow();
  useEffect(() => {
    const boxOf = (id: string) => {
      const owner = channelOf(useDocumentStore.getState().scenario, id)?.broker ?? id;
      const node = flow.getNode(owner) ?? flow.getNode(flow.getEdge(id)?.source ?? "");
      if (node === undefined) return undefined;
      return { ...node.position, width: node.width ?? 0, height: node.height ?? 0 };
    };
    const centreOn = (id: string): void => {
      const box = boxOf(id);
      if (box === undefined) return;
      const zoom = Math.max(flow.getZoom(), 0.7);
      void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
        zoom,
        duration: moveMs,
      });
    };
    return mountCanvas({
      fit: () => void flow.fitView({ ...fitOptions, duration: moveMs }),
      zoom: (direction) => {
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
          if (flow.getNodes().length <= smallDrawing)
            void flow.fitView({ ...fitOptions, duration: moveMs });
          else centreOn(id);
        });
      },
      middle: () => {
        const { x, y, zoom } = flow.getViewport();
        const { width, height } = paneSize();
        return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom };
      },
      focus: (id) => {
        requestAnimationFrame(() =>
          document
            .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
            ?.focus(),
        );
      },
    });
  }, [flow]);
  return null;
}

function paneSize(): { readonly width: number; readonly height: number } {
  const pane = document.querySelector(".react-flow");
  return { width: pane?.clientWidth ?? 0, height: pane?.clientHeight ?? 0 };
}
