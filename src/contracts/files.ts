// AsyncAPI documents as files: names and texts, the same in the dialog and in the terminal.

import { assert } from "../base/assert.ts";
import type { Scenario } from "../model/scenario.ts";
import { exportApplications, exportCatalogue, exportSystem } from "./asyncapi.ts";
import { wholeScenario } from "./carried.ts";
import type { AsyncApiDocument } from "./document.ts";
import { olderDocument, type OlderDocument } from "./older.ts";
import { sharedParts, sharingDocument } from "./sharedDefinitions.ts";
import { type Format, writeDocument } from "./yaml.ts";

/** The versions of AsyncAPI that can be written, the newest first. */
export const asyncapiVersions = ["3.1.0", "3.0.0", "2.6.0"] as const;

/** One of the versions. */
export type AsyncapiVersion = (typeof asyncapiVersions)[number];

/** What is in which document. */
export const layouts = ["system", "applications", "self-contained", "catalogue"] as const;

/** `system`: one document with the operations of all applications; `applications`: one for each application, with the
 *  definitions that they share in files under `common/`; `self-contained`: one for each application with all that it
 *  needs; `catalogue`: all channels and messages without operations. */
export type Layout = (typeof layouts)[number];

/** How a scenario is exported. */
export interface ExportOptions {
  /** Absent: the newest. */
  readonly version?: AsyncapiVersion;
  /** Absent: `system`. There is no catalogue in 2.6.0 (`hasLayout`). */
  readonly layout?: Layout;
  /** Absent: `yaml`. */
  readonly format?: Format;
  /** Whether the document of the system carries the scenario, so that it can be opened again; other layouts never do.
   *  Absent: yes. */
  readonly embed?: boolean;
}

/** A file to be written. */
export interface DocumentFile {
  /** Name, with folders where there are several kinds of files. */
  readonly name: string;
  readonly text: string;
}

/** A document before it is written. */
export interface NamedDocument {
  /** Name without the ending of the format. */
  readonly name: string;
  readonly content: object;
}

/** The files of an export. There is none for a scenario without applications, if these have documents of their own. */
export function documentFiles(
  scenario: Scenario,
  options: ExportOptions = {},
): readonly DocumentFile[] {
  const { format = "yaml" } = options;
  return documentsOf(scenario, options).map(({ name, content }) => ({
    name: `${name}.${format}`,
    text: writeDocument(content, format),
  }));
}

/** Whether a version of AsyncAPI has a layout: before 3.0 messages are part of operations, and a catalogue has none. */
export function hasLayout(version: AsyncapiVersion, layout: Layout): boolean {
  return version !== "2.6.0" || layout !== "catalogue";
}

/** The documents of an export, as data. */
export function documentsOf(
  scenario: Scenario,
  { version = "3.1.0", layout = "system", format = "yaml", embed = true }: ExportOptions = {},
): readonly NamedDocument[] {
  assert(hasLayout(version, layout), `There is no ${layout} in AsyncAPI ${version}.`);
  const name = `${scenario.id}.asyncapi`;
  if (layout === "catalogue")
    return [{ name, content: exportCatalogue(scenario, version === "2.6.0" ? {} : { version }) }];
  if (layout === "system") return [{ name, content: systemDocument(scenario, version, embed) }];
  const own = exportApplications(scenario, version === "2.6.0" ? {} : { version }).map(
    ({ id, document }) => ({
      name: `${id}.asyncapi`,
      content: version === "2.6.0" ? olderDocument(document, `${scenario.id}:${id}`) : document,
    }),
  );
  if (layout === "self-contained" || own.length === 0) return own;
  const sharing = {
    namesSchemes: version === "2.6.0",
    ending: `.${format}`,
    shares: version === "2.6.0" ? (["servers"] as const) : (["servers", "channels"] as const),
  };
  return [
    ...own.map((one) => ({ ...one, content: sharingDocument(one.content, sharing) })),
    ...sharedParts(withMessagesOf(own, systemDocument(scenario, version, false)), sharing),
  ];
}

/** The whole with the messages of its applications: before 3.0 a message that passes several operations has a key for
 *  each, and an application may know it by another operation than the whole does. */
function withMessagesOf(
  applications: readonly { readonly content: AsyncApiDocument | OlderDocument }[],
  whole: AsyncApiDocument | OlderDocument,
): object {
  const all = [...applications.map(({ content }) => content), whole];
  const messages: Readonly<Record<string, object>> = Object.fromEntries(
    all.flatMap(({ components }) => Object.entries<object>(components?.messages ?? {})),
  );
  return { ...whole, components: { ...whole.components, messages } };
}

function systemDocument(
  scenario: Scenario,
  version: AsyncapiVersion,
  embed: boolean,
): AsyncApiDocument | OlderDocument {
  if (version !== "2.6.0") return exportSystem(scenario, { version, embed });
  const older = olderDocument(exportSystem(scenario), scenario.id);
  if (!embed) return older;
  // Several operations of version 3 are one of 2.6, so that its objects cannot carry theirs.
  const extension = { view: "system", scenario: wholeScenario(scenario) };
  return { ...older, info: { ...older.info, "x-spillway": extension } };
}
