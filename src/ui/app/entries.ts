// Lines of menus made of commands.

import type { MenuEntry } from "../controls/Menu.tsx";
import { commandOf, runCommand, shownShortcut } from "./commands.ts";

/** A line of a menu for a command; null, a dividing line, where there is no such command. */
export function entryOf(id: string, tone?: "danger"): MenuEntry | null {
  const command = commandOf(id);
  if (command === undefined) return null;
  return {
    id,
    label: command.title,
    shortcut: shownShortcut(id),
    isDisabled: command.isEnabled?.() === false,
    ...(tone !== undefined && { tone }),
    run: () => runCommand(id),
  };
}
