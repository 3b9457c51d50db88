// The keyboard of the page: one listener that turns presses into commands. Whoever is typing keeps their keys,
// open dialogs and menus keep theirs, and Ctrl+C with a text selected stays the browser's.

import type { Command } from "../../store/commands/command.ts";
import { commandFor, shortcutOf } from "../../store/commands/shortcuts.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { commands } from "./commands.ts";
import { areToolsLoaded, loadTools } from "./loadTools.ts";

/** Starts to listen; returns how to stop. */
export function listenForShortcuts(target: Window): () => void {
  target.addEventListener("keydown", handleKey);
  return () => target.removeEventListener("keydown", handleKey);
}

/** Works also while one is typing. */
const everywhere = new Set(["help/commands", "document/save"]);

/** Keys that a focused button, link or control uses itself. */
const ownKeys = new Set(["Space", "Enter"]);
const arrows = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const command = commandFor(commands, event);
  if (command === undefined) return;
  const place = event.target instanceof Element ? event.target : document.body;
  const isModal =
    place.closest("dialog, [role=menu]") !== null || useSessionStore.getState().dialog !== null;
  if (isModal || (isTyping(place) && !everywhere.has(command.id))) return;
  if (belongsTo(place, shortcutOf(event))) return;
  if (shortcutOf(event) === "Ctrl+C" && String(window.getSelection()) !== "") return;
  if (mustWait(command)) {
    event.preventDefault();
    waiting = runAfter(waiting ?? loadTools(), command);
    return;
  }
  if (command.isEnabled?.() === false) return;
  event.preventDefault();
  void command.run();
}

/** Keys that were pressed before the tools had arrived: they act then, in their order. */
let waiting: Promise<void> | undefined;

function mustWait({ group }: Command): boolean {
  if (areToolsLoaded()) return false;
  return waiting !== undefined || group === "Add" || group === "Edit";
}

async function runAfter(before: Promise<void>, command: Command): Promise<void> {
  await before;
  if (command.isEnabled?.() !== false) await command.run();
}

/** Whether keys go into a text here. */
export function isTyping(place: Element): boolean {
  if (place.closest(".monaco-editor, [contenteditable=true], textarea, select") !== null)
    return true;
  const input = place.closest("input");
  return input !== null && !["checkbox", "radio", "button"].includes(input.type);
}

/** A button that was only clicked gives Space and Enter back to the drawing; one reached by keyboard keeps them. */
function leaveIfClicked(place: Element): boolean {
  const isClicked = place instanceof HTMLButtonElement && !place.matches(":focus-visible");
  if (isClicked) place.blur();
  return isClicked;
}

/** Whether a focused control outside the drawing uses this key itself. */
function belongsTo(place: Element, shortcut: string): boolean {
  const isOnCanvas =
    place.closest(".react-flow__node, .react-flow__edge, .react-flow__pane") !== null;
  if (isOnCanvas) return false;
  const isControl =
    place.closest("button, a, input, summary, [role=tab], [role=separator]") !== null;
  if (isControl && ownKeys.has(shortcut)) return !leaveIfClicked(place);
  return (
    arrows.has(shortcut) && place.closest("[role=tablist], [role=separator], [role=tree]") !== null
  );
}
