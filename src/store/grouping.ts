// Groups and notes on the canvas: made, changed and taken apart, each as one step of history.

import { moveNodes } from "../model/edit.ts";
import { nodeOf } from "../model/elements.ts";
import { freshId } from "../model/freshId.ts";
import { type Group, groupOf, groupsOfNodes, type Note, noteOf } from "../model/grouping.ts";
import { groupNodes, replaceGroup, replaceNote, withNotes } from "../model/groupingEdits.ts";
import type { Scenario } from "../model/scenario.ts";
import { canvas } from "./canvasPort.ts";
import { useDocumentStore } from "./documentStore.ts";
import { deleteElements } from "./editing.ts";
import { useSessionStore } from "./sessionStore.ts";

const noteSize = { width: 208, height: 96 } as const;

function commit(after: Scenario, label: string): void {
  useDocumentStore.getState().commit(after, label);
}

/** The selected nodes, those of selected channels included. */
function selectedNodes(): readonly string[] {
  const { scenario } = useDocumentStore.getState();
  const { selection } = useSessionStore.getState();
  const chosen = new Set(
    selection.map((id) => scenario.channels.find((one) => one.id === id)?.broker ?? id),
  );
  return [...chosen].filter((id) => nodeOf(scenario, id) !== undefined);
}

/** Puts the selected nodes into a group of their own, which is selected then. */
export function groupSelection(): void {
  const { scenario } = useDocumentStore.getState();
  const members = selectedNodes();
  if (members.length === 0) return;
  const id = freshId(scenario, "group");
  commit(groupNodes(scenario, { id, name: "Group", members }), "Group");
  const session = useSessionStore.getState();
  session.select([id]);
  session.announce(`${members.length} nodes grouped. Its name stands in the inspector.`);
}

/** Takes selected groups apart; their nodes stay and are selected then. */
export function ungroupSelection(): void {
  const { scenario } = useDocumentStore.getState();
  const session = useSessionStore.getState();
  const groups = session.selection.flatMap((id) => groupOf(scenario, id) ?? []);
  if (groups.length === 0) return;
  deleteElements(groups.map(({ id }) => id));
  session.select(groups.flatMap(({ members }) => members));
}

/** Collapses a group into one card, or shows its cards again. */
export function toggleGroup(id: string): void {
  const { scenario } = useDocumentStore.getState();
  const group = groupOf(scenario, id);
  if (group === undefined) return;
  const { collapsed: _, ...open } = group;
  const isCollapsed = group.collapsed === true;
  const next: Group = isCollapsed ? open : { ...open, collapsed: true };
  commit(replaceGroup(scenario, next), isCollapsed ? "Expand group" : "Collapse group");
  useSessionStore.getState().select([id]);
}

/** Collapses or expands the selected groups, and those of selected nodes. */
export function toggleSelectedGroups(): void {
  const { scenario } = useDocumentStore.getState();
  const groups = groupsOfNodes(scenario);
  const { selection } = useSessionStore.getState();
  const ids = selection.map((id) => groupOf(scenario, id)?.id ?? groups.get(id)?.id);
  for (const id of new Set(ids)) if (id !== undefined) toggleGroup(id);
}

/** Puts an empty note into the middle of what is seen; it is open for writing. */
export function addNote(): void {
  const { scenario } = useDocumentStore.getState();
  const id = freshId(scenario, "note");
  const { x, y } = canvas().middle();
  const noted = withNotes(scenario, [...(scenario.notes ?? []), { id, text: "", ...noteSize }]);
  const at = { x: x - noteSize.width / 2, y: y - noteSize.height / 2 };
  commit(moveNodes(noted, { [id]: at }), "Add note");
  useSessionStore.getState().select([id]);
}

/** Writes a note; one without text goes away. */
export function writeNote(id: string, text: string): void {
  const { scenario } = useDocumentStore.getState();
  const note = noteOf(scenario, id);
  if (note === undefined) return;
  if (text.trim() === "") deleteElements([id]);
  else if (text !== note.text) commit(replaceNote(scenario, { ...note, text }), "Write note");
}

/** Gives a note a size [px]. */
export function sizeNote(id: string, size: Pick<Note, "width" | "height">): void {
  const { scenario } = useDocumentStore.getState();
  const note = noteOf(scenario, id);
  if (note !== undefined) commit(replaceNote(scenario, { ...note, ...size }), "Resize note");
}
