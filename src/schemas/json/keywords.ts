// Which value each JSON Schema keyword takes, as a table; draft 7 and 2020-12 together. Keywords it does not know are
// nobody's mistake: other tools have their own.

import { isRecord, schemaKeywords } from "./schemaWalk.ts";

/** Says what a value must be, or nothing when it is fine. */
type Rule = (value: unknown) => string | undefined;

const typeNames = ["string", "number", "integer", "boolean", "object", "array", "null"];

function mustBe(sentence: string, isFine: (value: unknown) => boolean): Rule {
  return (value) => (isFine(value) ? undefined : sentence);
}

const isNumber = (value: unknown): value is number => typeof value === "number";

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const isTypeName = (value: unknown) => typeof value === "string" && typeNames.includes(value);

const limit = mustBe(
  "must be a whole number, 0 or more",
  (value) => isNumber(value) && Number.isInteger(value) && value >= 0,
);
const number = mustBe("must be a number (draft 4's true and false are not known here)", isNumber);
const text = mustBe("must be a text", (value) => typeof value === "string");
const flag = mustBe("must be true or false", (value) => typeof value === "boolean");
const list = mustBe("must be a list", Array.isArray);

const rules: Readonly<Record<string, Rule>> = {
  $comment: text,
  $id: text,
  $ref: text,
  $schema: text,
  contentEncoding: text,
  contentMediaType: text,
  dependentRequired: mustBe("must be an object with a list of names for each name", isNameLists),
  deprecated: flag,
  description: text,
  enum: mustBe(
    "must be a list with at least one value",
    (value) => Array.isArray(value) && value.length > 0,
  ),
  examples: list,
  exclusiveMaximum: number,
  exclusiveMinimum: number,
  format: text,
  maxContains: limit,
  maxItems: limit,
  maxLength: limit,
  maxProperties: limit,
  maximum: number,
  minContains: limit,
  minItems: limit,
  minLength: limit,
  minProperties: limit,
  minimum: number,
  multipleOf: mustBe("must be a number above 0", (value) => isNumber(value) && value > 0),
  pattern: mustBe("must be a regular expression", isPattern),
  readOnly: flag,
  required: mustBe(
    "must be a list of names, each once",
    (value) => isTextList(value) && new Set(value).size === value.length,
  ),
  title: text,
  type: mustBe(
    `must be one of ${typeNames.join(", ")}, or a list of them`,
    (value) =>
      isTypeName(value) ||
      (Array.isArray(value) &&
        value.length > 0 &&
        value.every(isTypeName) &&
        new Set(value).size === value.length),
  ),
  uniqueItems: flag,
  writeOnly: flag,
};

function isNameLists(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isTextList);
}

function isPattern(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    return new RegExp(value, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** What is wrong with the value of a keyword, such as "must be a text"; undefined when nothing is. */
export function keywordMistake(keyword: string, value: unknown): string | undefined {
  if (Object.hasOwn(rules, keyword)) return rules[keyword]?.(value);
  const { single, list: lists, map } = schemaKeywords;
  const takesOne = single.has(keyword);
  const takesList = lists.has(keyword);
  if (takesOne && (isRecord(value) || typeof value === "boolean")) return undefined;
  if (takesList && Array.isArray(value) && value.length > 0) return undefined;
  if (map.has(keyword))
    return isRecord(value) ? undefined : "must be an object with a schema for each name";
  if (takesOne) return "must be a schema: an object, true or false";
  return takesList ? "must be a list with at least one schema" : undefined;
}

const known = new Set([
  ...Object.keys(rules),
  "const",
  "default",
  "$anchor",
  "$dynamicRef",
  ...Object.values(schemaKeywords).flatMap((words) => [...words]),
]);

/** The keyword that was probably meant, when a word is one letter away from it. */
export function intendedKeyword(word: string): string | undefined {
  if (word.startsWith("x-") || known.has(word)) return undefined;
  return [...known].find((keyword) => keyword.length > 3 && isOneEditApart(word, keyword));
}

function isOneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isSwap = restA.length === 2 && restA === restB.charAt(1) + restB.charAt(0);
  return isSwap || Math.max(restA.length, restB.length) <= 1;
}
