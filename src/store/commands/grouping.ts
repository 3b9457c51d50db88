// Groups and notes on the canvas.

import { nodeOf } from "../../model/elements.ts";
import { groupOf, groupsOfNodes } from "../../model/grouping.ts";
import { useDocumentStore } from "../documentStore.ts";
import { useSessionStore } from "../sessionStore.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

function isSelected(kind: "node" | "group" | "grouped"): boolean {
  const { scenario } = useDocumentStore.getState();
  const { selection } = useSessionStore.getState();
  const groups = groupsOfNodes(scenario);
  return selection.some((id) => {
    if (kind === "node") return nodeOf(scenario, id) !== undefined;
    return groupOf(scenario, id) !== undefined || (kind === "grouped" && groups.has(id));
  });
}

/** Commands on groups and notes. */
export const groupingCommands: readonly Command[] = [
  {
    id: "grouping/group",
    title: "Group",
    group: "Edit",
    shortcuts: ["Ctrl+G"],
    isEnabled: () => isSelected("node"),
    run: () => void tools.grouping.use(({ groupSelection }) => groupSelection()),
  },
  {
    id: "grouping/ungroup",
    title: "Ungroup",
    group: "Edit",
    shortcuts: ["Ctrl+Shift+G"],
    isEnabled: () => isSelected("group"),
    run: () => void tools.grouping.use(({ ungroupSelection }) => ungroupSelection()),
  },
  {
    id: "grouping/toggle",
    title: "Collapse or expand group",
    group: "Edit",
    shortcuts: ["e"],
    isEnabled: () => isSelected("grouped"),
    run: () => void tools.grouping.use(({ toggleSelectedGroups }) => toggleSelectedGroups()),
  },
  {
    id: "grouping/note",
    title: "Add note",
    group: "Add",
    shortcuts: ["n"],
    run: () => void tools.grouping.use(({ addNote }) => addNote()),
  },
];
