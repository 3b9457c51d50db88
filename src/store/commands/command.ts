// What a user action is: menu, palette, toolbar and keyboard only look commands up, none has its own way to act.

/** One thing that a person can do. */
export interface Command {
  /** Stable, of the form `noun/verb`. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and on the sheet of shortcuts. */
  readonly group: "Add" | "Edit" | "View" | "Run" | "Document" | "Help";
  /** As in "Ctrl+Shift+Z", "Delete", "p". "Ctrl" is Cmd on a Mac. The first one is shown. */
  readonly shortcuts: readonly string[];
  readonly icon?: string;
  /** Absent: always. */
  isEnabled?(): boolean;
  run(): void | Promise<void>;
}
