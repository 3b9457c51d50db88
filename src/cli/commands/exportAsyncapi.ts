// `export asyncapi`: the contracts of a scenario as AsyncAPI documents, to files or to standard output.

import { exportApplications, exportSystem } from "../../contracts/asyncapi.ts";
import { documentFiles } from "../../contracts/files.ts";
import { type Format, formats, writeDocument } from "../../contracts/yaml.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Command } from "../command.ts";
import { fine, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { readRunnable } from "../source.ts";

/** Exports AsyncAPI 3.0: one document for the system, or one per application. */
export const exportAsyncapi: Command = {
  name: "export asyncapi",
  summary: "Write the contracts as AsyncAPI 3.0.",
  operands: ["FILE|ID"],
  options: {
    out: { value: "DIR", help: "Write files into this folder; without it: to standard output." },
    format: { value: "yaml|json", help: "yaml (as without this option) or json." },
    "per-application": { help: "One document for each producer and service." },
  },
  notes: [
    "Several documents on standard output: YAML separates them by ---, JSON puts them into a list.",
  ],
  run: (given, shell) => {
    const format = formats.find((one) => one === (given.value("format") ?? "yaml"));
    if (format === undefined)
      return wrongUse(
        `There is no format “${given.value("format")}”. Type: --format yaml or --format json`,
      );
    const scenario = readRunnable(given.operands[0] ?? "", shell);
    if (!scenario.ok) return scenario.failure;
    const scope = given.has("per-application") ? "applications" : "system";
    const folder = given.value("out");
    return folder === undefined
      ? print(scenario.value, { scope, format }, shell)
      : write(scenario.value, { scope, format, folder }, shell);
  },
};

type Scope = "system" | "applications";

function print(
  scenario: Scenario,
  { scope, format }: { scope: Scope; format: Format },
  shell: Shell,
): Outcome {
  if (scope === "system") {
    shell.out(writeDocument(exportSystem(scenario), format));
    return fine;
  }
  const documents = exportApplications(scenario).map(({ document }) => document);
  shell.out(
    format === "json"
      ? writeDocument(documents, format)
      : documents.map((document) => writeDocument(document, format)).join("---\n"),
  );
  return fine;
}

function write(
  scenario: Scenario,
  { scope, format, folder }: { scope: Scope; format: Format; folder: string },
  shell: Shell,
): Outcome {
  for (const { name, text } of documentFiles(scenario, scope, format)) {
    const path = `${folder.replace(/\/+$/u, "")}/${name}`;
    const written = shell.writeFile(path, text);
    if (!written.ok) return wrongUse(written.failure);
    shell.out(`${path}\n`);
  }
  return fine;
}
