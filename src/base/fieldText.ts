// Values of fields as people type and read them.

import { distributions, isDistributionName } from "./distribution.ts";
import { formatDistribution, formatRecording } from "./inWords.ts";
import { formatQuantity, quantityOf } from "./quantity.ts";
import { fail, type Result, succeed } from "./result.ts";
import { formatTable, typedTable, typedValues } from "./table.ts";
import {
  type DistributionUnit,
  type DistributionField,
  type VariableField,
  type Field,
  type FieldValue,
  isDistribution,
  parseValue,
} from "./fields.ts";

/** Reads a value as a person types it in a form or behind `--set`: "250ms", "20/s", "5%", "16 KiB", "none". */
export function parseTyped(field: Field, typed: string): Result<FieldValue, string> {
  const trimmed = typed.trim();
  switch (field.kind) {
    case "choice":
    case "text":
    case "recording":
      return parseValue(field, trimmed);
    case "flag":
      return parseValue(field, trimmed === "true" ? true : trimmed === "false" ? false : trimmed);
    case "distribution":
    case "variable":
      return parseTypedDistribution(field, trimmed);
    case "table":
      return trimmed.startsWith("[")
        ? parseJson(field, trimmed, "0s 10, 60s 50")
        : parseValue(field, typedTable(field, trimmed));
    default: {
      if ("none" in field && (trimmed === "" || trimmed === "none")) return succeed(null);
      return parseValue(field, quantityOf(field.kind, trimmed));
    }
  }
}

/** A distribution is typed as JSON, as "exponential 20ms", or as a bare quantity (constant). */
function parseTypedDistribution(
  field: DistributionField | VariableField,
  typed: string,
): Result<FieldValue, string> {
  if (typed.startsWith("{")) return parseJson(field, typed, "exponential 20ms");
  const [name, ...numbers] = typed.split(/\s+/);
  const constant = quantityOf(field.unit, typed);
  if (constant !== undefined)
    return parseValue(
      field,
      field.kind === "variable" ? constant : { distribution: "constant", value: constant },
    );
  if (name === undefined || !isDistributionName(name)) return parseValue(field, typed);
  if (name === "empirical") {
    const values = typedValues(field.unit, typed.slice(name.length));
    return parseValue(field, { distribution: name, values });
  }
  const keys = Object.keys(distributions[name]);
  if (numbers.length !== keys.length)
    return fail(`"${field.label}": write ${name} and ${keys.length} numbers (${keys.join(", ")}).`);
  const parameters = keys.map((key, i) => [key, quantityOf(field.unit, numbers[i] ?? "")] as const);
  return parseValue(field, { distribution: name, ...Object.fromEntries(parameters) });
}

function parseJson(field: Field, typed: string, example: string): Result<FieldValue, string> {
  try {
    return parseValue(field, JSON.parse(typed));
  } catch {
    return fail(`"${field.label}" is not valid JSON; write for example ${example}.`);
  }
}

/** A value as a person reads it, with its unit. */
export function formatValue(field: Field, value: FieldValue): string {
  if (value === null) return "none" in field ? field.none : "none";
  if (isDistribution(value)) return formatDistribution(value, unitOf(field));
  if (typeof value === "object") return field.kind === "table" ? formatTable(field, value) : "";
  switch (field.kind) {
    case "flag":
      return value === true ? "yes" : "no";
    case "recording":
      return formatRecording(String(value));
    case "variable":
      return formatQuantity(field.unit, Number(value));
    case "choice":
      return field.options.find((option) => option.value === value)?.label ?? String(value);
    case "rate":
    case "duration":
    case "bytes":
    case "ratio":
    case "count":
    case "number":
      return formatQuantity(field.kind, Number(value));
    default:
      return String(value);
  }
}

function unitOf(field: Field): DistributionUnit {
  return "unit" in field ? field.unit : "duration";
}
