// Sample payloads of a schema: the same for the same seed on every machine, and each one checked against the schema.

import { generateSync } from "json-schema-faker";
import { fail, type Result, succeed } from "../base/result.ts";
import type { JsonSchema, PayloadSchema } from "../model/scenario.ts";
import { fakeable } from "./json/fakeable.ts";
import { isRecord } from "./json/schemaWalk.ts";
import { type Fit, fitOf } from "./json/validate.ts";
import type { Language } from "./languages.ts";

/** A sample, and whether it fits the schema: very tangled schemas defeat the generator. */
export interface Sample {
  readonly value: unknown;
  readonly fit: Fit;
}

/** What samples are asked for. */
export interface SampleRequest {
  readonly language: Language;
  readonly schema: PayloadSchema;
  /** Any whole number; equal seeds give equal samples. */
  readonly seed: number;
  /** How many, up to 1000. */
  readonly count: number;
}

/** Most samples at once. */
const countMax = 1_000;

/** How often the generator may give up on one sample. */
const failuresMax = 2;

/** Most values that are made, and references that are followed, for one sample. */
const stepsMax = 5_000;

/** How often a sample is made anew that does not fit. */
const attemptsMax = 8;

/** Samples of the payloads that are written with a schema. The first one has all optional members, the others some.
 *  The failure is a sentence: the schema has errors, allows nothing, or asks for more than anybody wants to see. */
export function samplesOf(request: SampleRequest): Result<readonly Sample[], string> {
  const { language, schema, seed, count } = request;
  const described = language.toJsonSchema(schema, "writer");
  if (described === undefined) return fail("The schema has errors. Correct them first.");
  return jsonSamplesOf(described, seed, count);
}

/** Samples of what a JSON Schema describes, such as headers; see `samplesOf`. */
export function jsonSamplesOf(
  schema: JsonSchema,
  seed: number,
  count: number,
): Result<readonly Sample[], string> {
  const fit = fitOf(schema);
  const budget = { left: 0 };
  const spend = (): void => {
    if (--budget.left < 0) throw new RangeError("too much for one sample");
  };
  const prepared = { schema: fakeable({ ...schema }, spend), budget, spend };
  const samples: Sample[] = [];
  for (let index = 0; index < Math.min(count, countMax); index++) {
    const sample = sampleOf(prepared, fit, { seed, index });
    if (sample === undefined)
      return fail("No sample could be made: the schema allows nothing, or asks for too much.");
    samples.push(sample);
  }
  return succeed(samples);
}

interface Prepared {
  readonly schema: Record<string, unknown>;
  readonly budget: { left: number };
  /** Throws when the budget is used up. */
  readonly spend: () => void;
}

function sampleOf(
  schema: Prepared,
  fit: (value: unknown) => Fit,
  at: { readonly seed: number; readonly index: number },
): Sample | undefined {
  let last: Sample | undefined;
  let failures = 0;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const isFull = at.index === 0 && attempt < attemptsMax / 2;
    const value = generate(schema, mixed(at.seed, at.index * attemptsMax + attempt), isFull);
    if (value === undefined && ++failures >= failuresMax) break;
    if (value === undefined) continue;
    last = pruned({ value, fit: fit(value) }, fit);
    if (last.fit.verdict === "fits") return last;
  }
  return last;
}

function generate({ schema, budget, spend }: Prepared, seed: number, isFull: boolean): unknown {
  budget.left = stepsMax;
  try {
    return generateSync(schema, {
      seed,
      alwaysFakeOptionals: isFull,
      outputTransform: (value, part) => {
        spend();
        return settled(shortened(value, part), part, seed);
      },
    });
  } catch {
    return undefined;
  }
}

// Fractions are drawn with all their digits; two of them are enough to look at.
function shortened(value: unknown, schema: unknown): unknown {
  if (typeof value !== "number" || !isRecord(schema)) return value;
  const { type, multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (type !== "number" || multipleOf !== undefined) return value;
  const short = Math.round(value * 100) / 100;
  const isAbove = (bound: unknown): boolean => typeof bound !== "number" || short > bound;
  const isBelow = (bound: unknown): boolean => typeof bound !== "number" || short < bound;
  const isInside =
    [minimum, exclusiveMinimum].every(isAbove) && [maximum, exclusiveMaximum].every(isBelow);
  return isInside ? short : value;
}

/** How often members are taken out of a sample. */
const pruningsMax = 6;

/** The sample without what does not fit in it, where that helps: at the end of a recursion the generator writes null. */
function pruned(sample: Sample, fit: (value: unknown) => Fit): Sample {
  let now = sample;
  for (let i = 0; i < pruningsMax && now.fit.verdict === "misfit"; i++) {
    let { value } = now;
    for (const { path } of now.fit.misfits) value = without(value, path.split("/").slice(1));
    now = { value, fit: fit(value) };
  }
  return now.fit.verdict === "fits" ? now : sample;
}

function without(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => {
      if (String(index) !== name) return [item];
      return rest.length === 0 ? [] : [without(item, rest)];
    });
  if (!isRecord(value)) return value;
  const members = Object.entries(value).flatMap(([key, part]) => {
    if (key !== name) return [[key, part] as const];
    return rest.length === 0 ? [] : [[key, without(part, rest)] as const];
  });
  return Object.fromEntries(members);
}

// Of the members of a choice of Protobuf one is kept.
function settled(value: unknown, schema: unknown, seed: number): unknown {
  if (!isRecord(value) || !isRecord(schema) || !Array.isArray(schema["x-oneof"])) return value;
  const rest = { ...value };
  const choices: readonly unknown[] = schema["x-oneof"];
  for (const choice of choices) {
    const names = Array.isArray(choice) ? choice.map(String) : [];
    const there = names.filter((name) => Object.hasOwn(rest, name));
    const kept = there[seed % Math.max(1, there.length)];
    for (const name of there) if (name !== kept) delete rest[name];
  }
  return rest;
}

function mixed(seed: number, index: number): number {
  return Math.imul(Math.imul(seed | 0, 0x9e3779b1) ^ (index + 1), 0x85ebca6b) >>> 0;
}
