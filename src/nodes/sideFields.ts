// The parameters of a bridge's two ends among its own: "source.prefetch" is its subscription's "prefetch", "target.acks"
// its publications' "acks".

import type { Condition, Field, Fields, FieldValue, Parameters } from "../base/fields.ts";

/** An end of a bridge. */
export type Side = "source" | "target";

/** Fields of an end under the names that they have at the bridge. */
export function sideFields(side: Side, fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [`${side}.${name}`, withSide(side, field)]),
  );
}

function withSide(side: Side, field: Field): Field {
  const { onlyIf } = field;
  if (onlyIf === undefined) return field;
  const moved = (one: Condition): Condition => ({ ...one, field: `${side}.${one.field}` });
  const conditions = "field" in onlyIf ? moved(onlyIf) : onlyIf.map(moved);
  return { ...field, onlyIf: conditions };
}

/** The parameters of an end under their own names. */
export function sideParameters(side: Side, parameters: Parameters): Parameters {
  const start = `${side}.`;
  const own: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(parameters))
    if (name.startsWith(start)) own[name.slice(start.length)] = value;
  return own;
}

/** To which end a parameter of a bridge belongs, and its name there; undefined for the bridge's own. */
export function sideOf(name: string): { readonly side: Side; readonly name: string } | undefined {
  for (const side of ["source", "target"] as const)
    if (name.startsWith(`${side}.`)) return { side, name: name.slice(side.length + 1) };
  return undefined;
}
