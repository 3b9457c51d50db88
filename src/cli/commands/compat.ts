// `compat`: whether a new version of a schema may follow earlier ones, for files or for the contracts of a document.

import type { Problem } from "../../base/problem.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import { type Affected, affectedBy } from "../../contracts/affected.ts";
import { suggestion } from "../../model/near.ts";
import {
  compatibilityModes,
  type Contract,
  type Scenario,
  schemaFormats,
} from "../../model/scenario.ts";
import { allLanguages } from "../../schemas/allLanguages.ts";
import { formatTitles } from "../../schemas/change.ts";
import { checkCompatibility, type CompatibilityVerdict } from "../../schemas/compatibility.ts";
import { counterexampleOf } from "../../schemas/counterexample.ts";
import {
  checkContractVersions,
  type RegistryRules,
  type VersionVerdict,
} from "../../schemas/contractVersions.ts";
import type { Arguments, Command } from "../command.ts";
import { affectedLines, compatJson, compatLines } from "../compatText.ts";
import { readSchemaFile, type SchemaFile } from "../schemaFile.ts";
import { fine, found, type Outcome, type Shell, wrongUse } from "../shell.ts";
import { printProblems, readChecked } from "../source.ts";

/** Compares schemas; ends with 1 when the new version may not follow, or a document has such a version. */
export const compat: Command = {
  name: "compat",
  summary: "Say whether a new version of a schema may follow earlier ones.",
  operands: ["FILE…"],
  options: {
    mode: { value: "MODE", help: `${modeNames().join(", ")}; for files backward if absent.` },
    format: { value: "FORMAT", help: `${schemaFormats.join(", ")}; guessed if absent.` },
    policy: { value: "POLICY", help: "strict (if absent) or lenient, for JSON Schema." },
    json: { help: "Print one JSON object." },
  },
  notes: [
    "Type spillway compat OLD NEW, or several OLD, the oldest first, for the transitive modes.",
    "With one FILE|ID, a scenario, all contracts with earlier versions are looked at.",
    "Schemas may be .json, .avsc, .proto or .yaml files. Incompatible ends with 1.",
  ],
  run: (given, shell) => {
    const rules = rulesOf(given);
    if (!rules.ok) return wrongUse(rules.failure);
    const [only = "", ...others] = given.operands;
    return others.length === 0
      ? compareDocument(only, { given, shell, rules: rules.value })
      : compareFiles({ given, shell, rules: rules.value });
  },
};

interface Call {
  readonly given: Arguments;
  readonly shell: Shell;
  readonly rules: RegistryRules;
}

function modeNames(): readonly string[] {
  return compatibilityModes.map((mode) => mode.toLowerCase().replaceAll("_", "-"));
}

function rulesOf(given: Arguments): Result<RegistryRules, string> {
  const [typedMode, typedPolicy] = [given.value("mode"), given.value("policy")];
  const mode = compatibilityModes.find((one) => one === constantName(typedMode));
  if (typedMode !== undefined && mode === undefined)
    return fail(choiceMistake("mode", typedMode, modeNames()));
  const policy = (["STRICT", "LENIENT"] as const).find((one) => one === constantName(typedPolicy));
  if (typedPolicy !== undefined && policy === undefined)
    return fail(choiceMistake("policy", typedPolicy, ["strict", "lenient"]));
  const typedFormat = given.value("format");
  if (typedFormat !== undefined && !schemaFormats.some((one) => one === typedFormat))
    return fail(choiceMistake("format", typedFormat, schemaFormats));
  return succeed({ ...(mode && { mode }), ...(policy && { policy }) });
}

function constantName(typed: string | undefined): string | undefined {
  return typed?.toUpperCase().replaceAll("-", "_");
}

function choiceMistake(option: string, typed: string, choices: readonly string[]): string {
  return `There is no ${option} “${typed}”.${suggestion(typed, choices)} Choose from ${choices.join(", ")}.`;
}

function compareFiles({ given, shell, rules }: Call): Outcome {
  const { mode = "BACKWARD", policy = "STRICT" } = rules;
  const format = schemaFormats.find((one) => one === given.value("format"));
  const files: SchemaFile[] = [];
  for (const path of given.operands) {
    const file = readSchemaFile(path, format, shell);
    if (!file.ok) return wrongUse(file.failure);
    files.push(file.value);
  }
  const versions = files.map(({ path, ...file }) => ({ name: path, ...file }));
  const next = versions.at(-1);
  if (next === undefined) return wrongUse("NEW is missing. Type: spillway compat OLD NEW");
  const history = versions.slice(0, -1);
  const verdict = checkCompatibility({ format: next.format, mode, policy, history, next });
  if (!verdict.ok) return wrongUse(sentencesOf(verdict.failure));
  if (given.has("json")) {
    const head = { format: next.format, mode, policy };
    shell.out(`${JSON.stringify({ ...head, ...compatJson(verdict.value) }, null, 2)}\n`);
  } else {
    const policyName = next.format === "json-schema" ? `, ${policy.toLowerCase()} policy` : "";
    const setting = `${mode}, ${formatTitles[next.format]}${policyName}`;
    shell.out(`${verdictWord(verdict.value)} (${setting})\n`);
    for (const line of compatLines(verdict.value)) shell.out(`${line}\n`);
    for (const line of exampleLines(verdict.value, files)) shell.out(`${line}\n`);
  }
  return verdict.value.isCompatible ? fine : found;
}

/** A message that shows the first comparison that fails, if samples come upon one. */
function exampleLines(
  { checks }: CompatibilityVerdict,
  files: readonly SchemaFile[],
): readonly string[] {
  const check = checks.find(({ isCompatible }) => !isCompatible);
  const [earlier, next] = [files.find(({ path }) => path === check?.version), files.at(-1)];
  if (check === undefined || earlier === undefined || next?.format !== earlier.format) return [];
  const [writer, reader] = check.direction === "BACKWARD" ? [earlier, next] : [next, earlier];
  const example = counterexampleOf({
    language: allLanguages[next.format],
    writer: writer.schema,
    reader: reader.schema,
  });
  if (example === undefined) return [];
  const [misfit] = example.misfits;
  return [
    "",
    `For example, this message was written with ${writer.path} and cannot be read with ${reader.path}:`,
    `  ${JSON.stringify(example.payload)}`,
    ...(misfit === undefined ? [] : [`  ${misfit.path || "/"}: ${misfit.message}`]),
  ];
}

function sentencesOf(problems: readonly Problem[]): string {
  return problems.map(({ message }) => message).join("\n");
}

function verdictWord({ isCompatible, checks }: CompatibilityVerdict): string {
  if (!isCompatible) return "Not compatible";
  return checks.length === 0 ? "Compatible, nothing is asked" : "Compatible";
}

interface ContractVerdict extends VersionVerdict {
  readonly contract: string;
  /** Who does not get on with it; of the newest version only. */
  readonly affected: readonly Affected[];
}

async function compareDocument(operand: string, call: Call): Promise<Outcome> {
  const { given, shell, rules } = call;
  const checked = await readChecked(operand, shell);
  if (!checked.ok) return wrongUse(checked.failure);
  const { scenario, problems } = checked.value;
  if (scenario === undefined) {
    printProblems(problems, shell);
    return wrongUse("Type spillway compat OLD NEW for schemas, or give one scenario.");
  }
  const verdicts = verdictsOf(scenario, rules);
  if (given.has("json")) shell.out(`${JSON.stringify(documentJson(verdicts), null, 2)}\n`);
  else printDocument(verdicts, shell);
  return isAllFine(verdicts) ? fine : found;
}

function verdictsOf(scenario: Scenario, rules: RegistryRules): readonly ContractVerdict[] {
  return scenario.contracts.flatMap((contract) =>
    checkContractVersions(contract, rules).map((one) => ({
      ...one,
      contract: contract.name,
      affected:
        one.contractVersion === contract.contractVersion
          ? affectedByNewest(scenario, contract, rules)
          : [],
    })),
  );
}

function affectedByNewest(
  scenario: Scenario,
  { id, schema }: Contract,
  { policy = "STRICT" }: RegistryRules,
): readonly Affected[] {
  const affected = affectedBy(scenario, { contract: id, schema, policy });
  // A schema that cannot be read was reported with the verdict.
  return affected.ok ? affected.value : [];
}

function isAllFine(verdicts: readonly ContractVerdict[]): boolean {
  return verdicts.every(({ verdict }) => verdict.ok && verdict.value.isCompatible);
}

function documentJson(verdicts: readonly ContractVerdict[]) {
  return {
    compatible: isAllFine(verdicts),
    versions: verdicts.map(({ contract, contractVersion, mode, verdict, affected }) => ({
      contract,
      contractVersion,
      mode,
      affected: affected.map(({ changes, ...one }) => ({
        ...one,
        rules: changes.map(({ rule, path }) => ({ rule, path })),
      })),
      ...(verdict.ok
        ? compatJson(verdict.value)
        : { compatible: false, problems: verdict.failure }),
    })),
  };
}

function printDocument(verdicts: readonly ContractVerdict[], shell: Shell): void {
  if (verdicts.length === 0) shell.out("No contract has an earlier version.\n");
  for (const [index, one] of verdicts.entries()) {
    const { contract, contractVersion, mode, verdict, affected } = one;
    const gap = index === 0 ? "" : "\n";
    const word = verdict.ok ? verdictWord(verdict.value) : "Not comparable";
    shell.out(`${gap}${contract} ${contractVersion}: ${word} (${mode})\n`);
    const lines = verdict.ok
      ? compatLines(verdict.value)
      : verdict.failure.map(({ message }) => `  ${message}`);
    for (const line of [...lines, ...affectedLines(affected, contractVersion)])
      shell.out(`${line}\n`);
  }
}
