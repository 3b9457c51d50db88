// AsyncAPI documents as files: names and texts, the same in the dialog and in the terminal.

import type { Scenario } from "../model/scenario.ts";
import { exportApplications, exportSystem } from "./asyncapi.ts";
import { type Format, writeDocument } from "./yaml.ts";

/** What is exported: one document for the system, or one for each application. */
export type Scope = "system" | "applications";

/** A file to be written. */
export interface DocumentFile {
  readonly name: string;
  readonly text: string;
}

/** The files of an export, at least one. */
export function documentFiles(
  scenario: Scenario,
  scope: Scope,
  format: Format,
): readonly DocumentFile[] {
  const ending = `.asyncapi.${format}`;
  if (scope === "system")
    return [{ name: scenario.id + ending, text: writeDocument(exportSystem(scenario), format) }];
  return exportApplications(scenario).map(({ id, document }) => ({
    name: id + ending,
    text: writeDocument(document, format),
  }));
}
