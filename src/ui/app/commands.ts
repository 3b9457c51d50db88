// The commands of this page: made once from the kinds of nodes, looked up by everything that offers them.

import { nodeKinds } from "../../nodes/index.ts";
import type { Command } from "../../store/commands/command.ts";
import { createCommands } from "../../store/commands/index.ts";
import { formatShortcut } from "../../store/commands/shortcuts.ts";

/** Every command, in the order on screen. */
export const commands: readonly Command[] = createCommands(Object.values(nodeKinds));

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The command with this id. */
export function commandOf(id: string): Command | undefined {
  return commands.find((command) => command.id === id);
}

/** Runs a command where it is enabled. */
export function runCommand(id: string): void {
  const command = commandOf(id);
  if (command !== undefined && command.isEnabled?.() !== false) void command.run();
}

/** The first shortcut of a command, for the screen. */
export function shownShortcut(id: string): string | undefined {
  const shortcut = commandOf(id)?.shortcuts[0];
  return shortcut === undefined ? undefined : formatShortcut(shortcut, isMac);
}

/** Any shortcut, for the screen. */
export function shown(shortcut: string): string {
  return formatShortcut(shortcut, isMac);
}
