// The shape of foreign JSON: extensions and payload schemas, kept as they are, with limited depth and size.

import { isObject } from "./equal.ts";
import { depthMax } from "./limits.ts";
import { complain, forbiddenKey, inside, type Place, wrongType } from "./reading.ts";
import type { JsonSchema, PayloadSchema } from "./scenario.ts";
import type { Shape } from "./shape.ts";

/** Any JSON of limited depth and size. */
export const json: Shape<unknown> = {
  schema: {},
  read: (value, place) => readJson(value, place, 0),
};

/** Any JSON object of limited depth and size. */
export const jsonObject: Shape<JsonSchema> = {
  schema: { type: "object" },
  read(value, place) {
    if (!isObject(value)) return wrongType(place, "an object", value);
    const read = json.read(value, place);
    return isObject(read) ? read : undefined;
  },
};

/** The schema of a payload: an object, a list or a text. */
export const payloadSchema: Shape<PayloadSchema> = {
  schema: { type: ["object", "array", "string"] },
  read(value, place) {
    const read = json.read(value, place);
    if (isObject(read) || Array.isArray(read) || typeof read === "string") return read;
    return read === undefined ? undefined : wrongType(place, "a schema", value);
  },
};

function readJson(value: unknown, place: Place, depth: number): unknown {
  place.report.valuesLeft--;
  if (place.report.valuesLeft < 0)
    return place.report.valuesLeft === -1
      ? complain(
          place,
          "document/too-large",
          "Extensions and schemas hold too much data; make them smaller.",
        )
      : undefined;
  if (depth > depthMax)
    return complain(
      place,
      "document/too-deep",
      `This is nested more than ${depthMax} levels deep; flatten it.`,
    );
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value + 0 : wrongType(place, "a number", value);
    case "object":
      if (Array.isArray(value)) return readJsonList(value, place, depth);
      return isObject(value) ? readJsonObject(value, place, depth) : null;
    default:
      return wrongType(place, "JSON", value);
  }
}

function readJsonList(value: readonly unknown[], place: Place, depth: number): unknown {
  const result: unknown[] = [];
  for (const [index, item] of value.entries()) {
    const read = readJson(item, inside(place, index), depth + 1);
    if (read === undefined) return undefined;
    result.push(read);
  }
  return result;
}

function readJsonObject(
  value: Readonly<Record<string, unknown>>,
  place: Place,
  depth: number,
): unknown {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const at = inside(place, name.slice(0, 100));
    if (name === "__proto__") return forbiddenKey(at);
    const read = readJson(value[name], at, depth + 1);
    if (read === undefined) return undefined;
    result[name] = read;
  }
  return result;
}
