// The filters of Event Grid's event subscriptions: subject, types, and advanced filters with all their operators. Texts are
// read once; they are a user's, so their size is bounded.

import { fail, type Result, succeed } from "../../base/result.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../mechanisms/routing/messageFacts.ts";

/** Most filters of a subscription, most values in all of them, most characters of a text.
 *  Source: https://learn.microsoft.com/azure/event-grid/event-filtering */
const FILTERS_MAX = 25;
const VALUES_MAX = 25;
const TEXT_MAX = 512;

/** What an operator does with one value of the event and one of the filter. */
interface Operator {
  readonly takes: "texts" | "numbers" | "ranges" | "flag" | "nothing";
  /** The event passes when nothing fits. */
  readonly isNegative: boolean;
  /** Whether an event without the key passes. */
  readonly passesMissing: boolean;
  fits(found: Json, wanted: Json): boolean;
}

const text =
  (fits: (found: string, wanted: string) => boolean): Operator["fits"] =>
  (found, wanted) =>
    typeof found === "string" &&
    typeof wanted === "string" &&
    fits(found.toLowerCase(), wanted.toLowerCase());

const number =
  (fits: (found: number, wanted: number) => boolean): Operator["fits"] =>
  (found, wanted) =>
    typeof found === "number" && typeof wanted === "number" && fits(found, wanted);

/** Whether a JSON value is a list. */
function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

const isWithin: Operator["fits"] = (found, wanted) => {
  if (typeof found !== "number" || !isList(wanted)) return false;
  const [from, to] = wanted;
  return typeof from === "number" && typeof to === "number" && found >= from && found <= to;
};

function pair(
  name: string,
  negative: string,
  about: Pick<Operator, "takes" | "fits">,
): readonly (readonly [string, Operator])[] {
  // Of the negative ones only two let an event without the key pass.
  const passesMissing = negative === "StringNotIn" || negative === "NumberNotIn";
  return [
    [name, { ...about, isNegative: false, passesMissing: false }],
    [negative, { ...about, isNegative: true, passesMissing }],
  ];
}

function single(name: string, about: Pick<Operator, "takes" | "fits">): [string, Operator] {
  return [name, { ...about, isNegative: false, passesMissing: false }];
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair("StringIn", "StringNotIn", { takes: "texts", fits: text((a, b) => a === b) }),
  ...pair("StringContains", "StringNotContains", {
    takes: "texts",
    fits: text((a, b) => a.includes(b)),
  }),
  ...pair("StringBeginsWith", "StringNotBeginsWith", {
    takes: "texts",
    fits: text((a, b) => a.startsWith(b)),
  }),
  ...pair("StringEndsWith", "StringNotEndsWith", {
    takes: "texts",
    fits: text((a, b) => a.endsWith(b)),
  }),
  ...pair("NumberIn", "NumberNotIn", { takes: "numbers", fits: number((a, b) => a === b) }),
  ...pair("NumberInRange", "NumberNotInRange", { takes: "ranges", fits: isWithin }),
  single("NumberLessThan", { takes: "numbers", fits: number((a, b) => a < b) }),
  single("NumberLessThanOrEquals", { takes: "numbers", fits: number((a, b) => a <= b) }),
  single("NumberGreaterThan", { takes: "numbers", fits: number((a, b) => a > b) }),
  single("NumberGreaterThanOrEquals", { takes: "numbers", fits: number((a, b) => a >= b) }),
  single("BoolEquals", {
    takes: "flag",
    fits: (found, wanted) => typeof found === "boolean" && found === wanted,
  }),
  [
    "IsNullOrUndefined",
    { takes: "nothing", isNegative: true, passesMissing: true, fits: () => true },
  ],
  ["IsNotNull", { takes: "nothing", isNegative: false, passesMissing: false, fits: () => true }],
]);

/** An advanced filter that has been read. */
export interface AdvancedFilter {
  readonly operator: Operator;
  /** The key, cut at its dots. */
  readonly path: readonly string[];
  readonly values: readonly Json[];
}

/** Reads a list of advanced filters; the failure is a sentence that begins in lower case. */
export function parseAdvancedFilters(source: string): Result<readonly AdvancedFilter[], string> {
  if (source.trim() === "") return succeed([]);
  const parsed = parseJson(source);
  if (!parsed.ok) return parsed;
  const list: Json = parsed.value;
  if (!isList(list)) return fail("this must be a list of filters: [{…}, {…}].");
  if (list.length > FILTERS_MAX)
    return fail(`a subscription may have ${FILTERS_MAX} advanced filters. Leave some out.`);
  const filters: AdvancedFilter[] = [];
  for (const [index, one] of list.entries()) {
    const filter = filterOf(one);
    if (typeof filter === "string") return fail(`filter ${index + 1} ${filter}`);
    filters.push(filter);
  }
  const count = filters.reduce((sum, { values }) => sum + values.length, 0);
  return count > VALUES_MAX
    ? fail(`all filters together may have ${VALUES_MAX} values. Leave some out.`)
    : succeed(filters);
}

/** A filter, or what is wrong with it. */
function filterOf(one: Json): AdvancedFilter | string {
  if (!isJsonObject(one)) return 'is no object. Write {"operatorType":…,"key":…,"values":[…]}.';
  const { operatorType, key } = one;
  const operator = typeof operatorType === "string" ? operators.get(operatorType) : undefined;
  if (operator === undefined)
    return `has an operator that does not exist. Choose one of ${[...operators.keys()].join(", ")}.`;
  if (typeof key !== "string" || key === "") return 'has no key. Write such as "data.color".';
  const values = valuesOf(one, operator);
  return typeof values === "string" ? values : { operator, path: key.split("."), values };
}

function valuesOf(one: JsonObject, { takes }: Operator): readonly Json[] | string {
  if (takes === "nothing") return [null];
  const { value, values } = one;
  const list: readonly Json[] = isList(values) ? values : value === undefined ? [] : [value];
  const isRight = (item: Json): boolean => {
    if (takes === "texts") return typeof item === "string" && item.length <= TEXT_MAX;
    if (takes === "numbers") return typeof item === "number";
    if (takes === "flag") return typeof item === "boolean";
    return isList(item) && item.length === 2 && item.every((end) => typeof end === "number");
  };
  const words = {
    texts: `texts of at most ${TEXT_MAX} characters`,
    numbers: "numbers",
    flag: "true or false",
    ranges: "pairs of numbers",
  };
  return list.length > 0 && list.every(isRight) ? list : `needs values that are ${words[takes]}.`;
}

/** Whether an event passes all advanced filters. */
export function passesAdvanced(
  filters: readonly AdvancedFilter[],
  event: JsonObject,
  arrays: "with arrays" | "without arrays",
): boolean {
  return filters.every((filter) => passes(filter, event, arrays === "with arrays"));
}

function passes({ operator, path, values }: AdvancedFilter, event: JsonObject, arrays: boolean) {
  const found = valueAt(event, path);
  if (found === undefined || found === null) return operator.passesMissing;
  const fits = (item: Json) => values.some((wanted) => operator.fits(item, wanted));
  if (operator.takes === "nothing") return fits(found) !== operator.isNegative;
  if (isList(found)) return arrays && found.some(fits) !== operator.isNegative;
  if (!isComparable(found, operator)) return operator.passesMissing;
  return fits(found) !== operator.isNegative;
}

/** Values of another type than the operator's count as missing. */
function isComparable(found: Json, { takes }: Operator): boolean {
  if (takes === "texts") return typeof found === "string";
  return takes === "flag" ? typeof found === "boolean" : typeof found === "number";
}

function valueAt(event: JsonObject, path: readonly string[]): Json | undefined {
  let here: Json = event;
  for (const name of path) {
    if (!isJsonObject(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name] ?? null;
  }
  return here;
}

/** The filters of subject and type. */
export interface BasicFilter {
  readonly begins: string;
  readonly ends: string;
  readonly isCaseSensitive: boolean;
  /** Empty: all. */
  readonly types: readonly string[];
}

/** Whether an event with this subject and type passes. */
export function passesBasic(filter: BasicFilter, subject: string, type: string): boolean {
  const same = (value: string) => (filter.isCaseSensitive ? value : value.toLowerCase());
  return (
    same(subject).startsWith(same(filter.begins)) &&
    same(subject).endsWith(same(filter.ends)) &&
    (filter.types.length === 0 || filter.types.includes(type))
  );
}
