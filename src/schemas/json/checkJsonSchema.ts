// What is wrong with a JSON Schema: as text with line and column, and as a value.

import { pathTo, type Problem } from "../../base/problem.ts";
import type { JsonSchema, PayloadSchema } from "../../model/scenario.ts";
import { placed, type SchemaText } from "../placedProblem.ts";
import { error, warning } from "../schemaProblems.ts";
import { readStructuredText, spanOf } from "../structuredText.ts";
import { intendedKeyword, keywordMistake } from "./keywords.ts";
import { anchorsOf, isRecord, partsOf, resolveReference, schemaDepthMax } from "./schemaWalk.ts";
import { fitOf } from "./validate.ts";

/** Looks at the text of a schema, JSON or YAML. It can be used when it is an object, even with problems. */
export function checkSchemaText(text: string): SchemaText {
  const read = readStructuredText(text);
  if (!read.ok)
    return {
      problems: [placed(error("contract/json", "", read.failure.message), read.failure, text)],
    };
  const { value, spans, repeated } = read.value;
  const doubles = repeated.map((one) =>
    placed(warning("contract/repeated-name", "", one.message), one, text),
  );
  const schema = isRecord(value) ? value : undefined;
  const found = schema === undefined ? [noSchema()] : checkJsonSchema(schema);
  const problems = [...doubles, ...found.map((one) => placed(one, spanOf(spans, one.path), text))];
  return schema === undefined ? { problems } : { schema, problems };
}

/** Most problems that are reported for one schema. */
const problemsMax = 50;

/** What is wrong with a schema; paths are relative to it. */
export function checkJsonSchema(schema: PayloadSchema): readonly Problem[] {
  if (!isRecord(schema)) return [noSchema()];
  const problems: Problem[] = [];
  const anchors = anchorsOf(schema);
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: schema, path: "", depth: 0 },
  ];
  // The list grows while it is walked.
  for (const { value, path, depth } of open) {
    if (problems.length >= problemsMax) return problems.slice(0, problemsMax);
    if (depth > schemaDepthMax) {
      problems.push(error("contract/schema", path, tooDeep));
      continue;
    }
    if (typeof value === "boolean") continue;
    if (!isRecord(value)) {
      problems.push(
        error("contract/schema", path, "Write a schema here: an object, true or false."),
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

function noSchema(): Problem {
  const sentence = 'A schema is an object. Write for example { "type": "object" }.';
  return error("contract/json", "", sentence);
}

function checkKeywords(
  schema: Readonly<Record<string, unknown>>,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const place = pathTo(path, keyword);
    const mistake = keywordMistake(keyword, value);
    if (mistake !== undefined)
      problems.push(error("contract/schema", place, `“${keyword}” ${mistake}.`));
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
    return [error("contract/reference", place, "This reference leads to itself. Remove it.")];
  if (target !== undefined) return [];
  if (reference.startsWith("#"))
    return [
      error(
        "contract/reference",
        place,
        `Nothing stands at “${reference}”. Correct the path, or add the definition.`,
      ),
    ];
  const outside = `“${reference}” lies outside of this schema and is not followed. Copy it into “definitions”.`;
  return [warning("contract/reference", place, outside)];
}

// Examples that the schema itself refuses are a mistake in one of the two.
function checkExamples(schema: JsonSchema): readonly Problem[] {
  const { examples } = schema;
  if (!Array.isArray(examples) || examples.length === 0) return [];
  const fit = fitOf(schema);
  return examples.flatMap((example: unknown, index) => {
    const [misfit] = fit(example).misfits;
    if (misfit === undefined) return [];
    const message = `This example does not fit the schema: ${misfit.message} Correct one of them.`;
    return [warning("contract/example", `/examples/${index}`, message)];
  });
}

function doubt(path: string, message: string): Problem {
  return warning("contract/doubtful", path, message);
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
