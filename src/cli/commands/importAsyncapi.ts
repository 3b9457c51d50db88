// `import asyncapi`: AsyncAPI files as a scenario, with everything that was found about them.

import type { Finding } from "../../imports/findings.ts";
import {
  type Imported,
  importAsyncapi as read,
  withVerdicts,
} from "../../imports/importAsyncapi.ts";
import type { Command } from "../command.ts";
import { readImportFiles } from "../importFiles.ts";
import { fine, found, type Outcome, type Shell, wrongUse } from "../shell.ts";

/** Imports AsyncAPI 2.0 to 3.1. */
export const importAsyncapi: Command = {
  name: "import asyncapi",
  summary: "Read AsyncAPI files (2.0 to 3.1) as one scenario.",
  operands: ["FILE…"],
  options: {
    out: {
      value: "FILE",
      help: "Write the scenario into this file; without it: to standard output.",
    },
    json: { help: "Print one JSON object: documents, findings and, without --out, scenario." },
  },
  notes: [
    "FILE may be a folder. Local files to which a document refers are read, too; the network is never asked.",
    "The texts are kept in the scenario, so that an export gives back what was imported.",
    "Ends with 1 when a document has errors; what could be understood is written all the same.",
  ],
  run: async (given, shell) => {
    const files = readImportFiles(given.operands, shell);
    if (!files.ok) return wrongUse(files.failure);
    const imported = await judged(read(files.value));
    const out = given.value("out");
    const text = textOf(imported);
    if (out !== undefined && text !== undefined) {
      const written = shell.writeFile(out, text);
      if (!written.ok) return wrongUse(written.failure);
    }
    if (given.has("json")) printJson(imported, out, shell);
    else printLines(imported, { out, text }, shell);
    return outcomeOf(imported);
  },
};

/** The parser is large: it is loaded only when there is something to ask. */
async function judged(imported: Imported): Promise<Imported> {
  if (imported.questions.length === 0) return imported;
  const { officialVerdict } = await import("../../imports/officialVerdict.ts");
  const verdicts: Finding[] = [];
  for (const question of imported.questions) verdicts.push(...(await officialVerdict(question)));
  return withVerdicts(imported, verdicts);
}

function textOf({ scenario }: Imported): string | undefined {
  return scenario === undefined ? undefined : `${JSON.stringify(scenario, null, 2)}\n`;
}

function outcomeOf({ scenario, findings }: Imported): Outcome {
  const isWrong = scenario === undefined || findings.some(({ severity }) => severity === "error");
  return isWrong ? found : fine;
}

function printJson(
  { documents, findings, scenario }: Imported,
  out: string | undefined,
  shell: Shell,
): void {
  const all = { documents, findings, ...(out === undefined && { scenario }) };
  shell.out(`${JSON.stringify(all, null, 2)}\n`);
}

/** The scenario goes to standard output when there is no file for it; then what was found goes beside it. */
function printLines(
  { scenario, findings }: Imported,
  { out, text }: { readonly out: string | undefined; readonly text: string | undefined },
  shell: Shell,
): void {
  const say = (line: string): void => (out === undefined ? shell.err(line) : shell.out(line));
  for (const { severity, code, file, line, column, message } of findings)
    say(`${severity} ${code} ${file}:${line}:${column}: ${message}\n`);
  if (scenario === undefined) return;
  const applications = scenario.nodes.filter(({ kind }) => kind !== "broker").length;
  const counts = [
    [applications, "application"],
    [scenario.nodes.length - applications, "broker"],
    [scenario.channels.length, "channel"],
    [scenario.connections.length, "connection"],
    [scenario.contracts.length, "contract"],
  ] as const;
  const words = counts.map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`);
  say(`${words.join(", ")}.\n`);
  if (out === undefined) shell.out(text ?? "");
}
