// Fields that are of no effect because of the value of another one.

import type { Condition, Field, Fields, FieldValue, Parameters } from "./fields.ts";

/** Whether a field is shown and of any effect while a list of fields has these values. */
export function isShown(fields: Fields, field: Field, values: Parameters): boolean {
  return obstacleTo(fields, field, values) === undefined;
}

/** The field because of whose value another one is neither shown nor of any effect; undefined when it is. */
export function obstacleTo(fields: Fields, field: Field, values: Parameters): Field | undefined {
  for (const condition of [field.onlyIf ?? []].flat()) {
    const other = fields[condition.field];
    if (other === undefined) return field;
    const before = obstacleTo(fields, other, values);
    if (before !== undefined) return before;
    if (!holds(condition, values[condition.field] ?? null)) return other;
  }
  return undefined;
}

function holds(condition: Condition, value: FieldValue): boolean {
  if ("is" in condition) return condition.is.includes(value);
  return !condition.isNot.includes(value);
}
