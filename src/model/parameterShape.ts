// The shape of parameters: strict reading and schema from the same fields that forms and defaults come from.

import { type Distribution, parseDistribution } from "../base/distribution.ts";
import { distributionSchemas, schemaOf } from "../base/fieldSchema.ts";
import {
  type Fields,
  type FieldValue,
  isDistribution,
  type Parameters,
  parseValue,
} from "../base/fields.ts";
import { isObject } from "./equal.ts";
import { textMax } from "./limits.ts";
import { suggestion } from "./near.ts";
import { complain, forbiddenKey, inside, isFull, type Place, wrongType } from "./reading.ts";
import type { JsonSchema } from "./scenario.ts";
import type { Shape } from "./shape.ts";

/** Parameters by the one list of fields that applies. Only what is stated is kept. */
export function parameters(fields: Fields): Shape<Parameters> {
  return parametersOfAny([fields]);
}

/** Parameters of which it is not yet known which list applies: each must fit one of the lists. */
export function parametersOfAny(lists: readonly Fields[]): Shape<Parameters> {
  const names = [...new Set(lists.flatMap((fields) => Object.keys(fields)))];
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, parameterSchema(lists, name)])),
      additionalProperties: false,
    },
    read(value, place) {
      if (!isObject(value)) return wrongType(place, "an object", value);
      const result: Record<string, FieldValue> = {};
      const stated = Object.keys(value);
      for (const name of stated) {
        if (isFull(place)) break;
        const read = readParameter(lists, name, value[name], inside(place, name.slice(0, 100)));
        if (read !== undefined) result[name] = read;
      }
      return Object.keys(result).length === stated.length ? result : undefined;
    },
  };
}

function parameterSchema(lists: readonly Fields[], name: string): JsonSchema {
  const schemas = lists.flatMap((fields) => {
    const field = fields[name];
    return field === undefined ? [] : [JSON.stringify(schemaOf(field))];
  });
  // A field that several technologies share word for word is one schema.
  const different = [...new Set(schemas)].map((schema): unknown => JSON.parse(schema));
  const [only] = different;
  return different.length === 1 && isObject(only) ? only : { anyOf: different };
}

function readParameter(
  lists: readonly Fields[],
  name: string,
  value: unknown,
  place: Place,
): FieldValue | undefined {
  if (name === "__proto__") return forbiddenKey(place);
  const fitting = lists.filter((fields) => Object.hasOwn(fields, name));
  const names = lists.flatMap((fields) => Object.keys(fields));
  if (fitting.length === 0) {
    const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
    const remedy = names.length === 0 ? " This kind of element has none." : suggestion(name, names);
    return complain(
      place,
      "parameter/unknown",
      `There is no parameter "${shown}" here.${remedy} Remove or rename it.`,
    );
  }
  let reason = "";
  for (const fields of fitting) {
    const field = fields[name];
    if (field === undefined) continue;
    const read = parseValue(field, value);
    if (read.ok) return plainValue(read.value);
    reason = read.failure;
  }
  return complain(place, "parameter/value", reason);
}

/** Own data, without -0. */
function plainValue(value: FieldValue): FieldValue {
  if (typeof value === "number") return value + 0;
  return isDistribution(value) ? copyOf(value) : value;
}

function copyOf(value: Distribution): Distribution {
  if (value.distribution !== "empirical") return { ...value };
  return { ...value, values: value.values.map((row) => ({ ...row })) };
}

/** A distribution, such as of a time [ms]. */
export const distribution: Shape<Distribution> = {
  schema: { oneOf: distributionSchemas() },
  read(value, place) {
    const read = parseDistribution(value);
    return typeof read === "string" ? complain(place, "value/type", read) : copyOf(read);
  },
};

/** The value of a parameter that is known only later: anything that a field can hold. */
export const fieldValue: Shape<FieldValue> = {
  schema: {
    anyOf: [{ type: ["number", "string", "boolean", "null"] }, { oneOf: distributionSchemas() }],
  },
  read(value, place) {
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value + 0;
    if (typeof value === "string" && value.length <= textMax.description) return value;
    const distribution = parseDistribution(value);
    return typeof distribution === "string"
      ? complain(
          place,
          "value/type",
          `This must be a number, a text, true, false, null or a distribution.`,
        )
      : copyOf(distribution);
  },
};
