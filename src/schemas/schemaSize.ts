// How large a schema may be to be compared. Everything that is compared was measured first, so that what comes after
// may recurse and copy.

import type { Problem } from "../base/problem.ts";
import { depthMax } from "../model/limits.ts";

/** Values in one schema, counted as often as they are reached. */
const schemaValuesMax = 50_000;

/** A problem where a schema is nested too deeply, leads back into itself, or is too large. */
export function checkSize(side: "writer" | "reader", schema: unknown): readonly Problem[] {
  const open: (readonly [value: unknown, depth: number])[] = [[schema, 0]];
  // The list grows while it is walked.
  for (const [value, depth] of open) {
    if (typeof value !== "object" || value === null) continue;
    if (depth > depthMax) return [tooLarge(side, `is nested more than ${depthMax} levels deep`)];
    for (const inner of Object.values(value)) open.push([inner, depth + 1]);
    if (open.length > schemaValuesMax)
      return [tooLarge(side, `holds more than ${schemaValuesMax} values`)];
  }
  return [];
}

function tooLarge(side: string, what: string): Problem {
  return {
    code: "compatibility/too-large",
    severity: "error",
    path: "",
    message: `The schema of the ${side} ${what}. Split it up, or compare its parts.`,
  };
}
