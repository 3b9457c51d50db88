// The registry of commands, in the order of menus, palette and the sheet of shortcuts.
// To add one: write it in the file of its noun (view.ts is the shortest); then run `npx vitest run src/store/commands`.

import { type AddableKind, addCommands } from "./add.ts";
import { arrangeCommands } from "./arrange.ts";
import { clipboardCommands } from "./clipboard.ts";
import type { Command } from "./command.ts";
import { documentCommands } from "./documents.ts";
import { editCommands } from "./edit.ts";
import { focusCommands } from "./focus.ts";
import { groupingCommands } from "./grouping.ts";
import { presentCommands } from "./present.ts";
import { runCommands } from "./run.ts";
import { viewCommands } from "./view.ts";

/** Every command, given the kinds of nodes that can be added. */
export function createCommands(kinds: readonly AddableKind[]): readonly Command[] {
  return [
    ...addCommands(kinds),
    ...editCommands,
    ...clipboardCommands,
    ...arrangeCommands,
    ...groupingCommands,
    ...runCommands,
    ...viewCommands,
    ...focusCommands,
    ...presentCommands,
    ...documentCommands,
  ];
}
