// The descriptor language: one list of fields gives type, parser, defaults, form, help and JSON Schema.
// A field of a node, channel or connection is described once, where its behaviour lives.

import {
  type Distribution,
  type DistributionParameter,
  distributions,
  durationMsMax,
  isDistributionName,
  parseDistribution,
} from "./distribution.ts";
import { fail, type Result, succeed } from "./result.ts";
import {
  formatBytes,
  formatDurationMs,
  formatNumber,
  parseBytes,
  parseDurationMs,
  parseRatePerS,
  parseRatio,
} from "./units.ts";

interface FieldBase {
  readonly label: string;
  /** One sentence: what it does in the run. */
  readonly help: string;
  /** May be changed while a run is going on. */
  readonly live?: true;
  /** Shown only while another field of the same list has one of these values. */
  readonly onlyIf?: { readonly field: string; readonly is: readonly unknown[] };
}

/** Fields that hold a number: counts (whole), plain numbers, rates [1/s], durations [ms], sizes [bytes], ratios 0..1. */
export interface NumberField extends FieldBase {
  readonly kind: "count" | "number" | "rate" | "duration" | "bytes" | "ratio";
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A number that may also be absent (null in the document); `none` says what that means. */
export interface OptionalNumberField extends FieldBase {
  readonly kind: "count" | "rate" | "duration" | "bytes" | "ratio";
  readonly min: number;
  readonly max: number;
  readonly none: string;
  readonly default: number | null;
}

/** One of several named values. */
export interface ChoiceField<Value extends string = string> extends FieldBase {
  readonly kind: "choice";
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly default: Value;
}

/** Yes or no. */
export interface FlagField extends FieldBase {
  readonly kind: "flag";
  readonly default: boolean;
}

/** A line of text. */
export interface TextField extends FieldBase {
  readonly kind: "text";
  readonly maxLength: number;
  readonly default: string;
}

/** A distribution of durations [ms]. */
export interface DistributionField extends FieldBase {
  readonly kind: "distribution";
  readonly default: Distribution;
}

/** Any field. */
export type Field =
  | NumberField
  | OptionalNumberField
  | ChoiceField
  | FlagField
  | TextField
  | DistributionField;

/** A list of fields by the name that stands in the document. */
export type Fields = Readonly<Record<string, Field>>;

/** What a field may hold in a document. */
export type FieldValue = number | string | boolean | null | Distribution;

/** The values that a document states; what it leaves out has the default. */
export type Parameters = Readonly<Record<string, FieldValue>>;

/** Whether a value is a distribution: the only values that are objects. */
export function isDistribution(value: FieldValue): value is Distribution {
  return typeof value === "object" && value !== null;
}

type ValueOf<F extends Field> = F extends OptionalNumberField
  ? number | null
  : F extends NumberField
    ? number
    : F extends ChoiceField<infer Value>
      ? Value
      : F extends FlagField
        ? boolean
        : F extends DistributionField
          ? Distribution
          : string;

/** The type of the complete values of a list of fields. */
export type ValuesOf<List extends Fields> = { readonly [Name in keyof List]: ValueOf<List[Name]> };

type Numeric = Omit<NumberField, "kind" | "min" | "max"> & {
  readonly min?: number;
  readonly max?: number;
};
type OptionalNumeric = Omit<OptionalNumberField, "kind" | "min" | "max"> & {
  readonly min?: number;
  readonly max?: number;
};

/** A whole number. */
export function count(field: Numeric): NumberField;
export function count(field: OptionalNumeric): OptionalNumberField;
export function count(field: Numeric | OptionalNumeric): NumberField | OptionalNumberField {
  return { kind: "count", min: 0, max: 1e9, ...field };
}

/** A number without a unit that need not be whole: an exponent, a shape. */
export function number(field: Numeric): NumberField {
  return { kind: "number", min: 0, max: 1e9, ...field };
}

/** Something per second. */
export function rate(field: Numeric): NumberField {
  return { kind: "rate", min: 0, max: 1e7, ...field };
}

/** A length of simulated time [ms]. */
export function duration(field: Numeric): NumberField;
export function duration(field: OptionalNumeric): OptionalNumberField;
export function duration(field: Numeric | OptionalNumeric): NumberField | OptionalNumberField {
  return { kind: "duration", min: 0, max: durationMsMax, ...field };
}

/** A size [bytes]. */
export function bytes(field: Numeric): NumberField;
export function bytes(field: OptionalNumeric): OptionalNumberField;
export function bytes(field: Numeric | OptionalNumeric): NumberField | OptionalNumberField {
  return { kind: "bytes", min: 0, max: 2 ** 50, ...field };
}

/** A share between 0 and 1. */
export function ratio(field: Numeric): NumberField {
  return { kind: "ratio", min: 0, max: 1, ...field };
}

/** One of several named values. */
export function choice<const Value extends string>(
  field: Omit<ChoiceField<Value>, "kind">,
): ChoiceField<Value> {
  return { kind: "choice", ...field };
}

/** Yes or no. */
export function flag(field: Omit<FlagField, "kind">): FlagField {
  return { kind: "flag", ...field };
}

/** A line of text. */
export function text(
  field: Omit<TextField, "kind" | "maxLength"> & { maxLength?: number },
): TextField {
  return { kind: "text", maxLength: 250, ...field };
}

/** A distribution of durations [ms]. */
export function durations(field: Omit<DistributionField, "kind">): DistributionField {
  return { kind: "distribution", ...field };
}

/** The complete values: what the document states, and the defaults for the rest. */
export function valuesOf<List extends Fields>(fields: List, stated: Parameters): ValuesOf<List> {
  const values: Record<string, FieldValue> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(stated, name) ? stated[name] : undefined;
    values[name] = value === undefined ? field.default : value;
  }
  // Each name has a value of its own field.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return values as ValuesOf<List>;
}

/** Reads a value for a field from untrusted JSON; the failure is a sentence with the remedy. */
export function parseValue(field: Field, value: unknown): Result<FieldValue, string> {
  switch (field.kind) {
    case "choice":
      return typeof value === "string" && field.options.some((option) => option.value === value)
        ? succeed(value)
        : fail(`"${field.label}" must be one of ${field.options.map((o) => o.value).join(", ")}.`);
    case "flag":
      return typeof value === "boolean"
        ? succeed(value)
        : fail(`"${field.label}" must be true or false.`);
    case "text":
      return typeof value === "string" && value.length <= field.maxLength
        ? succeed(value)
        : fail(`"${field.label}" must be a text of at most ${field.maxLength} characters.`);
    case "distribution": {
      const distribution = parseDistribution(value);
      return typeof distribution === "string"
        ? fail(`"${field.label}": ${distribution}`)
        : succeed(distribution);
    }
    default:
      return parseNumber(field, value);
  }
}

function parseNumber(
  field: NumberField | OptionalNumberField,
  value: unknown,
): Result<FieldValue, string> {
  if (value === null && "none" in field) return succeed(null);
  const isWhole = field.kind !== "count" || (typeof value === "number" && value % 1 === 0);
  const fits = typeof value === "number" && isWhole && value >= field.min && value <= field.max;
  if (fits) return succeed(value);
  const noun = field.kind === "count" ? "a whole number" : "a number";
  const range = `from ${formatValue(field, field.min)} to ${formatValue(field, field.max)}`;
  const none = "none" in field ? ` or null (${field.none})` : "";
  return fail(`"${field.label}" must be ${noun} ${range}${none}.`);
}

/** Reads a value as a person types it in a form or behind `--set`: "250ms", "20/s", "5%", "16 KiB", "none". */
export function parseTyped(field: Field, typed: string): Result<FieldValue, string> {
  const trimmed = typed.trim();
  switch (field.kind) {
    case "choice":
    case "text":
      return parseValue(field, trimmed);
    case "flag":
      return parseValue(field, trimmed === "true" ? true : trimmed === "false" ? false : trimmed);
    case "distribution":
      return parseTypedDistribution(field, trimmed);
    default: {
      if ("none" in field && (trimmed === "" || trimmed === "none")) return succeed(null);
      const parsers = {
        count: Number,
        number: Number,
        rate: parseRatePerS,
        duration: parseDurationMs,
        bytes: parseBytes,
        ratio: parseRatio,
      };
      const value = trimmed === "" ? undefined : parsers[field.kind](trimmed);
      return parseValue(field, value);
    }
  }
}

/** A distribution is typed as JSON, as "exponential 20ms", or as a bare duration (constant). */
function parseTypedDistribution(
  field: DistributionField,
  typed: string,
): Result<FieldValue, string> {
  if (typed.startsWith("{")) {
    try {
      return parseValue(field, JSON.parse(typed));
    } catch {
      return fail(`"${field.label}" is not valid JSON; write for example exponential 20ms.`);
    }
  }
  const [name, ...numbers] = typed.split(/\s+/);
  const constant = parseDurationMs(typed);
  if (constant !== undefined)
    return parseValue(field, { distribution: "constant", value: constant });
  if (name === undefined || !isDistributionName(name)) return parseValue(field, typed);
  const keys = Object.keys(distributions[name]);
  if (numbers.length !== keys.length)
    return fail(`"${field.label}": write ${name} and ${keys.length} numbers (${keys.join(", ")}).`);
  const parameters = keys.map((key, i) => [key, parseDurationMs(numbers[i] ?? "")] as const);
  return parseValue(field, { distribution: name, ...Object.fromEntries(parameters) });
}

/** A value as a person reads it, with its unit. */
export function formatValue(field: Field, value: FieldValue): string {
  if (value === null) return "none" in field ? field.none : "none";
  if (typeof value === "object") return formatDistribution(value);
  switch (field.kind) {
    case "rate":
      return `${formatNumber(Number(value))}/s`;
    case "duration":
      return formatDurationMs(Number(value));
    case "bytes":
      return formatBytes(Number(value));
    case "ratio":
      return `${formatNumber(Number(value) * 100)} %`;
    case "count":
    case "number":
      return formatNumber(Number(value));
    case "flag":
      return value === true ? "yes" : "no";
    case "choice":
      return field.options.find((option) => option.value === value)?.label ?? String(value);
    default:
      return String(value);
  }
}

function formatDistribution(value: Distribution): string {
  switch (value.distribution) {
    case "constant":
      return formatDurationMs(value.value);
    case "uniform":
      return `${formatDurationMs(value.min)} to ${formatDurationMs(value.max)}`;
    default:
      return `${value.distribution}, mean ${formatDurationMs(value.mean)}`;
  }
}

/** JSON Schema (2020-12) of a field's value. */
export function schemaOf(field: Field): Readonly<Record<string, unknown>> {
  const about = { title: field.label, description: field.help, default: field.default };
  switch (field.kind) {
    case "choice":
      return { ...about, enum: field.options.map((option) => option.value) };
    case "flag":
      return { ...about, type: "boolean" };
    case "text":
      return { ...about, type: "string", maxLength: field.maxLength };
    case "distribution":
      return { ...about, oneOf: distributionSchemas() };
    default: {
      const type = field.kind === "count" ? "integer" : "number";
      return {
        ...about,
        type: "none" in field ? [type, "null"] : type,
        minimum: field.min,
        maximum: field.max,
      };
    }
  }
}

/** JSON Schemas of the distributions, of which a value must fit one. */
export function distributionSchemas(): readonly unknown[] {
  return Object.entries(distributions).map(([name, parameters]) => ({
    type: "object",
    properties: {
      distribution: { const: name },
      ...Object.fromEntries(
        Object.entries<DistributionParameter>(parameters).map(([key, rule]) => [
          key,
          {
            type: rule.integer ? "integer" : "number",
            minimum: rule.min,
            maximum: rule.max,
          },
        ]),
      ),
    },
    required: ["distribution", ...Object.keys(parameters)],
    additionalProperties: false,
  }));
}
