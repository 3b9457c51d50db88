// Values that are lists of rows of numbers: read strictly, typed as "0s 10/s, 60s 50/s".

import type { DistributionUnit, NumberField, Table, TableField } from "./fields.ts";
import { formatQuantity, parseNumber, quantityOf } from "./quantity.ts";
import { fail, type Result, succeed } from "./result.ts";

/** Reads a table from untrusted JSON; the failure is a sentence that names row and column. */
export function parseTable(field: TableField, value: unknown): Result<Table, string> {
  if (!Array.isArray(value)) return fail(`"${field.label}" must be a list of rows.`);
  if (value.length < field.rowsMin || value.length > field.rowsMax)
    return fail(
      `"${field.label}" must have ${field.rowsMin} to ${field.rowsMax} rows, not ${value.length}.`,
    );
  const rows: Record<string, number>[] = [];
  for (const [i, row] of value.entries()) {
    const read = parseRow(field, row);
    const place = `"${field.label}", row ${i + 1}`;
    if (!read.ok) return fail(`${place}: ${read.failure}`);
    const rising = field.rising ?? "";
    const before = rows.at(-1)?.[rising] ?? -1;
    if (rising !== "" && (read.value[rising] ?? 0) < before)
      return fail(`${place} lies before the row above; sort the rows by "${rising}".`);
    rows.push(read.value);
  }
  return succeed(rows);
}

function parseRow(field: TableField, value: unknown): Result<Record<string, number>, string> {
  const names = Object.keys(field.columns);
  const listed = names.map((name) => `"${name}"`).join(" and ");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail(`A row must be an object with ${listed}.`);
  const given = new Map<string, unknown>(Object.entries(value));
  const foreign = [...given.keys()].find((name) => !names.includes(name));
  if (foreign !== undefined)
    return fail(`There is no column "${foreign.slice(0, 40)}"; a row has ${listed}.`);
  const row: Record<string, number> = {};
  for (const [name, column] of Object.entries<NumberField>(field.columns)) {
    const read = parseNumber(column, given.get(name));
    if (!read.ok) return read;
    row[name] = Number(read.value) + 0;
  }
  return succeed(row);
}

/** The rows that a person has typed: columns apart by blanks, rows by commas. Not yet checked. */
export function typedTable(field: TableField, typed: string): unknown {
  const columns = Object.entries<NumberField>(field.columns);
  return typed
    .split(/[,;\n]/u)
    .filter((row) => row.trim() !== "")
    .map((row) => {
      const parts = row.trim().split(/\s+/u);
      const named = columns.map(([name, column], i) => [
        name,
        quantityOf(column.kind, parts[i] ?? ""),
      ]);
      // A part too many is a column that does not exist, and so gets its sentence.
      const more = parts.slice(columns.length).map((part) => [part, part]);
      return Object.fromEntries([...named, ...more]) as unknown;
    });
}

/** The values of a distribution that a person has typed, "10ms: 3, 20ms": each with its weight, which is 1 if not
 *  given. Not yet checked. */
export function typedValues(unit: DistributionUnit, typed: string): unknown {
  return typed.split(",").map((part) => {
    const [value = "", weight = "1", ...more] = part.split(":").map((text) => text.trim());
    const row = { value: quantityOf(unit, value), weight: quantityOf("number", weight) };
    return more.length > 0 ? part : row;
  });
}

const rowsShown = 5;

/** A table in a line; of a long one its beginning. */
export function formatTable(field: TableField, value: Table): string {
  const columns = Object.entries<NumberField>(field.columns);
  const rows = value
    .slice(0, rowsShown)
    .map((row) =>
      columns.map(([name, { kind }]) => formatQuantity(kind, row[name] ?? 0)).join(": "),
    );
  const rest = value.length - rows.length;
  return [...rows, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}
