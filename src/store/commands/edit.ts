// Undo, redo, delete, select, move: what changes or picks parts of the drawing.

import { gridPx, moveNodes, withoutElements } from "../../model/edit.ts";
import { elementOf, nameOf, nodeOf } from "../../model/elements.ts";
import type { Position } from "../../model/scenario.ts";
import { useDocumentStore } from "../documentStore.ts";
import { useSessionStore } from "../sessionStore.ts";
import type { Command } from "./command.ts";

function selection(): readonly string[] {
  return useSessionStore.getState().selection;
}

function hasSelection(): boolean {
  return selection().length > 0;
}

function selectedNodes(): readonly string[] {
  const { scenario } = useDocumentStore.getState();
  return selection().filter((id) => nodeOf(scenario, id) !== undefined);
}

function canConnectSelection(): boolean {
  const { scenario } = useDocumentStore.getState();
  const [only, ...others] = selection();
  const type = only === undefined ? undefined : elementOf(scenario, only)?.type;
  return others.length === 0 && (type === "node" || type === "channel");
}

/** Removes elements and everything that would dangle without them. */
export function deleteElements(ids: readonly string[]): void {
  const { scenario, commit } = useDocumentStore.getState();
  const [only] = ids;
  if (only === undefined) return;
  const what = ids.length === 1 ? nameOf(scenario, only) : `${ids.length} elements`;
  commit(withoutElements(scenario, ids), `Delete ${what}`);
  useSessionStore.getState().select([]);
  useSessionStore.getState().announce(`${what} deleted.`);
}

/** Moves nodes to new places as one step of history. */
export function moveTo(positions: Readonly<Record<string, Position>>, coalesce?: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  const ids = Object.keys(positions);
  const [only] = ids;
  if (only === undefined) return;
  const what = ids.length === 1 ? nameOf(scenario, only) : `${ids.length} nodes`;
  commit(
    moveNodes(scenario, positions),
    `Move ${what}`,
    coalesce === undefined ? {} : { coalesce },
  );
}

function moveSelected(x: number, y: number): void {
  const { scenario } = useDocumentStore.getState();
  const ids = selectedNodes();
  const places = ids.map((id) => {
    const place = scenario.layout[id] ?? { x: 0, y: 0 };
    return [id, { x: place.x + x, y: place.y + y }] as const;
  });
  moveTo(Object.fromEntries(places), `move ${ids.join(" ")}`);
}

function moveCommand(id: string, key: string, x: number, y: number): readonly Command[] {
  const base = { group: "Edit", isEnabled: () => selectedNodes().length > 0 } as const;
  return [
    {
      ...base,
      id: `edit/move-${id}`,
      title: `Move ${id}`,
      shortcuts: [key],
      run: () => moveSelected(x * gridPx, y * gridPx),
    },
    {
      ...base,
      id: `edit/move-far-${id}`,
      title: `Move far ${id}`,
      shortcuts: [`Shift+${key}`],
      run: () => moveSelected(x * gridPx * 5, y * gridPx * 5),
    },
  ];
}

function stepThroughHistory(direction: "undo" | "redo"): void {
  const { history, undo, redo } = useDocumentStore.getState();
  const step = (direction === "undo" ? history.done : history.undone).at(-1);
  if (step === undefined) return;
  if (direction === "undo") undo();
  else redo();
  useSessionStore
    .getState()
    .announce(`${direction === "undo" ? "Undone" : "Redone"}: ${step.title}.`);
}

/** Commands on the drawing. */
export const editCommands: readonly Command[] = [
  {
    id: "edit/undo",
    title: "Undo",
    group: "Edit",
    shortcuts: ["Ctrl+Z"],
    icon: "undo",
    isEnabled: () => useDocumentStore.getState().history.done.length > 0,
    run: () => stepThroughHistory("undo"),
  },
  {
    id: "edit/redo",
    title: "Redo",
    group: "Edit",
    shortcuts: ["Ctrl+Shift+Z", "Ctrl+Y"],
    icon: "redo",
    isEnabled: () => useDocumentStore.getState().history.undone.length > 0,
    run: () => stepThroughHistory("redo"),
  },
  {
    id: "edit/connect",
    title: "Connect to …",
    group: "Edit",
    shortcuts: ["c"],
    isEnabled: canConnectSelection,
    run: () => {
      const [from] = selection();
      if (from !== undefined) useSessionStore.getState().open({ dialog: "targets", from });
    },
  },
  {
    id: "edit/delete",
    title: "Delete",
    group: "Edit",
    shortcuts: ["Delete", "Backspace"],
    icon: "trash",
    isEnabled: hasSelection,
    run: () => deleteElements(selection()),
  },
  {
    id: "edit/select-all",
    title: "Select all",
    group: "Edit",
    shortcuts: ["Ctrl+A"],
    run: () => {
      const { nodes } = useDocumentStore.getState().scenario;
      useSessionStore.getState().select(nodes.map((node) => node.id));
    },
  },
  {
    id: "edit/select-none",
    title: "Select nothing",
    group: "Edit",
    shortcuts: ["Escape"],
    isEnabled: hasSelection,
    run: () => useSessionStore.getState().select([]),
  },
  ...moveCommand("left", "ArrowLeft", -1, 0),
  ...moveCommand("right", "ArrowRight", 1, 0),
  ...moveCommand("up", "ArrowUp", 0, -1),
  ...moveCommand("down", "ArrowDown", 0, 1),
];
