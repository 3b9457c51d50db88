// What a run has to know about versions before it begins: every two that meet are compared by the rules of a registry, and
// where a rule is broken, samples of the one are read with the other. A run and the check before it cannot disagree,
// because both look up what is found out here, and it follows from the document alone.

import { assert } from "../base/assert.ts";
import { compatibilityOf, formatOf, versionOf } from "../model/contracts.ts";
import {
  type BrokenRule,
  type Comparisons,
  type Readability,
  samplesPerVersion,
  type VersionConflict,
  type VersionPair,
} from "../model/readability.ts";
import type { Contract, PayloadSchema, SchemaFormat } from "../model/scenario.ts";
import type { Change } from "./change.ts";
import { checkCompatibility, compareSchemas } from "./compatibility.ts";
import { fitOf } from "./json/validate.ts";
import type { Language, Languages } from "./languages.ts";
import { samplesOf } from "./samples.ts";

/** Most broken rules that are kept of one comparison. */
const brokenMax = 20;

/** The seed of all samples: what can be read does not depend on the run. */
const seed = 1;

/** Compares what has to be compared, in the languages that are given. A schema with errors breaks no rule: its check
 *  complains about it. */
export function readabilityOf(
  comparisons: readonly Comparisons[],
  languages: Languages,
): Readability {
  const tables = comparisons.map(({ contract, pairs, registrations }) => {
    const format = formatOf(contract);
    const language = languages[format];
    assert(language !== undefined, `the language of ${contract.name} is loaded.`);
    const table = {
      pairs: pairs.map(([writer, reader]): VersionPair => {
        const schemas = { writer: schemaOf(contract, writer), reader: schemaOf(contract, reader) };
        return { writer, reader, ...compared({ format, language, ...schemas }) };
      }),
      conflicts: registrations.flatMap((pair) => conflictOf(contract, pair)),
    };
    return [contract.id, table] as const;
  });
  return Object.fromEntries(tables);
}

function schemaOf(contract: Contract, name: string): PayloadSchema {
  return (versionOf(contract, name) ?? contract).schema;
}

interface Question {
  readonly format: SchemaFormat;
  readonly language: Language;
  readonly writer: PayloadSchema;
  readonly reader: PayloadSchema;
}

type Answer = Pick<VersionPair, "broken" | "unreadable">;

/** Answers by question: pages load a scenario anew after every change, which seldom touches a schema. */
const known = new Map<string, Answer>();
const knownMax = 500;

function compared(question: Question): Answer {
  const { format, writer, reader } = question;
  const name = JSON.stringify([format, writer, reader]);
  const before = known.get(name);
  if (before !== undefined) return before;
  const answer = compare(question);
  if (known.size >= knownMax) known.clear();
  known.set(name, answer);
  return answer;
}

function compare({ format, language, writer, reader }: Question): Answer {
  const comparison = compareSchemas(format, { writer, reader });
  if (!comparison.ok || comparison.value.isCompatible) return { broken: [], unreadable: [] };
  const described = language.toJsonSchema(reader, "reader");
  const samples = samplesOf({ language, schema: writer, seed, count: samplesPerVersion });
  // A sample that does not fit its own schema says nothing about another.
  const messages = samples.ok ? samples.value.filter(({ fit }) => fit.verdict === "fits") : [];
  const fits = fitOf(described ?? {});
  const isUnreadable = messages.map(({ value }) => fits(value).verdict === "misfit");
  const numbers = Array.from({ length: samplesPerVersion }, (_, number) => number);
  return {
    broken: brokenOf(comparison.value.changes),
    unreadable: numbers.filter((number) => isUnreadable[number % Math.max(1, messages.length)]),
  };
}

function conflictOf(
  contract: Contract,
  [version, registered]: readonly [string, string],
): readonly VersionConflict[] {
  const verdict = checkCompatibility({
    format: formatOf(contract),
    mode: compatibilityOf(contract),
    history: [{ name: registered, schema: schemaOf(contract, registered) }],
    next: { name: version, schema: schemaOf(contract, version) },
  });
  if (!verdict.ok || verdict.value.isCompatible) return [];
  const broken = brokenOf(verdict.value.checks.flatMap(({ changes }) => changes));
  return [{ version, registered, broken }];
}

function brokenOf(changes: readonly Change[]): readonly BrokenRule[] {
  return changes
    .filter(({ isBreaking }) => isBreaking)
    .slice(0, brokenMax)
    .map(({ rule, path }) => ({ rule, path }));
}
