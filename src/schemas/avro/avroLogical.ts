// Logical types of Avro 1.12: on which types they may stand. Readers ignore one that stands elsewhere, so what is wrong
// is doubtful, not an error.

import { pathTo, type Problem } from "../../base/problem.ts";
import { warning } from "../schemaProblems.ts";
import type { AvroType } from "./avroTypes.ts";

/** Logical type → primitives (or "fixed") that it may stand on. */
const bases: Readonly<Record<string, readonly string[]>> = {
  "big-decimal": ["bytes"],
  date: ["int"],
  decimal: ["bytes", "fixed"],
  duration: ["fixed"],
  "local-timestamp-micros": ["long"],
  "local-timestamp-millis": ["long"],
  "local-timestamp-nanos": ["long"],
  "time-micros": ["long"],
  "time-millis": ["int"],
  "timestamp-micros": ["long"],
  "timestamp-millis": ["long"],
  "timestamp-nanos": ["long"],
  uuid: ["string", "fixed"],
};

/** What is doubtful about the logical type in a definition; unknown ones are nobody's mistake. */
export function checkLogicalType(
  definition: Readonly<Record<string, unknown>>,
  type: AvroType,
  path: string,
): readonly Problem[] {
  const logical = String(definition["logicalType"]);
  const place = pathTo(path, "logicalType");
  const allowed = Object.hasOwn(bases, logical) ? bases[logical] : undefined;
  if (allowed === undefined) return [];
  const base = type.kind === "primitive" ? type.name : type.kind;
  if (!allowed.includes(base))
    return [doubt(place, `“${logical}” is ignored here: it stands on ${allowed.join(" or ")}.`)];
  return logical === "decimal" ? checkDecimal(definition, path) : [];
}

function checkDecimal(
  { precision, scale = 0 }: Readonly<Record<string, unknown>>,
  path: string,
): readonly Problem[] {
  if (!isWhole(precision) || precision < 1)
    return [doubt(path, 'A decimal needs a "precision": its digits, 1 or more.')];
  if (isWhole(scale) && scale >= 0 && scale <= precision) return [];
  return [doubt(pathTo(path, "scale"), "The scale is a whole number from 0 up to the precision.")];
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

function doubt(path: string, message: string): Problem {
  return warning("contract/doubtful", path, message);
}
