// Whether a default value fits the type of its field (Avro 1.12, "Complex Types", table "field default values").

import { isObject } from "../../model/equal.ts";
import type { AvroPrimitive, AvroType } from "./avroTypes.ts";
import { avroDepthMax } from "./avroNames.ts";

/** Whether a value may stand as the default of a field of this type; "later": only a later branch of a union takes it,
 *  which readers before Avro 1.12 refuse. */
export function defaultFits(type: AvroType, value: unknown): "fits" | "later" | "misfit" {
  const start = { depth: 0, budget: { left: stepsMax } };
  if (type.kind !== "union") return fits(type, value, start) ? "fits" : "misfit";
  const index = type.branches.findIndex((branch) => fits(branch, value, start));
  if (index < 0) return "misfit";
  return index === 0 ? "fits" : "later";
}

/** Most comparisons for one default: unions of records that contain each other multiply them. */
const stepsMax = 10_000;

interface Progress {
  readonly depth: number;
  readonly budget: { left: number };
}

// What would take too long is taken to fit.
function fits(type: AvroType, value: unknown, { depth, budget }: Progress): boolean {
  if (depth > avroDepthMax || --budget.left < 0) return true;
  const deeper = { depth: depth + 1, budget };
  const inside = (part: AvroType, one: unknown): boolean => fits(part, one, deeper);
  switch (type.kind) {
    case "primitive":
      return primitiveFits[type.name](value);
    case "record":
      return (
        isObject(value) &&
        type.fields.every((field) =>
          Object.hasOwn(value, field.name)
            ? inside(field.type, value[field.name])
            : field.default !== undefined,
        )
      );
    case "enum":
      return typeof value === "string" && type.symbols.includes(value);
    case "fixed":
      return isBytes(value) && value.length === type.size;
    case "array":
      return Array.isArray(value) && value.every((item) => inside(type.items, item));
    case "map":
      return isObject(value) && Object.values(value).every((one) => inside(type.values, one));
    case "union":
      return type.branches.some((branch) => inside(branch, value));
  }
}

const primitiveFits: Readonly<Record<AvroPrimitive, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  int: (value) => Number.isInteger(value) && Object.is(value, Number(value) | 0),
  long: (value) => Number.isInteger(value),
  float: (value) => typeof value === "number",
  double: (value) => typeof value === "number",
  bytes: isBytes,
  string: (value) => typeof value === "string",
};

// Bytes stand in JSON as a text with a character below 256 for each.
function isBytes(value: unknown): value is string {
  return typeof value === "string" && !/[\u0100-\u{10FFFF}]/u.test(value);
}
