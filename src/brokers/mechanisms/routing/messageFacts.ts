// Facts that a publisher states about its messages (attributes, headers, a body), as the text of a JSON object with
// placeholders: `{key}` in a text stands for the message's key, `{event}` for the name of its event. Filters look at these.

import { fail, type Result, succeed } from "../../../base/result.ts";

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object: facts are one. Look names up with `Object.hasOwn`, because they are a user's. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Most characters of a text with facts. Use it as `maxLength` of the field. */
export const factsTextMax = 4000;

/** Most values in a text of facts, and how deep they may be nested. */
const VALUES_MAX = 1000;
const DEPTH_MAX = 32;

/** Facts as they were stated, placeholders still in them. */
export interface FactsTemplate {
  readonly facts: JsonObject;
  /** Whether `{key}` occurs, so that messages of one publisher may differ. */
  readonly usesKey: boolean;
}

/** Facts of messages about which nothing is stated. */
export const noFacts: FactsTemplate = { facts: {}, usesKey: false };

/** Whether a JSON value is an object. */
export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a text as JSON; the failure is a sentence that begins in lower case and says what to do. Size and depth are
 *  bounded, because the text may come from a link. */
export function parseJson(text: string): Result<Json, string> {
  if (text.length > factsTextMax)
    return fail(`the text is longer than ${factsTextMax} characters. Shorten it.`);
  let value: Json;
  try {
    // JSON.parse returns nothing but JSON values.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    value = JSON.parse(text) as Json;
  } catch {
    return fail('this is not JSON. Write for example {"type":"{event}","id":"{key}"}.');
  }
  const excess = excessOf(value);
  return excess === "" ? succeed(value) : fail(excess);
}

/** Reads the facts that a publisher states; an empty text states none. The failure is a sentence that begins in lower
 *  case. */
export function parseFacts(text: string): Result<FactsTemplate, string> {
  if (text.trim() === "") return succeed(noFacts);
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  if (!isJsonObject(parsed.value))
    return fail('this must be a JSON object, such as {"type":"{event}","id":"{key}"}.');
  return succeed({ facts: parsed.value, usesKey: text.includes("{key}") });
}

/** The facts of a message with this key ("" without one) that carries this event. */
export function factsOf(template: FactsTemplate, key: string, event: string): JsonObject {
  return filledMembers(template.facts, (text) => filledText(text, key, event));
}

/** A text with its placeholders replaced: a subject, a topic, a single attribute. */
export function filledText(text: string, key: string, event: string): string {
  if (!text.includes("{")) return text;
  // One pass, so that a key that contains "{event}" stays as it is.
  return text.replaceAll(/\{(?:key|event)\}/gu, (name) => (name === "{key}" ? key : event));
}

function filledMembers(facts: JsonObject, fill: (text: string) => string): JsonObject {
  const members = Object.entries(facts).map(
    ([name, value]) => [name, filled(value, fill)] as const,
  );
  // Of entries, so that a member called __proto__ is a member like any other.
  return Object.fromEntries(members);
}

function filled(value: Json, fill: (text: string) => string): Json {
  if (typeof value === "string") return fill(value);
  if (isJsonObject(value)) return filledMembers(value, fill);
  return Array.isArray(value) ? value.map((one: Json) => filled(one, fill)) : value;
}

/** What is too much about a value, "" when nothing is. */
function excessOf(value: Json): string {
  let level: readonly Json[] = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (values > VALUES_MAX) return `there are more than ${VALUES_MAX} values. Leave some out.`;
    if (depth > DEPTH_MAX) return `values are nested more than ${DEPTH_MAX} deep. Flatten them.`;
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one) : [],
    );
  }
  return "";
}
