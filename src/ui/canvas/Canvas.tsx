// The canvas: React Flow behind an adapter. The document owns places, the session owns the selection, React Flow
// owns the view and the drag in progress. Only this folder imports React Flow.

import "./reactFlow.css";
import {
  Background,
  BackgroundVariant,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import { useMemo, useState } from "react";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { BrokerCard } from "./BrokerCard.tsx";
import styles from "./canvas.module.css";
import { CanvasPortMount, fitOptions } from "./CanvasPortMount.tsx";
import { ConnectionHint } from "./ConnectionHint.tsx";
import { ArrowHeads, FlowEdge } from "./FlowEdge.tsx";
import { type Card, createFlowEdges, createFlowNodes, type Line } from "./flowNodes.ts";
import { LiveLayer } from "./LiveLayer.tsx";
import { NodeCard } from "./NodeCard.tsx";
import { useConnectGesture, useDragGesture, useDropGesture, useSelectGesture } from "./gestures.ts";
import { ZoomTools } from "./ZoomTools.tsx";

const nodeTypes = { plain: NodeCard, broker: BrokerCard };
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
  const { nodes, edges, drag } = useFlow();
  const select = useSelectGesture();
  const connect = useConnectGesture();
  const drop = useDropGesture();
  const openMenu = useOpenMenu();
  const [zoom, setZoom] = useState<"far" | "middle" | "near">("middle");
  return (
    <div
      className={styles["canvas"]}
      data-connecting={connect.isConnecting}
      data-zoom={zoom}
      {...drop}
    >
      <ReactFlow<Card, Line>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...drag}
        {...select}
        {...connect.handlers}
        {...openMenu}
        onMove={(_, view) =>
          setZoom(view.zoom < 0.38 ? "far" : view.zoom > 1.3 ? "near" : "middle")
        }
        fitView
        fitViewOptions={fitOptions}
        minZoom={0.1}
        maxZoom={2.5}
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
        <LiveLayer />
        <ConnectionHint />
        <CanvasPortMount />
        <Panel position="bottom-left" style={{ margin: 0 }}>
          <ZoomTools />
        </Panel>
        {nodes.length === 0 ? null : (
          <MiniMap<Card>
            pannable
            zoomable
            style={{ width: 120, height: 76 }}
            nodeColor={(node) => `var(--kind-${node.data.node.kind})`}
            nodeBorderRadius={12}
            ariaLabel="Overview of the drawing"
          />
        )}
      </ReactFlow>
    </div>
  );
}

/** What React Flow draws, from the document, the selection and the drag in progress. */
function useFlow() {
  const scenario = useDocumentStore((state) => state.scenario);
  const problems = useDocumentStore((state) => state.problems);
  const selection = useSessionStore((state) => state.selection);
  const { dragged, handlers } = useDragGesture();
  const [flowNodes] = useState(createFlowNodes);
  const [flowEdges] = useState(createFlowEdges);
  const nodes = useMemo(
    () => flowNodes({ scenario, problems, selection, dragged }),
    [flowNodes, scenario, problems, selection, dragged],
  );
  const edges = useMemo(
    () => flowEdges({ scenario, problems, selection, dragged: {} }),
    [flowEdges, scenario, problems, selection],
  );
  return { nodes, edges, drag: handlers };
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
      onNodeContextMenu: (event: React.MouseEvent, node: Card) => open(event, node.id),
      onEdgeContextMenu: (event: React.MouseEvent, line: Line) => open(event, line.id),
      onPaneContextMenu: (event: MouseEvent | React.MouseEvent) => open(event, null),
    };
  }, []);
}
