// Small combinators that describe data once: each gives strict reading with problems, and a JSON Schema.
// Reading answers undefined where it failed, and always makes new, plain objects in the order of the definition.

import { idRule, isId } from "../base/ids.ts";
import { isObject } from "./equal.ts";
import { json } from "./jsonShape.ts";
import { suggestion } from "./near.ts";
import {
  complain,
  forbiddenKey,
  inside,
  isFull,
  kindOf,
  type Place,
  withElement,
  wrongType,
} from "./reading.ts";
import type { JsonSchema } from "./scenario.ts";

/** Data of one form. */
export interface Shape<Value> {
  readonly schema: JsonSchema;
  /** The value as new plain data, or undefined with problems in the report. */
  read(value: unknown, place: Place): Value | undefined;
}

/** A field that may be left out. */
export interface Optional<Value> {
  readonly optional: Shape<Value>;
}

type Extension = `x-${string}`;

type ShapesOf<Value> = {
  readonly [Name in keyof Value as Name extends Extension ? never : Name]-?: object extends Pick<
    Value,
    Name
  >
    ? Optional<Exclude<Value[Name], undefined>>
    : Shape<Value[Name]>;
};

/** Marks a field that may be left out. */
export function optional<Value>(shape: Shape<Value>): Optional<Value> {
  return { optional: shape };
}

/** The same shape with a sentence for the schema. */
export function described<Value>(description: string, shape: Shape<Value>): Shape<Value> {
  return { ...shape, schema: { description, ...shape.schema } };
}

/** An object with exactly these fields, and any JSON under keys that begin with `x-`. */
export function object<Value extends object>(shapes: ShapesOf<Value>): Shape<Value> {
  const fields = Object.entries<Shape<unknown> | Optional<unknown>>(shapes).map(([name, shape]) =>
    "optional" in shape
      ? { name, shape: shape.optional, isRequired: false }
      : { name, shape, isRequired: true },
  );
  const names = fields.map((field) => field.name);
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(fields.map(({ name, shape }) => [name, shape.schema])),
      required: fields.filter((field) => field.isRequired).map((field) => field.name),
      patternProperties: { "^x-": true },
      additionalProperties: false,
    },
    read(value, outside) {
      if (!isObject(value)) return wrongType(outside, "an object", value);
      const place = withElement(outside, value);
      const result: Record<string, unknown> = {};
      const before = place.report.failures;
      for (const { name, shape, isRequired } of fields) {
        const stated = Object.hasOwn(value, name) ? value[name] : undefined;
        if (stated !== undefined) result[name] = shape.read(stated, inside(place, name));
        else if (isRequired) complain(place, "field/missing", `"${name}" is missing; add it.`);
      }
      for (const name of Object.keys(value)) {
        if (isFull(place)) break;
        if (names.includes(name)) continue;
        if (name.startsWith("x-")) result[name] = json.read(value[name], inside(place, name));
        else unknownField(place, name, names);
      }
      // Every field was read by the shape that ShapesOf demands for it, and no problem was found.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return place.report.failures === before ? (result as Value) : undefined;
    },
  };
}

function unknownField(place: Place, name: string, names: readonly string[]): void {
  const at = inside(place, name.slice(0, 100));
  if (name === "__proto__") return forbiddenKey(at);
  const meant = suggestion(name, names);
  const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
  complain(
    at,
    "field/unknown",
    `"${shown}" is not a field of this place.${meant} Remove it, or begin its name with "x-" to keep it.`,
  );
}

/** A list of at most `max` (and at least `min`) values. */
export function list<Value>(
  item: Shape<Value>,
  { max, min = 0 }: { readonly max: number; readonly min?: number },
): Shape<readonly Value[]> {
  return {
    schema: { type: "array", items: item.schema, minItems: min, maxItems: max },
    read(value, place) {
      if (!Array.isArray(value)) return wrongType(place, "a list", value);
      if (value.length > max || value.length < min)
        return complain(
          place,
          "value/size",
          value.length > max
            ? `This list has ${value.length} members; at most ${max} are allowed.`
            : `This list needs ${min} members at least; add one, or leave the list out.`,
        );
      const result: Value[] = [];
      for (const [index, each] of value.entries()) {
        if (isFull(place)) break;
        const read = item.read(each, inside(place, index));
        if (read !== undefined) result.push(read);
      }
      return result.length === value.length ? result : undefined;
    },
  };
}

/** An object whose keys are ids. */
export function recordById<Value>(
  item: Shape<Value>,
  { max }: { readonly max: number },
): Shape<Readonly<Record<string, Value>>> {
  return {
    schema: {
      type: "object",
      propertyNames: { pattern: idRule },
      additionalProperties: item.schema,
      maxProperties: max,
    },
    read(value, place) {
      if (!isObject(value)) return wrongType(place, "an object", value);
      const names = Object.keys(value);
      if (names.length > max)
        return complain(
          place,
          "value/size",
          `This has ${names.length} keys; at most ${max} are allowed.`,
        );
      const result: Record<string, Value> = {};
      for (const name of names) {
        if (isFull(place)) break;
        const key = id.read(name, inside(place, name.slice(0, 100)));
        const read = key === undefined ? undefined : item.read(value[name], inside(place, name));
        if (key !== undefined && read !== undefined) result[key] = read;
      }
      return Object.keys(result).length === names.length ? result : undefined;
    },
  };
}

/** A text of limited length. */
export function text({
  max,
  min = 0,
}: {
  readonly max: number;
  readonly min?: number;
}): Shape<string> {
  return {
    schema: { type: "string", minLength: min, maxLength: max },
    read(value, place) {
      if (typeof value !== "string") return wrongType(place, "a text", value);
      if (value.length >= min && value.length <= max) return value;
      const limits = min === 0 ? `at most ${max}` : `${min} to ${max}`;
      return complain(
        place,
        "value/size",
        `This text has ${value.length} characters; it must have ${limits}.`,
      );
    },
  };
}

/** An identifier. */
export const id: Shape<string> = {
  schema: { type: "string", pattern: idRule },
  read(value, place) {
    if (typeof value !== "string") return wrongType(place, "an id", value);
    if (isId(value)) return value;
    const rule = `An id begins with a letter and has up to 64 letters, digits, "-" and "_"`;
    return value === "__proto__"
      ? forbiddenKey(place)
      : complain(place, "id/invalid", `${rule}; ${kindOf(value)} is none. Choose another.`);
  },
};

/** A number within limits. */
export function number({
  min,
  max,
  integer = false,
}: {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}): Shape<number> {
  const noun = integer ? "a whole number" : "a number";
  return {
    schema: { type: integer ? "integer" : "number", minimum: min, maximum: max },
    read(value, place) {
      if (typeof value !== "number") return wrongType(place, noun, value);
      const fits = value >= min && value <= max && (!integer || Number.isInteger(value));
      // Adding 0 turns -0 into 0, which JSON could not tell apart.
      if (fits) return value + 0;
      return complain(
        place,
        "value/range",
        `This must be ${noun} from ${min} to ${max}, not ${value}.`,
      );
    },
  };
}

/** True or false. */
export const boolean: Shape<boolean> = {
  schema: { type: "boolean" },
  read: (value, place) =>
    typeof value === "boolean" ? value : wrongType(place, "true or false", value),
};

/** One of some values. */
export function choice<const Value extends string | number>(
  values: readonly Value[],
): Shape<Value> {
  return {
    schema: values.length === 1 ? { const: values[0] } : { enum: values },
    read(value, place) {
      const found = values.find((each) => each === value);
      const given = typeof value === "string" ? suggestion(value, values.map(String)) : "";
      return (
        found ??
        complain(
          place,
          "value/choice",
          `This must be ${values.join(" or ")}, not ${kindOf(value)}.${given}`,
        )
      );
    },
  };
}

/** Objects of several forms, told apart by the value of one field. */
export function variants<Value>(
  key: string,
  shapes: Readonly<Record<string, Shape<Value>>>,
): Shape<Value> {
  const names = choice(Object.keys(shapes));
  return {
    schema: { oneOf: Object.values(shapes).map((shape) => shape.schema) },
    read(value, outside) {
      if (!isObject(value)) return wrongType(outside, "an object", value);
      const place = withElement(outside, value);
      if (!Object.hasOwn(value, key))
        return complain(place, "field/missing", `"${key}" is missing; add it.`);
      const name = names.read(value[key], inside(place, key));
      return name === undefined ? undefined : shapes[name]?.read(value, place);
    },
  };
}
