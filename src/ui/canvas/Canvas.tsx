// The canvas: React Flow behind an adapter. The document owns places, the session owns the selection, React Flow
// owns the view and the drag in progress. Only this folder imports React Flow.

import "./reactFlow.css";
import {
  Background,
  BackgroundVariant,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useViewport,
} from "@xyflow/react";
import { lazy, type PropsWithChildren, Suspense, useMemo, useRef, useState } from "react";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useProblems } from "../problems/useProblems.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { useGrowing } from "../controls/useGrowing.ts";
import { BrokerCard } from "./BrokerCard.tsx";
import styles from "./canvas.module.css";
import { CanvasPortMount, fitOptions } from "./CanvasPortMount.tsx";
import { ConnectionHint } from "./ConnectionHint.tsx";
import { ArrowHeads, FlowEdge } from "./FlowEdge.tsx";
import { FocusNote } from "./FocusNote.tsx";
import {
  type Card,
  createFlowEdges,
  createFlowNodes,
  type Line,
  rowsDrawnAllMax,
} from "./flowNodes.ts";
import { type Item, lateItems, useFrames } from "./lateItems.tsx";
import { NodeCard } from "./NodeCard.tsx";
import { useConnectGesture, useDragGesture, useDropGesture, useSelectGesture } from "./gestures.ts";
import { Overview } from "./Overview.tsx";
import { linesNear, useViewArea } from "./viewArea.ts";
import { zoomMax, zoomMin } from "./views.ts";
import { zoomLevelOf } from "./zoomLevel.ts";
import { ZoomTools } from "./ZoomTools.tsx";

const LiveLayer = lazy(async () => ({ default: (await import("./LiveLayer.tsx")).LiveLayer }));

// Guides come with the first drag.
const Guides = lazy(async () => ({ default: (await import("./Guides.tsx")).Guides }));

const nodeTypes = { plain: NodeCard, broker: BrokerCard, ...lateItems };
const edgeTypes = { line: FlowEdge };

const snap: [number, number] = [8, 8];
/** Beyond this, only what is in view is in the page. */
const drawnAllMax = 120;

/** The canvas with everything on it. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Drawing />
    </ReactFlowProvider>
  );
}

function Drawing() {
  const { items, nodes, edges, drag, dragged } = useFlow();
  const select = useSelectGesture();
  const connect = useConnectGesture();
  const drop = useDropGesture();
  const openMenu = useOpenMenu();
  const isFitted = useRef(true);
  return (
    <Pane isConnecting={connect.isConnecting} drop={drop}>
      <ReactFlow<Item, Line>
        nodes={items}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...drag}
        {...select}
        {...connect.handlers}
        {...openMenu}
        // Without an event it is us who move the view.
        onMoveStart={(event) => {
          if (event !== null) isFitted.current = false;
        }}
        fitView
        fitViewOptions={fitOptions}
        minZoom={zoomMin}
        maxZoom={zoomMax}
        snapToGrid
        snapGrid={snap}
        panOnScroll
        connectionRadius={28}
        // Keys are ours (shortcuts.ts), so that every change goes through the history.
        disableKeyboardA11y
        deleteKeyCode={null}
        panActivationKeyCode={null}
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        elevateNodesOnSelect={false}
        onlyRenderVisibleElements={nodes.length > drawnAllMax}
        aria-label="Drawing"
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={24}
          size={1.5}
          color="var(--canvas-dots)"
        />
        <ArrowHeads />
        <LiveLayerOnceRun />
        <ConnectionHint />
        <CanvasPortMount isFitted={isFitted} />
        <Panel position="bottom-left" style={{ margin: 0 }}>
          <ZoomTools />
        </Panel>
        <Overview nodes={nodes} />
        <FocusNote />
        {Object.keys(dragged).length === 0 ? null : (
          <Suspense>
            <Guides nodes={nodes} dragged={dragged} />
          </Suspense>
        )}
      </ReactFlow>
    </Pane>
  );
}

interface PaneProps {
  readonly isConnecting: boolean;
  readonly drop: ReturnType<typeof useDropGesture>;
}

/** The ground; it alone follows the view, so that cards are not asked again while one zooms. */
function Pane({ isConnecting, drop, children }: PropsWithChildren<PaneProps>) {
  const { zoom } = useViewport();
  return (
    <div
      className={styles["canvas"]}
      data-connecting={isConnecting}
      data-zoom={zoomLevelOf(zoom)}
      {...drop}
    >
      {children}
    </div>
  );
}

/** The live picture comes with the first run, so that the first drawing comes sooner. */
function LiveLayerOnceRun() {
  const hasRun = useRunStore((state) => state.generation > 0);
  return hasRun ? (
    <Suspense>
      <LiveLayer />
    </Suspense>
  ) : null;
}

/** What React Flow draws, from the document, the selection and the drag in progress. */
function useFlow() {
  const scenario = useDocumentStore((state) => state.scenario);
  const problems = useProblems();
  const selection = useSessionStore((state) => state.selection);
  const focus = useSessionStore((state) => state.focus);
  const { dragged, handlers } = useDragGesture();
  const [flowNodes] = useState(createFlowNodes);
  const [flowEdges] = useState(createFlowEdges);
  const nodes = useMemo(
    () => flowNodes({ scenario, problems, selection, dragged, focus }),
    [flowNodes, scenario, problems, selection, dragged, focus],
  );
  const frames = useFrames({ scenario, selection, dragged });
  const items = useMemo(() => [...nodes, ...frames], [nodes, frames]);
  const edges = useMemo(
    () => flowEdges({ scenario, problems, selection, dragged: {}, focus }),
    [flowEdges, scenario, problems, selection, focus],
  );
  return { items, nodes, edges: useLinesToDraw(edges, nodes), drag: handlers, dragged };
}

/** All lines, but where a card is very long only those near the view, and many of them one portion after the other. */
function useLinesToDraw(edges: Line[], nodes: Card[]): Line[] {
  const key = useDocumentStore((state) => state.key);
  const area = useViewArea(nodes.some(({ data }) => data.rows.length > rowsDrawnAllMax));
  const near = useMemo(
    () => (area === undefined ? edges : linesNear(edges, nodes, area)),
    [edges, nodes, area],
  );
  const lines = useGrowing(near, key);
  return useMemo(() => [...lines], [lines]);
}

/** The context menu opens on whatever was clicked, which becomes the selection unless it is part of it. */
function useOpenMenu() {
  return useMemo(() => {
    const open = (event: MouseEvent | React.MouseEvent, on: string | null): void => {
      event.preventDefault();
      const session = useSessionStore.getState();
      const row =
        event.target instanceof Element ? event.target.closest("[data-channel-id]") : null;
      const element = on === null ? null : (row?.getAttribute("data-channel-id") ?? on);
      if (element !== null && !session.selection.includes(element)) session.select([element]);
      session.open({ dialog: "menu", at: { x: event.clientX, y: event.clientY }, on: element });
    };
    return {
      onNodeContextMenu: (event: React.MouseEvent, node: Item) => open(event, node.id),
      onEdgeContextMenu: (event: React.MouseEvent, line: Line) => open(event, line.id),
      onPaneContextMenu: (event: MouseEvent | React.MouseEvent) => open(event, null),
    };
  }, []);
}
