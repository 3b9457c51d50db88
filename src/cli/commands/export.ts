// `export KIND`: everything that other tools read, made of a scenario, to files or to standard output.

import { waysOut } from "../../exports/index.ts";
import { choosing, type WayOut } from "../../exports/wayOut.ts";
import { suggestion } from "../../model/near.ts";
import type { Report } from "../../model/report.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Arguments, Command, Option } from "../command.ts";
import { fine, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { simulate } from "../simulate.ts";
import { readRunnable } from "../source.ts";

// AsyncAPI has a command of its own, which is found first.
const kinds = waysOut.filter(({ id }) => id !== "asyncapi");

/** Exports a scenario in one of many forms. */
export const exportKind: Command = {
  name: "export",
  summary: "Write a scenario for other tools: pictures, broker set-ups, catalogues, code.",
  operands: ["KIND", "FILE|ID"],
  options: {
    out: { value: "DIR", help: "Write files into this folder; without it: to standard output." },
    ...choiceOptions(),
    run: { help: "Simulate first, and tell of the results. (record)" },
  },
  notes: ["KIND is one of:", ...kindLines(), "  asyncapi  See: spillway export asyncapi --help"],
  run: async (given, shell) => {
    const [kind = "", operand = ""] = given.operands;
    const way = kinds.find(({ id }) => id === kind);
    if (way === undefined) return wrongUse(unknownKind(kind));
    const mistake = choiceMistake(way, given);
    if (mistake !== undefined) return wrongUse(mistake);
    const scenario = await readRunnable(operand, shell);
    if (!scenario.ok) return scenario.failure;
    const values = way.choices.map(({ id }) => [id, given.value(id)] as const);
    const chosen = choosing(Object.fromEntries(values));
    const report = given.has("run") ? reportOf(scenario.value) : undefined;
    const { files, remarks } = await way.make(scenario.value, { chosen, report });
    for (const remark of remarks) shell.err(`${remark}\n`);
    if (files.length === 0) return wrongUse(`Nothing was written as ${kind}.`);
    return put(files, given.value("out"), shell);
  },
};

function put(
  files: readonly { readonly name: string; readonly text: string }[],
  folder: string | undefined,
  shell: Shell,
): Outcome {
  if (folder === undefined) {
    if (files.length > 1)
      return wrongUse(`These are ${files.length} files. Type where to write them: --out DIR`);
    shell.out(files[0]?.text ?? "");
    return fine;
  }
  for (const { name, text } of files) {
    const path = `${folder.replace(/\/+$/u, "")}/${name}`;
    const written = shell.writeFile(path, text);
    if (!written.ok) return wrongUse(written.failure);
    shell.out(`${path}\n`);
  }
  return fine;
}

function reportOf(scenario: Scenario): Report | undefined {
  const ran = simulate(scenario);
  return ran.ok ? ran.value.report(0) : undefined;
}

/** One option for each choice that any kind offers. */
function choiceOptions(): Readonly<Record<string, Option>> {
  const options: Record<string, Option> = {};
  for (const { id: kind, choices } of kinds)
    for (const { id, help, options: offered } of choices)
      options[id] = {
        value: offered.map(({ value }) => value).join("|"),
        help: `${help} (${kind})`,
      };
  return options;
}

function kindLines(): readonly string[] {
  const width = Math.max(...kinds.map(({ id }) => id.length), "asyncapi".length);
  return kinds.map(({ id, description }) => `  ${id.padEnd(width)}  ${description}`);
}

function unknownKind(kind: string): string {
  const ids = [...kinds.map(({ id }) => id), "asyncapi"];
  return `There is no kind “${kind}”.${suggestion(kind, ids)} Kinds: ${ids.join(", ")}.`;
}

function choiceMistake(way: WayOut, given: Arguments): string | undefined {
  if (given.has("run") && way.tellsOfRun !== true)
    return `“export ${way.id}” does not tell of a run. Leave out --run.`;
  for (const { choices } of kinds)
    for (const { id } of choices) {
      const value = given.value(id);
      if (value === undefined) continue;
      const own = way.choices.find((choice) => choice.id === id);
      if (own === undefined) return `“export ${way.id}” has no option --${id}. Leave it out.`;
      if (!own.options.some((option) => option.value === value))
        return `There is no ${id} “${value}”. Type one of: ${own.options.map((option) => option.value).join(", ")}`;
    }
  return undefined;
}
