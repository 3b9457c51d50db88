// `export asyncapi`: the contracts of a scenario as AsyncAPI documents, to files or to standard output.

import { fail, type Result, succeed } from "../../base/result.ts";
import {
  asyncapiVersions,
  documentFiles,
  documentsOf,
  type ExportOptions,
  hasLayout,
  layouts,
} from "../../contracts/files.ts";
import { formats, writeDocument } from "../../contracts/yaml.ts";
import { exportImported, type ImportedFiles } from "../../imports/exportImported.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Arguments, Command } from "../command.ts";
import { fine, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { readChecked, readRunnable } from "../source.ts";

/** Exports AsyncAPI: one document for the system, one per application, or a catalogue. */
export const exportAsyncapi: Command = {
  name: "export asyncapi",
  summary: "Write the contracts as AsyncAPI.",
  operands: ["FILE|ID"],
  options: {
    out: { value: "DIR", help: "Write files into this folder; without it: to standard output." },
    version: {
      value: asyncapiVersions.join("|"),
      help: `Version of AsyncAPI; without it: ${asyncapiVersions[0]}.`,
    },
    layout: {
      value: layouts.join("|"),
      help: "What is in which document; without it: system. Notes below.",
    },
    "per-application": { help: "The same as --layout self-contained." },
    format: { value: formats.join("|"), help: "yaml (as without this option) or json." },
    "no-embed": { help: "Leave out what the simulation needs and AsyncAPI does not say." },
  },
  notes: [
    "system: one document with the operations of all applications; it carries the scenario.",
    "applications: one document per application; what they share is in common/ (needs --out).",
    "self-contained: one document per application with everything that it needs.",
    "catalogue: servers, channels and messages without operations; not in 2.6.0.",
    "What was imported is given back as it was, with the changes since then; with one of the options for documents it is written anew.",
    "Several documents on standard output: YAML separates them by ---, JSON puts them into a list.",
  ],
  run: async (given, shell) => {
    const options = optionsOf(given);
    if (!options.ok) return wrongUse(options.failure);
    const folder = given.value("out");
    const imported = await importedFiles(given, shell);
    if (imported !== undefined) return giveBack(imported, folder, shell);
    if (options.value.layout === "applications" && folder === undefined)
      return wrongUse("These documents refer to files of each other. Type: --out DIR");
    const scenario = await readRunnable(given.operands[0] ?? "", shell);
    if (!scenario.ok) return scenario.failure;
    return folder === undefined
      ? print(scenario.value, options.value, shell)
      : write(scenario.value, { ...options.value, folder }, shell);
  },
};

/** What an import is given back as, unless it is asked to be written anew; undefined: nothing was imported. */
async function importedFiles(given: Arguments, shell: Shell): Promise<ImportedFiles | undefined> {
  const anew = ["version", "layout", "per-application", "format", "no-embed"];
  if (anew.some((option) => given.has(option)) || given.operands[0] === "-") return undefined;
  const read = await readChecked(given.operands[0] ?? "", shell);
  const scenario = read.ok ? read.value.scenario : undefined;
  return scenario?.sources === undefined ? undefined : exportImported(scenario);
}

function giveBack(
  { files, remarks }: ImportedFiles,
  folder: string | undefined,
  shell: Shell,
): Outcome {
  for (const remark of remarks) shell.err(`${remark}\n`);
  if (folder !== undefined) return writeFiles(files, folder, shell);
  if (files.length > 1) return wrongUse(`${files.length} files were imported. Type: --out DIR`);
  shell.out(files[0]?.text ?? "");
  return fine;
}

function optionsOf(given: Arguments): Result<ExportOptions, string> {
  const version = choiceOf(given, "version", asyncapiVersions);
  const layout = choiceOf(given, "layout", layouts);
  const format = choiceOf(given, "format", formats);
  if (!version.ok) return version;
  if (!layout.ok) return layout;
  if (!format.ok) return format;
  const chosen = { version: version.value ?? asyncapiVersions[0], layout: layout.value };
  if (chosen.layout !== undefined && !hasLayout(chosen.version, chosen.layout))
    return fail(`AsyncAPI ${chosen.version} has no ${chosen.layout}. Type: --version 3.1.0`);
  const perApplication = given.has("per-application") ? "self-contained" : undefined;
  return succeed({
    version: chosen.version,
    layout: chosen.layout ?? perApplication ?? "system",
    format: format.value ?? "yaml",
    embed: !given.has("no-embed"),
  });
}

function choiceOf<const Value extends string>(
  given: Arguments,
  option: string,
  values: readonly Value[],
): Result<Value | undefined, string> {
  const typed = given.value(option);
  const found = values.find((value) => value === typed);
  if (typed === undefined || found !== undefined) return succeed(found);
  return fail(
    `There is no ${option} “${typed}”. Type: ${values.map((value) => `--${option} ${value}`).join(" or ")}`,
  );
}

function print(scenario: Scenario, options: ExportOptions, shell: Shell): Outcome {
  const documents = documentsOf(scenario, options).map(({ content }) => content);
  const [first, ...more] = documents;
  const { format = "yaml" } = options;
  if (format === "json" && first !== undefined)
    shell.out(writeDocument(isOne(options) && more.length === 0 ? first : documents, format));
  else shell.out(documents.map((document) => writeDocument(document, format)).join("---\n"));
  return fine;
}

function isOne({ layout }: ExportOptions): boolean {
  return layout === "system" || layout === "catalogue";
}

function write(
  scenario: Scenario,
  { folder, ...options }: ExportOptions & { readonly folder: string },
  shell: Shell,
): Outcome {
  return writeFiles(documentFiles(scenario, options), folder, shell);
}

function writeFiles(
  files: readonly { readonly name: string; readonly text: string }[],
  folder: string,
  shell: Shell,
): Outcome {
  for (const { name, text } of files) {
    const path = `${folder.replace(/\/+$/u, "")}/${name}`;
    const written = shell.writeFile(path, text);
    if (!written.ok) return wrongUse(written.failure);
    shell.out(`${path}\n`);
  }
  return fine;
}
