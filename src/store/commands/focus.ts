// Looking at a part of a large drawing: what belongs to the selection stands out, the rest is dimmed.

import type { View } from "../arranging.ts";
import { useSessionStore } from "../sessionStore.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

function selected(): number {
  return useSessionStore.getState().selection.length;
}

function look(view: View): () => void {
  return () => void tools.arranging.use(({ lookAt }) => lookAt(view));
}

/** Commands that show a part of the drawing. */
export const focusCommands: readonly Command[] = [
  {
    id: "focus/around",
    title: "Show only what belongs to the selection, or everything again",
    group: "View",
    shortcuts: ["o"],
    isEnabled: () => selected() > 0 || useSessionStore.getState().focus !== null,
    run: () => {
      const session = useSessionStore.getState();
      if (session.focus === null) look("around")();
      else session.set({ focus: null });
    },
  },
  {
    id: "focus/upstream",
    title: "Show only what comes before the selection",
    group: "View",
    shortcuts: ["["],
    isEnabled: () => selected() > 0,
    run: look("upstream"),
  },
  {
    id: "focus/downstream",
    title: "Show only what comes after the selection",
    group: "View",
    shortcuts: ["]"],
    isEnabled: () => selected() > 0,
    run: look("downstream"),
  },
  {
    id: "focus/between",
    title: "Show only the ways between the two selected",
    group: "View",
    shortcuts: [],
    isEnabled: () => selected() === 2,
    run: look("between"),
  },
];
