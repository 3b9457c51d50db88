// JSON inside an extension. Every AsyncAPI tool follows a member called `$ref`, wherever it stands, and merges one called
// `<<`, so that objects with such a member travel as text.

import { isObject } from "../model/equal.ts";

/** The only key of an object that stands for another, as text. */
const textKey = "x-json";

/** The same data without any member that tools would take for theirs. */
export function quoted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(quoted);
  if (!isObject(value)) return value;
  if ([textKey, "$ref", "<<"].some((key) => Object.hasOwn(value, key)))
    return { [textKey]: JSON.stringify(value) };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, quoted(part)]));
}

/** What was quoted. A text that is no JSON stays as it is; nesting is limited by the caller. */
export function unquoted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unquoted);
  if (!isObject(value)) return value;
  const text = value[textKey];
  if (typeof text === "string" && Object.keys(value).length === 1) return parsed(text) ?? value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unquoted(part)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
