// The map of the drawing in the lower right corner: there only while a part of the drawing is out of view.

import { MiniMap, type Rect, useReactFlow, useViewport, type Viewport } from "@xyflow/react";
import { useEffect, useState } from "react";
import { paneOf, type PaneSize } from "./pane.ts";
import type { Card } from "./flowNodes.ts";

/** A sliver out of view does not need a map [px]. */
const slackPx = 12;

/** The map, or nothing. */
export function Overview({ nodes }: { readonly nodes: readonly Card[] }) {
  const { getNodesBounds } = useReactFlow();
  const view = useViewport();
  const pane = usePaneSize();
  if (nodes.length === 0 || pane.width === 0) return null;
  if (isInView(getNodesBounds(nodes.map(({ id }) => id)), view, pane)) return null;
  return (
    <MiniMap<Card>
      pannable
      zoomable
      style={{ width: 120, height: 76 }}
      nodeColor={(node) => `var(--kind-${node.data.node.kind})`}
      nodeBorderRadius={12}
      ariaLabel="Overview of the drawing"
    />
  );
}

/** Whether all of a box is in view. */
export function isInView(box: Rect, { x, y, zoom }: Viewport, pane: PaneSize): boolean {
  return (
    box.x * zoom + x >= -slackPx &&
    box.y * zoom + y >= -slackPx &&
    (box.x + box.width) * zoom + x <= pane.width + slackPx &&
    (box.y + box.height) * zoom + y <= pane.height + slackPx
  );
}

function usePaneSize(): PaneSize {
  const [size, setSize] = useState<PaneSize>({ width: 0, height: 0 });
  useEffect(() => {
    const pane = paneOf();
    if (pane === null) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: pane.clientWidth, height: pane.clientHeight }),
    );
    observer.observe(pane);
    return () => observer.disconnect();
  }, []);
  return size;
}
