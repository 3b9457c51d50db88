// Undo, redo, delete, select, move: what changes or picks parts of the drawing.

import { elementOf, nodeOf } from "../../model/elements.ts";
import { useDocumentStore } from "../documentStore.ts";
import { useSessionStore } from "../sessionStore.ts";
import { tools } from "../tools.ts";
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

/** The broker that is selected alone. */
function selectedBroker(): string | undefined {
  const { scenario } = useDocumentStore.getState();
  const [only, ...others] = selection();
  if (only === undefined || others.length > 0) return undefined;
  return nodeOf(scenario, only)?.kind === "broker" ? only : undefined;
}

function moveCommand(id: string, key: string, x: number, y: number): readonly Command[] {
  const base = { group: "Edit", isEnabled: () => selectedNodes().length > 0 } as const;
  return [
    {
      ...base,
      id: `edit/move-${id}`,
      title: `Move ${id}`,
      shortcuts: [key],
      run: () => tools.editing.use(({ moveBy }) => moveBy(selectedNodes(), x, y)),
    },
    {
      ...base,
      id: `edit/move-far-${id}`,
      title: `Move far ${id}`,
      shortcuts: [`Shift+${key}`],
      run: () => tools.editing.use(({ moveBy }) => moveBy(selectedNodes(), x * 5, y * 5)),
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
    id: "edit/technology",
    title: "Change the technology of the broker …",
    group: "Edit",
    shortcuts: [],
    isEnabled: () => selectedBroker() !== undefined,
    run: () => {
      const of = selectedBroker();
      if (of !== undefined) useSessionStore.getState().open({ dialog: "swap", of });
    },
  },
  {
    id: "edit/delete",
    title: "Delete",
    group: "Edit",
    shortcuts: ["Delete", "Backspace"],
    icon: "trash",
    isEnabled: hasSelection,
    run: () => tools.editing.use(({ deleteElements }) => deleteElements(selection())),
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
    title: "Select nothing and show everything",
    group: "Edit",
    shortcuts: ["Escape"],
    isEnabled: () => hasSelection() || useSessionStore.getState().focus !== null,
    run: () => {
      const session = useSessionStore.getState();
      session.select([]);
      session.set({ focus: null });
    },
  },
  ...moveCommand("left", "ArrowLeft", -1, 0),
  ...moveCommand("right", "ArrowRight", 1, 0),
  ...moveCommand("up", "ArrowUp", 0, -1),
  ...moveCommand("down", "ArrowDown", 0, 1),
];
