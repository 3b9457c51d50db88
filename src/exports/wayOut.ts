// What a way out is: something that other tools read, made of a scenario. index.ts lists them all; dialog and terminal
// know nothing but this.

import type { Report } from "../model/report.ts";
import type { Scenario } from "../model/scenario.ts";

/** The groups of the list, in their order. */
export const groups = [
  "Contracts",
  "Pictures",
  "Brokers",
  "Catalogues",
  "Code",
  "Documents",
] as const;

/** A group of the list. */
export type Group = (typeof groups)[number];

/** A text file, its name with folders. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
}

/** Something to choose, such as a language. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** One sentence for the terminal's help. */
  readonly help: string;
  /** The first one is chosen until somebody chooses. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** What a way out may use besides the scenario. */
export interface Extras {
  /** The chosen value of a choice; its first option where nothing known was chosen. */
  readonly chosen: (choice: Choice) => string;
  /** Results of the last run, where there is one. */
  readonly report?: Report | undefined;
}

/** What came out. Without files the remarks say why. */
export interface Exported {
  readonly files: readonly ExportFile[];
  /** What could not be said in this form, or what to know: sentences. */
  readonly remarks: readonly string[];
}

/** A way out. Large libraries are fetched inside `make`, so that the list costs nothing. */
export interface WayOut {
  /** Typed in the terminal. */
  readonly id: string;
  readonly label: string;
  /** One sentence: what it is and which tool reads it. */
  readonly description: string;
  readonly group: Group;
  readonly choices: readonly Choice[];
  /** Uses the results of the last run. */
  readonly tellsOfRun?: true;
  /** Whether a scenario has anything that it is about; absent: every scenario has. Dialogs leave out the others. */
  readonly concerns?: (scenario: Scenario) => boolean;
  /** The files of a scenario without errors. Never throws because of what a document says. */
  make(scenario: Scenario, extras: Extras): Exported | Promise<Exported>;
}

/** Reads chosen values by the ids of choices. */
export function choosing(values: Readonly<Record<string, string | undefined>>): Extras["chosen"] {
  return ({ id, options }) =>
    options.find(({ value }) => value === values[id])?.value ?? options[0]?.value ?? "";
}
