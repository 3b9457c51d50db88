// What hands do on the canvas, turned into commands: dragging, selecting, connecting, dropping. Each gesture
// ends in one step of the history.

import {
  type Connection as DrawnConnection,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, useCallback, useMemo, useRef, useState } from "react";
import { channelOf } from "../../model/elements.ts";
import type { Position } from "../../model/scenario.ts";
import { add } from "../../store/commands/add.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { tools } from "../../store/tools.ts";
import { droppedIn } from "../importing/dropped.ts";
import { elementOfHandle } from "./connecting.ts";
import { elementAt, type Line } from "./flowNodes.ts";
import { frames, type Item } from "./lateItems.tsx";
import { verdictOf } from "./verdicts.ts";

const nowhere: Readonly<Record<string, Position>> = {};

/** Dragging: places stay here until the drag ends, then the document gets them at once. */
export function useDragGesture() {
  const [dragged, setDragged] = useState(nowhere);
  const latest = useRef(nowhere);
  const handlers = useMemo(() => {
    const put = (places: typeof nowhere): void => {
      latest.current = places;
      setDragged(places);
    };
    const finish = (): void => {
      const places = latest.current;
      void tools.editing.use(({ moveTo }) => {
        moveTo(places);
        put(nowhere);
      });
    };
    return {
      onNodesChange: (changes: readonly NodeChange<Item>[]) => {
        const moved = changes.flatMap((change) =>
          change.type === "position" && change.dragging === true && change.position !== undefined
            ? [[change.id, change.position] as const]
            : [],
        );
        const { scenario } = useDocumentStore.getState();
        const places = Object.fromEntries(moved);
        // Who drags a group sees it, so what knows its members has come.
        const all = frames.now()?.placesOf(scenario, places) ?? places;
        if (moved.length > 0) put({ ...latest.current, ...all });
        applySelection(changes);
      },
      onEdgesChange: (changes: readonly EdgeChange<Line>[]) => applySelection(changes),
      onNodeDragStop: finish,
      onSelectionDragStop: finish,
    };
  }, []);
  return { dragged, handlers };
}

/** React Flow says what becomes selected or not; the session keeps it. */
function applySelection(changes: readonly (NodeChange<Item> | EdgeChange<Line>)[]): void {
  const chosen = changes.flatMap((change) => (change.type === "select" ? [change] : []));
  if (chosen.length === 0) return;
  const session = useSessionStore.getState();
  const { scenario } = useDocumentStore.getState();
  const next = new Set(session.selection.filter((id) => channelOf(scenario, id) === undefined));
  for (const change of chosen) {
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  session.select([...next]);
}

/** Selecting: a click on the empty canvas ends it; the keyboard focus on a card or line selects it. */
export function useSelectGesture() {
  return useMemo(
    () => ({
      onPaneClick: () => useSessionStore.getState().select([]),
      onFocus: (event: React.FocusEvent) => {
        const target = event.target;
        if (!(target instanceof Element) || !target.matches(":focus-visible")) return;
        // A closing dialog gives the focus back; that is nobody's choice of an element.
        const before = event.relatedTarget;
        if (before instanceof Element && before.closest("dialog") !== null) return;
        const id = target.closest(".react-flow__node, .react-flow__edge")?.getAttribute("data-id");
        const session = useSessionStore.getState();
        if (id !== null && id !== undefined && !session.selection.includes(id))
          session.select([id]);
      },
    }),
    [],
  );
}

/** Connecting: the rules are asked on the way, and say why not where they refuse. */
export function useConnectGesture() {
  const { screenToFlowPosition } = useReactFlow();
  const [isConnecting, setConnecting] = useState(false);
  const handlers = useMemo(
    () => ({
      onConnectStart: () => setConnecting(true),
      isValidConnection: (drawn: DrawnConnection | Line) => {
        const { from, to } = endsOf(drawn);
        return verdictOf(useDocumentStore.getState().scenario, from, to)?.allowed !== false;
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
        setConnecting(false);
        if (state.fromHandle === null) return;
        const from = elementOfHandle(state.fromHandle);
        if (state.toHandle === null) {
          const at = pointOf(event);
          if (isOnGround(at))
            useSessionStore
              .getState()
              .open({ dialog: "extend", from, at, place: screenToFlowPosition(at) });
          return;
        }
        const to = elementOfHandle(state.toHandle);
        if (from !== to) void tools.link.use(({ startLink }) => startLink(from, to));
      },
    }),
    [screenToFlowPosition],
  );
  return { isConnecting, handlers };
}

/** Where a pointer was lifted [px in the window]. */
function pointOf(event: MouseEvent | TouchEvent): Position {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}

/** Whether there is nothing but the empty canvas at a place of the window. */
function isOnGround({ x, y }: Position): boolean {
  return document.elementFromPoint(x, y)?.classList.contains("react-flow__pane") === true;
}

function endsOf(drawn: DrawnConnection | Line): { readonly from: string; readonly to: string } {
  return {
    from: elementAt(drawn.source, drawn.sourceHandle),
    to: elementAt(drawn.target, drawn.targetHandle),
  };
}

/** The type under which the palette's cards travel. */
export const kindType = "application/x-spillway-kind";

/** Dropping: a kind from the palette, or files. */
export function useDropGesture() {
  const { screenToFlowPosition } = useReactFlow();
  const onDrop = useCallback(
    (event: DragEvent) => {
      event.preventDefault();
      const kind = event.dataTransfer.getData(kindType);
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      if (kind !== "") void add(kind, at);
      const dropped = droppedIn(event.dataTransfer);
      if (dropped.files.length > 0)
        void import("../importing/handed.ts").then(async ({ openDropped }) => openDropped(dropped));
    },
    [screenToFlowPosition],
  );
  return useMemo(
    () => ({ onDrop, onDragOver: (event: DragEvent) => event.preventDefault() }),
    [onDrop],
  );
}
