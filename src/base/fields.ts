// The descriptor language: one list of fields gives type, parser, defaults, form, help and JSON Schema.
// A field of a node, channel or connection is described once, where its behaviour lives.

import { type Distribution, durationMsMax, parseDistribution } from "./distribution.ts";
import { parseNumber } from "./quantity.ts";
import { fail, type Result, succeed } from "./result.ts";
import { parseTable } from "./table.ts";

interface FieldBase {
  readonly label: string;
  /** One sentence: what it does in the run. */
  readonly help: string;
  /** Heading under which forms show it together with its like. */
  readonly group?: string;
  /** May be changed while a run is going on. */
  readonly live?: true;
  /** Shown, and of any effect, only while other fields of the same list (all of those named) have one of these values
   *  and are of effect themselves. */
  readonly onlyIf?: Condition | readonly Condition[];
}

/** That a field of the same list has one of some values, or none of some. */
export type Condition =
  | { readonly field: string; readonly is: readonly unknown[] }
  | { readonly field: string; readonly isNot: readonly unknown[] };

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

/** What the values of a distribution measure: durations [ms], numbers of something, sizes [bytes]. */
export type DistributionUnit = "duration" | "count" | "bytes";

/** A distribution, of durations [ms] where nothing else is said. */
export interface DistributionField extends FieldBase {
  readonly kind: "distribution";
  readonly unit: DistributionUnit;
  readonly default: Distribution;
}

/** A number that is always the same, or a distribution; a plain number in the document stands for the former. */
export interface VariableField extends FieldBase {
  readonly kind: "variable";
  readonly unit: DistributionUnit;
  /** Of the plain number; what is drawn is held within them too. */
  readonly min: number;
  readonly max: number;
  readonly default: number | Distribution;
}

/** Rows of numbers: the points of a schedule, the states of a process. */
export interface TableField<Column extends string = string> extends FieldBase {
  readonly kind: "table";
  readonly columns: Readonly<Record<Column, NumberField>>;
  readonly rowsMin: number;
  readonly rowsMax: number;
  /** The column in which numbers must rise from row to row. */
  readonly rising?: NoInfer<Column>;
  readonly default: Table<Column>;
}

/** The value of a table: a list of rows, each with a number for every column. */
export type Table<Column extends string = string> = readonly Readonly<Record<Column, number>>[];

/** Recorded arrivals as text (base/recording.ts); whether it is a recording is found by the check of the document. */
export interface RecordingField extends FieldBase {
  readonly kind: "recording";
  readonly maxLength: number;
  readonly default: string;
}

/** Any field. */
export type Field =
  | NumberField
  | OptionalNumberField
  | ChoiceField
  | FlagField
  | TextField
  | DistributionField
  | VariableField
  | TableField
  | RecordingField;

/** A list of fields by the name that stands in the document. */
export type Fields = Readonly<Record<string, Field>>;

/** What a field may hold in a document. */
export type FieldValue = number | string | boolean | null | Distribution | Table;

/** The values that a document states; what it leaves out has the default. */
export type Parameters = Readonly<Record<string, FieldValue>>;

/** Whether a value is a distribution: the only values that are objects without being lists. */
export function isDistribution(value: FieldValue): value is Distribution {
  return typeof value === "object" && value !== null && "distribution" in value;
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
          : F extends VariableField
            ? number | Distribution
            : F extends TableField<infer Column>
              ? Table<Column>
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
export function ratio(field: Numeric): NumberField;
export function ratio(field: OptionalNumeric): OptionalNumberField;
export function ratio(field: Numeric | OptionalNumeric): NumberField | OptionalNumberField {
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
export function durations(field: Omit<DistributionField, "kind" | "unit">): DistributionField {
  return { kind: "distribution", unit: "duration", ...field };
}

/** A distribution of numbers of something; who draws from it rounds up. */
export function counts(field: Omit<DistributionField, "kind" | "unit">): DistributionField {
  return { kind: "distribution", unit: "count", ...field };
}

/** A size [bytes] that is always the same, or a distribution of sizes. */
export function sizes(field: Omit<VariableField, "kind" | "unit">): VariableField {
  return { kind: "variable", unit: "bytes", ...field };
}

/** Rows of numbers. */
export function table<const Column extends string>(
  field: Omit<TableField<Column>, "kind">,
): TableField<Column> {
  return { kind: "table", ...field };
}

/** Fields that forms show together under one heading. */
export function grouped<const List extends Fields>(group: string, fields: List): List {
  // The same fields with one thing more.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { group, ...field }]),
  ) as unknown as List;
}

// Documents never change in place, so what was completed once stays right: a check completes the same parameters for many
// rules, and most elements outlive a change of their document.
const completed = new WeakMap<Parameters, WeakMap<Fields, unknown>>();

/** The complete values: what the document states, and the defaults for the rest. Neither may change afterwards. */
export function valuesOf<List extends Fields>(fields: List, stated: Parameters): ValuesOf<List> {
  let byFields = completed.get(stated);
  if (byFields === undefined) completed.set(stated, (byFields = new WeakMap()));
  // What was kept for these fields was made below.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  let values = byFields.get(fields) as ValuesOf<List> | undefined;
  if (values === undefined) byFields.set(fields, (values = complete(fields, stated)));
  return values;
}

function complete<List extends Fields>(fields: List, stated: Parameters): ValuesOf<List> {
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
    case "recording":
      return typeof value === "string" && value.length <= field.maxLength
        ? succeed(value)
        : fail(`"${field.label}" must be a text of at most ${field.maxLength} characters.`);
    case "table":
      return parseTable(field, value);
    case "variable":
      return typeof value === "number" ? parseNumber(field, value) : parseSpread(field, value);
    case "distribution":
      return parseSpread(field, value);
    default:
      return parseNumber(field, value);
  }
}

function parseSpread(
  field: DistributionField | VariableField,
  value: unknown,
): Result<FieldValue, string> {
  const distribution = parseDistribution(value);
  return typeof distribution === "string"
    ? fail(`"${field.label}": ${distribution}`)
    : succeed(distribution);
}
