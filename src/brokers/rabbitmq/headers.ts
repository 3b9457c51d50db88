// Matching of headers exchanges, and the headers CC and BCC, as in RabbitMQ's rabbit_exchange_type_headers and
// rabbit_basic. Pure functions of what publishers and bindings state.

import {
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../mechanisms/routing/messageFacts.ts";

/** How the arguments of a binding are to be met. */
const matches = ["all", "any", "all-with-x", "any-with-x"] as const;
type Match = (typeof matches)[number];

/** A binding to a headers exchange: the headers that are wanted; null stands for any value. */
export interface HeadersBinding {
  readonly match: Match;
  readonly wanted: readonly (readonly [name: string, value: Json])[];
}

/** Reads the arguments of a binding; a text that is none gives undefined. */
export function parseArguments(text: string): HeadersBinding | undefined {
  const parsed = text.trim() === "" ? undefined : parseJson(text);
  const stated: Json | undefined = parsed === undefined ? {} : parsed.ok ? parsed.value : undefined;
  if (stated === undefined || !isJsonObject(stated)) return undefined;
  const asked = Object.hasOwn(stated, "x-match") ? stated["x-match"] : "all";
  const match = matches.find((one) => one === asked);
  if (match === undefined) return undefined;
  const withX = match.endsWith("-with-x");
  const wanted = Object.entries(stated).filter(
    ([name]) => name !== "x-match" && (withX || !name.startsWith("x-")),
  );
  return { match, wanted };
}

/** Whether the headers of a message are what a binding wants. "all" of nothing is met, "any" of nothing is not. */
export function matchesHeaders(binding: HeadersBinding, headers: JsonObject): boolean {
  const isMet = ([name, value]: readonly [string, Json]) =>
    Object.hasOwn(headers, name) && (value === null || isSame(value, headers[name] ?? null));
  return binding.match.startsWith("all") ? binding.wanted.every(isMet) : binding.wanted.some(isMet);
}

/** The further routing keys that a message names in a header, a list of texts. */
export function keysIn(headers: JsonObject, name: "CC" | "BCC"): readonly string[] {
  const list = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(list) ? list.filter((one: Json) => typeof one === "string") : [];
}

/** The headers without some of them. */
export function without(headers: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** Of the same type and value: 1 is not "1". */
function isSame(one: Json, other: Json): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
