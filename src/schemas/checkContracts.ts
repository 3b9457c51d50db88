// What is wrong with the contracts of a scenario beyond their form: schemas and headers in their languages, examples
// that do not fit, keys that lead nowhere, versions of one name. Contracts that have not changed are not checked again.

import type { Problem } from "../base/problem.ts";
import { formatOf, versionsOf } from "../model/contracts.ts";
import type {
  Contract,
  ContractVersion,
  JsonSchema,
  Scenario,
  SchemaFormat,
} from "../model/scenario.ts";
import { checkJsonSchema } from "./json/checkJsonSchema.ts";
import { leadsNowhere } from "./json/payloadPath.ts";
import { fitOf } from "./json/validate.ts";
import { type Language, type Languages, languageFacts } from "./languages.ts";
import { error, warning } from "./schemaProblems.ts";

/** The problems of all contracts of a scenario; those in languages that are not given are left out. */
export function checkContracts(scenario: Scenario, languages: Languages): readonly Problem[] {
  const steps = stepsOfCheck(scenario, languages);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same check, with an end of a step after each contract: hundreds of them take longer than a page may be silent. */
export function* stepsOfCheck(
  scenario: Scenario,
  languages: Languages,
): Generator<undefined, readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [index, contract] of scenario.contracts.entries()) {
    const format = formatOf(contract);
    const language = languages[format];
    if (language === undefined) continue;
    for (const problem of checkContract(contract, { format, language }))
      problems.push({
        ...problem,
        element: contract.id,
        path: `/contracts/${index}${problem.path}`,
      });
    yield;
  }
  return problems;
}

interface Means {
  readonly format: SchemaFormat;
  readonly language: Language;
}

/** What was found before in contracts and versions; documents never change, they are replaced. */
const known = new WeakMap<
  ContractVersion,
  { readonly format: SchemaFormat; readonly found: readonly Problem[] }
>();

/** Paths are relative to the contract. */
function checkContract(contract: Contract, means: Means): readonly Problem[] {
  const before = known.get(contract);
  if (before?.format === means.format) return before.found;
  const found = findIn(contract, means);
  known.set(contract, { format: means.format, found });
  return found;
}

function findIn(contract: Contract, means: Means): readonly Problem[] {
  const versions = versionsOf(contract);
  const names = versions.map(({ contractVersion }) => contractVersion);
  return versions.flatMap((version, index) => {
    const isNewest = index === versions.length - 1;
    const place = isNewest ? "" : `/earlier/${index}`;
    const problems = [...(isNewest ? checkVersion : checkEarlier)(version, means)];
    if (names.indexOf(version.contractVersion) < index)
      problems.unshift(repeatedVersion(version.contractVersion));
    if (isNewest) problems.push(...checkKey(contract, means.language));
    return problems.map((problem) => ({ ...problem, path: place + problem.path }));
  });
}

function repeatedVersion(name: string): Problem {
  const message = `There is an earlier version “${name}”, too. Give each version a name of its own.`;
  return error("contract/versions", "/contractVersion", message);
}

/** Paths are relative to the version. */
function checkEarlier(version: ContractVersion, means: Means): readonly Problem[] {
  const before = known.get(version);
  if (before?.format === means.format) return before.found;
  const found = checkVersion(version, means);
  known.set(version, { format: means.format, found });
  return found;
}

function checkVersion(version: ContractVersion, means: Means): readonly Problem[] {
  return [...checkSchemas(version, means), ...checkExamples(version, means)];
}

function checkSchemas({ schema, headers }: ContractVersion, { format, language }: Means) {
  const isText = format === "protobuf";
  if (isText !== (typeof schema === "string") && format !== "avro") {
    const message = `This is not ${languageFacts[format].label}. Choose the language in which it is written, or write it anew.`;
    return [error("contract/schema", "/schema", message)];
  }
  const ofHeaders = headers === undefined ? [] : checkJsonSchema(headers);
  return [...below("/schema", language.check(schema)), ...below("/headers", ofHeaders)];
}

function below(place: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: place + problem.path }));
}

function checkExamples(version: ContractVersion, { language }: Means): readonly Problem[] {
  const { schema, headers, examples = [] } = version;
  if (examples.length === 0) return [];
  const payloads = language.toJsonSchema(schema, "author");
  const payloadFit = payloads === undefined ? undefined : fitOf(payloads);
  const headerFit = headers === undefined ? undefined : fitOf(headers);
  return examples.flatMap((example, index) => [
    ...misfits(example.payload, payloadFit, `/examples/${index}/payload`),
    ...misfits(example.headers, headerFit, `/examples/${index}/headers`),
  ]);
}

function misfits(
  value: unknown,
  fit: ReturnType<typeof fitOf> | undefined,
  place: string,
): readonly Problem[] {
  if (value === undefined || fit === undefined) return [];
  const [first] = fit(value).misfits;
  if (first === undefined) return [];
  const message = `This example does not fit the schema: ${first.message} Correct one of them.`;
  return [warning("contract/example", place + first.path, message)];
}

function checkKey({ key, schema }: Contract, language: Language): readonly Problem[] {
  if (key === undefined) return [];
  const payloads: JsonSchema | undefined = language.toJsonSchema(schema, "author");
  if (payloads === undefined || !leadsNowhere(payloads, key)) return [];
  const message = `The schema describes nothing at “${key}”. Name a part of the payload, such as "/id".`;
  return [warning("contract/key", "/key", message)];
}
