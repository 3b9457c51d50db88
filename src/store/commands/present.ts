// Bookmarks and presenting.

import { useDocumentStore } from "../documentStore.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

function count(): number {
  return useDocumentStore.getState().scenario.bookmarks?.length ?? 0;
}

/** Commands on bookmarks. */
export const presentCommands: readonly Command[] = [
  {
    id: "present/bookmark",
    title: "Bookmark what is seen now: moment, view, what stands out",
    group: "View",
    shortcuts: ["m"],
    isEnabled: () => useDocumentStore.getState().scenario.nodes.length > 0,
    run: () => void tools.presenting.use(({ bookmarkNow }) => bookmarkNow()),
  },
  {
    id: "present/start",
    title: "Present the bookmarks",
    group: "View",
    shortcuts: ["Shift+P"],
    icon: "monitor",
    isEnabled: () => count() > 0,
    run: () => void tools.presenting.use(({ present }) => present()),
  },
];
