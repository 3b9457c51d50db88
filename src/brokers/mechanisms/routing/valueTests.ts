// The tests of single values in JSON patterns: exact values and expressions such as {"prefix": "a"}. To the rules of AWS's
// matcher (aws/event-ruler 2.0.1, JsonRuleCompiler), whose dialects differ in which expressions and numbers they take.

import { cidrRange, isWithin, singleIp } from "./ipRange.ts";
import { isJsonObject, type Json } from "./messageFacts.ts";
import {
  endsWithIgnoringCase,
  equalsIgnoringCase,
  fitsWildcard,
  parseWildcard,
  startsWithIgnoringCase,
} from "./textTests.ts";

/** A value that has no parts. */
export type Leaf = null | boolean | number | string;

/** A test of one value; null fits where there is none. */
export type ValueTest = ((value: Leaf) => boolean) | null;

/** In what services differ that filter by JSON patterns. */
export interface PatternDialect {
  /** Largest number, of either sign, and most digits behind the point. */
  readonly numberMax: number;
  readonly decimals: number;
  /** Expressions that it takes, and those it takes inside anything-but. */
  readonly operators: readonly Operator[];
  readonly negatable: readonly Operator[];
  /** Whether objects may stand inside of objects. */
  readonly isNested: boolean;
}

/** What an expression is called. */
export type Operator =
  | "exactly"
  | "prefix"
  | "suffix"
  | "equals-ignore-case"
  | "wildcard"
  | "numeric"
  | "anything-but"
  | "exists"
  | "cidr";

/** Reads an element of the array of a field. A text is the reason why it is refused, a sentence. */
export function parseValueTest(value: Json, dialect: PatternDialect): ValueTest | string {
  if (typeof value === "string") {
    const address = singleIp(value);
    if (address === undefined) return (one) => one === value;
    return (one) => typeof one === "string" && isWithin(address, one);
  }
  if (isJsonObject(value)) return parseExpression(value, dialect);
  if (typeof value === "object" && value !== null)
    return "An array may hold texts, numbers, true, false, null and expressions, no arrays.";
  return (one) => one === value;
}

function parseExpression(
  expression: { readonly [name: string]: Json },
  dialect: PatternDialect,
): ValueTest | string {
  const [entry, ...others] = Object.entries(expression);
  if (entry === undefined || others.length > 0)
    return 'An expression has one name, such as {"prefix": "a"}.';
  const [name, operand] = entry;
  if (!isOperator(name, dialect.operators))
    return `"${name}" is no expression here. There are ${dialect.operators.join(", ")}.`;
  switch (name) {
    case "numeric":
      return parseNumeric(operand, dialect);
    case "exists":
      return parseExists(operand);
    case "cidr":
      return parseCidr(operand);
    case "anything-but":
      return parseAnythingBut(operand, dialect);
    default:
      return parseTextTest(name, operand);
  }
}

function isOperator(name: string, operators: readonly Operator[]): name is Operator {
  return operators.some((one) => one === name);
}

type TextOperator = Exclude<Operator, "numeric" | "exists" | "cidr" | "anything-but">;

function parseTextTest(name: TextOperator, operand: Json): ValueTest | string {
  if (typeof operand === "string") {
    const fits = textTest(name, operand);
    return typeof fits === "string" ? fits : (value) => typeof value === "string" && fits(value);
  }
  const isAffix = name === "prefix" || name === "suffix";
  if (!isAffix || !isJsonObject(operand)) return `The value of "${name}" must be a text.`;
  const ignored = operand["equals-ignore-case"];
  if (Object.keys(operand).length !== 1 || typeof ignored !== "string")
    return `"${name}" takes a text or {"equals-ignore-case": "text"}.`;
  const fits = name === "prefix" ? startsWithIgnoringCase : endsWithIgnoringCase;
  return (value) => typeof value === "string" && fits(value, ignored);
}

function textTest(name: TextOperator, operand: string): ((text: string) => boolean) | string {
  switch (name) {
    case "exactly":
      return (text) => text === operand;
    case "prefix":
      return (text) => text.startsWith(operand);
    case "suffix":
      return (text) => text.endsWith(operand);
    case "equals-ignore-case":
      return (text) => equalsIgnoringCase(text, operand);
    case "wildcard": {
      const pattern = parseWildcard(operand);
      return typeof pattern === "string" ? pattern : (text) => fitsWildcard(pattern, text);
    }
  }
}

function parseExists(operand: Json): ValueTest | string {
  if (operand === false) return null;
  return operand === true ? () => true : 'The value of "exists" must be true or false.';
}

function parseCidr(operand: Json): ValueTest | string {
  if (typeof operand !== "string") return 'The value of "cidr" must be a text such as 10.0.0.0/24.';
  const range = cidrRange(operand);
  if (typeof range === "string") return range;
  return (value) => typeof value === "string" && isWithin(range, value);
}

/** Fits whatever is none of the operands; never where there is no value at all. */
function parseAnythingBut(operand: Json, dialect: PatternDialect): ValueTest | string {
  if (isJsonObject(operand)) return parseAnythingButTexts(operand, dialect);
  const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  const areTexts = excluded.every((one) => typeof one === "string");
  const areNumbers = excluded.every((one) => typeof one === "number");
  if (excluded.length === 0 || (!areTexts && !areNumbers))
    return '"anything-but" takes a text, a number, or a list of only texts or only numbers.';
  for (const one of excluded)
    if (typeof one === "number" && !isComparable(one, dialect)) return numberRefused(one, dialect);
  return (value) => !excluded.some((one) => one === value);
}

function parseAnythingButTexts(
  operand: { readonly [name: string]: Json },
  dialect: PatternDialect,
): ValueTest | string {
  const [entry, ...others] = Object.entries(operand);
  const names = dialect.negatable.join(", ");
  if (entry === undefined || others.length > 0) return `"anything-but" takes one of ${names}.`;
  const [name, excluded] = entry;
  if (!isOperator(name, dialect.negatable) || !isTextOperator(name))
    return `"anything-but" does not take "${name}", only ${names}.`;
  const texts: readonly Json[] = Array.isArray(excluded) ? excluded : [excluded];
  const tests: ((text: string) => boolean)[] = [];
  for (const text of texts) {
    if (typeof text !== "string") return `"${name}" in "anything-but" takes texts only.`;
    if (text === "" && (name === "prefix" || name === "suffix"))
      return `An empty ${name} would exclude every text.`;
    const test = textTest(name, text);
    if (typeof test === "string") return test;
    tests.push(test);
  }
  return (value) => typeof value !== "string" || !tests.some((test) => test(value));
}

function isTextOperator(name: Operator): name is TextOperator {
  return name !== "numeric" && name !== "exists" && name !== "cidr" && name !== "anything-but";
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

function parseNumeric(operand: Json, dialect: PatternDialect): ValueTest | string {
  if (!Array.isArray(operand)) return 'The value of "numeric" must be an array such as [">", 0].';
  // Array.isArray forgets what the elements are.
  const terms: readonly Json[] = operand;
  const [first, low, second, high] = terms;
  const from = comparisonOf(first);
  if (from === undefined || typeof low !== "number" || (terms.length !== 2 && terms.length !== 4))
    return '"numeric" takes one of =, <, <=, >, >= and a number, or a range such as [">", 0, "<=", 5].';
  if (!isComparable(low, dialect)) return numberRefused(low, dialect);
  const isComparableValue = (value: Leaf): value is number =>
    typeof value === "number" && isComparable(value, dialect);
  if (terms.length === 2) return (value) => isComparableValue(value) && from(value, low);
  const to = comparisonOf(second);
  if ((first !== ">" && first !== ">=") || (second !== "<" && second !== "<="))
    return "A range begins with > or >= and ends with < or <=.";
  if (typeof high !== "number" || to === undefined) return "A range ends with a number.";
  if (!isComparable(high, dialect)) return numberRefused(high, dialect);
  if (low >= high) return "The lower bound of a range must be below the upper one.";
  return (value) => isComparableValue(value) && from(value, low) && to(value, high);
}

function comparisonOf(name: Json | undefined): (typeof comparisons)[string] | undefined {
  return typeof name === "string" && Object.hasOwn(comparisons, name)
    ? comparisons[name]
    : undefined;
}

/** Whether the service compares a number as such: within its limits, with no more digits than it keeps. */
function isComparable(value: number, { numberMax, decimals }: PatternDialect): boolean {
  return Math.abs(value) <= numberMax && Number(value.toFixed(decimals)) === value;
}

function numberRefused(value: number, { numberMax, decimals }: PatternDialect): string {
  return `${value} cannot be compared: numbers go from -${numberMax} to ${numberMax}, with at most ${decimals} digits behind the point.`;
}
