// Numbers with a unit, as people type and read them, and as fields limit them.

import type { NumberField, OptionalNumberField, VariableField } from "./fields.ts";
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

/** What a number measures: whole and plain numbers, rates [1/s], durations [ms], sizes [bytes], ratios 0..1. */
export type QuantityKind = NumberField["kind"];

const parsers = {
  count: Number,
  number: Number,
  rate: parseRatePerS,
  duration: parseDurationMs,
  bytes: parseBytes,
  ratio: parseRatio,
};

/** A number with its unit as it is typed; undefined when it is none. */
export function quantityOf(kind: QuantityKind, typed: string): number | undefined {
  const value = typed === "" ? undefined : parsers[kind](typed);
  return Number.isNaN(value) ? undefined : value;
}

/** A number as a person reads it, with its unit. */
export function formatQuantity(kind: QuantityKind, value: number): string {
  switch (kind) {
    case "rate":
      return `${formatNumber(value)}/s`;
    case "duration":
      return formatDurationMs(value);
    case "bytes":
      return formatBytes(value);
    case "ratio":
      return `${formatNumber(value * 100)} %`;
    case "count":
    case "number":
      return formatNumber(value);
  }
}

/** Reads a number for a field; the failure is a sentence with the range. */
export function parseNumber(
  field: NumberField | OptionalNumberField | VariableField,
  value: unknown,
): Result<number | null, string> {
  const kind = field.kind === "variable" ? field.unit : field.kind;
  if (value === null && "none" in field) return succeed(null);
  const isWhole = field.kind !== "count" || (typeof value === "number" && value % 1 === 0);
  const fits = typeof value === "number" && isWhole && value >= field.min && value <= field.max;
  if (fits) return succeed(value);
  const noun = field.kind === "count" ? "a whole number" : "a number";
  const range = `from ${formatQuantity(kind, field.min)} to ${formatQuantity(kind, field.max)}`;
  const none = "none" in field ? ` or null (${field.none})` : "";
  return fail(`"${field.label}" must be ${noun} ${range}${none}.`);
}
