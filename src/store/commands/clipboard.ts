// The commands on the clipboard.

import { useSessionStore } from "../sessionStore.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

const hasSelection = (): boolean => useSessionStore.getState().selection.length > 0;

/** Commands on the clipboard. */
export const clipboardCommands: readonly Command[] = [
  {
    id: "clipboard/copy",
    title: "Copy",
    group: "Edit",
    shortcuts: ["Ctrl+C"],
    icon: "copy",
    isEnabled: hasSelection,
    run: () => tools.copying.use(({ copy }) => copy()),
  },
  {
    id: "clipboard/cut",
    title: "Cut",
    group: "Edit",
    shortcuts: ["Ctrl+X"],
    isEnabled: hasSelection,
    run: () => tools.copying.use(({ cut }) => cut()),
  },
  {
    id: "clipboard/paste",
    title: "Paste",
    group: "Edit",
    shortcuts: ["Ctrl+V"],
    run: () => tools.copying.use(({ paste }) => paste()),
  },
  {
    id: "clipboard/duplicate",
    title: "Duplicate",
    group: "Edit",
    shortcuts: ["Ctrl+D"],
    isEnabled: hasSelection,
    run: () => tools.copying.use(({ duplicate }) => duplicate()),
  },
];
