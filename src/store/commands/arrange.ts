// Lining up what is drawn: automatic layout, aligning, spreading.

import type { Alignment } from "../../drawing/align.ts";
import { nodeOf } from "../../model/elements.ts";
import { canvas } from "../canvasPort.ts";
import { useDocumentStore } from "../documentStore.ts";
import { useSessionStore } from "../sessionStore.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

function selectedNodes(): readonly string[] {
  const { scenario } = useDocumentStore.getState();
  return useSessionStore.getState().selection.filter((id) => nodeOf(scenario, id) !== undefined);
}

function align(to: Alignment, title: string): Command {
  return {
    id: `arrange/align-${to}`,
    title: `Align ${title}`,
    group: "Edit",
    shortcuts: [],
    isEnabled: () => selectedNodes().length > 1,
    run: () => void tools.arranging.use(({ alignSelected }) => alignSelected(to)),
  };
}

function spread(over: "across" | "down"): Command {
  return {
    id: `arrange/spread-${over}`,
    title: `Make gaps equal, ${over}`,
    group: "Edit",
    shortcuts: [],
    isEnabled: () => selectedNodes().length > 2,
    run: () => void tools.arranging.use(({ spreadSelected }) => spreadSelected(over)),
  };
}

/** Several selected nodes are arranged among themselves, else everything is. */
function arrange(direction: "right" | "down"): void | Promise<void> {
  const selected = selectedNodes();
  const { nodes } = useDocumentStore.getState().scenario;
  return canvas().arrange(direction, selected.length > 1 ? selected : nodes.map(({ id }) => id));
}

function isArrangeable(): boolean {
  return useDocumentStore.getState().scenario.nodes.length > 1;
}

/** Commands that line up. */
export const arrangeCommands: readonly Command[] = [
  {
    id: "arrange/right",
    title: "Arrange automatically, left to right",
    group: "Edit",
    shortcuts: ["a"],
    isEnabled: isArrangeable,
    run: () => arrange("right"),
  },
  {
    id: "arrange/down",
    title: "Arrange automatically, top to bottom",
    group: "Edit",
    shortcuts: ["Shift+A"],
    isEnabled: isArrangeable,
    run: () => arrange("down"),
  },
  align("left", "left edges"),
  align("centre", "centres"),
  align("right", "right edges"),
  align("top", "top edges"),
  align("middle", "middles"),
  align("bottom", "bottom edges"),
  spread("across"),
  spread("down"),
];
