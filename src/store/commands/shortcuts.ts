// From a pressed key to a command. Single keys stay with whoever is typing; Ctrl stands for Cmd on a Mac.

import type { Command } from "./command.ts";

/** The part of a keyboard event that matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** A press as the text that commands use: "Ctrl+Shift+Z", "Delete", "p", "?", "Space". */
export function shortcutOf(press: KeyPress): string {
  const isLetter = /^[a-z]$/i.test(press.key);
  const isControl = press.ctrlKey || press.metaKey;
  const name =
    press.key === " " ? "Space" : isLetter && !isControl ? press.key.toLowerCase() : press.key;
  const main = isLetter && (isControl || press.shiftKey) ? name.toUpperCase() : name;
  // Shift is part of the sign in "?" and "+"; with letters, arrows and Ctrl it is a modifier.
  const hasShift = press.shiftKey && (isLetter || isControl || press.key.length > 1);
  return [isControl && "Ctrl", press.altKey && "Alt", hasShift && "Shift", main]
    .filter((part) => part !== false)
    .join("+");
}

/** The command for a press, enabled or not. */
export function commandFor(commands: readonly Command[], press: KeyPress): Command | undefined {
  const shortcut = shortcutOf(press);
  return commands.find((command) => command.shortcuts.includes(shortcut));
}

/** A shortcut for the screen: "Ctrl+Z", on a Mac "⌘Z". */
export function formatShortcut(shortcut: string, isMac: boolean): string {
  const words: Readonly<Record<string, string>> = {
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    Delete: "Del",
    Escape: "Esc",
    Enter: "↵",
  };
  const parts = shortcut === "+" ? ["+"] : shortcut.split("+");
  const shown = parts.map((part) => words[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  if (!isMac) return shown.join("+");
  return shown.map((part) => ({ Ctrl: "⌘", Shift: "⇧", Alt: "⌥" })[part] ?? part).join("");
}
