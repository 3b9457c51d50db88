// What is wrong with the JSON Schema of an event: as text with line and column, and as a value inside a scenario.

import { Validator } from "@cfworker/json-schema";
import { pathTo, type Problem } from "../../base/problem.ts";
import { jsonSchemaOf } from "../../model/contracts.ts";
import type { JsonSchema, Scenario } from "../../model/scenario.ts";
import { lineAndColumn, parseJsonText, type Span } from "./jsonText.ts";
import { intendedKeyword, keywordMistake } from "./schemaRules.ts";
import { anchorsOf, isRecord, partsOf, resolveReference, schemaDepthMax } from "./schemaWalk.ts";

/** A problem with its place in the text; the path is relative to the schema. */
export interface PlacedProblem extends Problem {
  readonly span: Span;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** A schema text that was looked at; `schema` is absent while the text cannot be used. */
export interface SchemaText {
  readonly schema?: JsonSchema;
  readonly problems: readonly PlacedProblem[];
}

/** Looks at the text of a schema. It can be used when it is JSON and an object, even with problems. */
export function checkSchemaText(text: string): SchemaText {
  const place = (problem: Problem, span: Span): PlacedProblem => ({
    ...problem,
    span,
    ...lineAndColumn(text, span.start),
  });
  const json = parseJsonText(text);
  if (!json.ok)
    return { problems: [place(about("contract/json", "", json.failure.message), json.failure)] };
  const { value, spans, repeated } = json.value;
  const whole = { start: 0, end: text.length };
  if (!isRecord(value)) {
    const sentence = 'A schema is an object. Write for example { "type": "object" }.';
    return { problems: [place(about("contract/json", "", sentence), whole)] };
  }
  const doubles = repeated.map((one) =>
    place({ ...about("contract/repeated-name", "", one.message), severity: "warning" }, one),
  );
  const found = checkSchema(value).map((one) => place(one, spans.get(one.path) ?? whole));
  return { schema: value, problems: [...doubles, ...found] };
}

/** The problems of the schemas of all contracts of a scenario. */
export function checkContractSchemas(scenario: Scenario): readonly Problem[] {
  return scenario.contracts.flatMap((contract, index) =>
    checkSchema(jsonSchemaOf(contract) ?? {}).map((one) => ({
      ...one,
      element: contract.id,
      path: `/contracts/${index}/schema${one.path}`,
    })),
  );
}

/** Most problems that are reported for one schema. */
const problemsMax = 50;

/** What is wrong with a schema; paths are relative to it. */
function checkSchema(schema: JsonSchema): readonly Problem[] {
  const problems: Problem[] = [];
  const anchors = anchorsOf(schema);
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: schema, path: "", depth: 0 },
  ];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (problems.length >= problemsMax) return problems.slice(0, problemsMax);
    const { value, path, depth } = next;
    if (depth > schemaDepthMax) {
      problems.push(about("contract/schema", path, tooDeep));
      continue;
    }
    if (typeof value === "boolean") continue;
    if (!isRecord(value)) {
      problems.push(
        about("contract/schema", path, "Write a schema here: an object, true or false."),
      );
      continue;
    }
    problems.push(...checkKeywords(value, path));
    problems.push(...checkReference(schema, value, { path, anchors }));
    for (const [place, part] of partsOf(value, path))
      open.push({ value: part, path: place, depth: depth + 1 });
  }
  return problems.length > 0 ? problems : checkExamples(schema);
}

const tooDeep = `The schema is nested more than ${schemaDepthMax} deep. Move parts into definitions and point to them with $ref.`;

function checkKeywords(
  schema: Readonly<Record<string, unknown>>,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const place = pathTo(path, keyword);
    const mistake = keywordMistake(keyword, value);
    if (mistake !== undefined)
      problems.push(about("contract/schema", place, `“${keyword}” ${mistake}.`));
    const intended = intendedKeyword(keyword);
    if (intended !== undefined)
      problems.push(
        doubt(place, `“${keyword}” means nothing in a schema. Did you mean “${intended}”?`),
      );
  }
  const { properties, required } = schema;
  if (isRecord(properties) && Array.isArray(required))
    for (const [index, name] of required.entries())
      if (typeof name === "string" && !Object.hasOwn(properties, name))
        problems.push(
          doubt(
            pathTo(pathTo(path, "required"), index),
            `“${name}” is required but not described. Add it to “properties”, or remove it here.`,
          ),
        );
  return problems;
}

function checkReference(
  whole: JsonSchema,
  schema: Readonly<Record<string, unknown>>,
  at: { readonly path: string; readonly anchors: ReadonlyMap<string, string> },
): readonly Problem[] {
  const { $ref: reference } = schema;
  if (typeof reference !== "string") return [];
  const place = pathTo(at.path, "$ref");
  const target = resolveReference(whole, reference, at.anchors);
  if (target === at.path)
    return [about("contract/reference", place, "This reference leads to itself. Remove it.")];
  if (target !== undefined) return [];
  const message = reference.startsWith("#")
    ? `Nothing stands at “${reference}”. Correct the path, or add the definition.`
    : `“${reference}” lies outside of this schema and is not followed. Copy it into “definitions”.`;
  const severity = reference.startsWith("#") ? "error" : "warning";
  return [{ ...about("contract/reference", place, message), severity }];
}

// Examples that the schema itself refuses are a mistake in one of the two.
function checkExamples(schema: JsonSchema): readonly Problem[] {
  const { examples } = schema;
  if (!Array.isArray(examples) || examples.length === 0) return [];
  try {
    const validator = new Validator(schema, draftOf(schema), true);
    return examples.flatMap((example: unknown, index) =>
      validator.validate(example).valid
        ? []
        : [
            doubt(
              `/examples/${index}`,
              "This example does not fit the schema. Correct one of them.",
            ),
          ],
    );
  } catch {
    // The validator cannot follow references to other files; those have a problem of their own.
    return [];
  }
}

function draftOf(schema: JsonSchema): "2020-12" | "7" {
  return String(schema["$schema"]).includes("2020-12") ? "2020-12" : "7";
}

function about(code: string, path: string, message: string): Problem {
  return { code, severity: "error", path, message };
}

function doubt(path: string, message: string): Problem {
  return { code: "contract/doubtful", severity: "warning", path, message };
}

/** The schema with which a new event begins. */
export function skeletonSchema(): JsonSchema {
  return {
    type: "object",
    properties: {
      id: { type: "string", description: "Identifies what the event is about." },
      occurredAt: { type: "string", format: "date-time" },
    },
    required: ["id", "occurredAt"],
  };
}
