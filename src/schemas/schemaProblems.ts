// Every code under which this room reports a problem, with what it means. Codes are stable: people search for them.

import type { Problem } from "../base/problem.ts";

/** Code → what it means. */
export const schemaProblems = {
  "contract/json": "The text of a schema is neither JSON nor YAML, or holds no schema.",
  "contract/syntax": "The text of a schema breaks the grammar of its language.",
  "contract/repeated-name": "A name stands twice in one object.",
  "contract/schema": "A schema breaks a rule of its language.",
  "contract/reference": "A schema names a part or type that is not there.",
  "contract/doubtful": "A schema says something that is probably not meant.",
  "contract/example": "An example does not fit its schema.",
  "contract/key": "The key of a contract is not a part of its payload.",
  "contract/versions": "Two versions of a contract have the same name.",
} as const;

/** A code of this room. */
export type SchemaCode = keyof typeof schemaProblems;

/** An error. */
export function error(code: SchemaCode, path: string, message: string): Problem {
  return { code, severity: "error", path, message };
}

/** A warning. */
export function warning(code: SchemaCode, path: string, message: string): Problem {
  return { code, severity: "warning", path, message };
}
