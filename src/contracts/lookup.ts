// Looking around in a foreign AsyncAPI document: objects by name, local references, and what stands under `x-spillway`.
// Nothing is taken for granted; whatever is not there or of another form is undefined.

import { isObject } from "../model/equal.ts";
import { unquoted } from "./quoted.ts";

/** An object of unknown content. */
export type Foreign = Readonly<Record<string, unknown>>;

/** References that lead to references are followed so often. */
const hopsMax = 8;

/** How deep and how large a document may be that is looked at. */
const limits = { depth: 256, values: 4_000_000 };

/** Whether data is too deep or too large to be looked at, also when parts of it stand in several places (as the anchors
 *  of YAML make them). */
export function isExcessive(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth++) {
    seen += level.length;
    if (depth > limits.depth || seen > limits.values) return true;
    const next: unknown[] = [];
    for (const each of level) {
      if (typeof each !== "object" || each === null) continue;
      for (const part of Object.values(each)) next.push(part);
      if (seen + next.length > limits.values) return true;
    }
    level = next;
  }
  return false;
}

/** The member of an object. */
export function memberOf(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The members of a member that are objects, by their names. */
export function objectsIn(object: unknown, name: string): readonly (readonly [string, Foreign])[] {
  const members = memberOf(object, name);
  if (!isObject(members)) return [];
  return Object.entries(members).filter((entry): entry is [string, Foreign] => isObject(entry[1]));
}

/** The list under a name; empty where there is none. */
export function listIn(object: unknown, name: string): readonly unknown[] {
  const list = memberOf(object, name);
  return Array.isArray(list) ? list : [];
}

/** A value, or what it refers to within the document, with the last reference that led there. */
export function follow(
  document: unknown,
  value: unknown,
): { readonly value: unknown; readonly reference?: string } {
  let at = value;
  let last: string | undefined;
  for (let hop = 0; hop < hopsMax; hop++) {
    const reference = memberOf(at, "$ref");
    if (typeof reference !== "string") break;
    last = reference;
    at = pointed(document, reference);
  }
  return last === undefined ? { value: at } : { value: at, reference: last };
}

function pointed(document: unknown, reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  let at = document;
  for (const step of reference.slice(2).split("/")) {
    const name = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    // A reference may lead through another one, such as a message of a channel that is shared.
    if (typeof memberOf(at, "$ref") === "string") return undefined;
    at = memberOf(at, name);
  }
  return at;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** What stands under `x-spillway` of an object; empty where there is nothing. */
export function extensionOf(object: unknown): Foreign {
  const extension = unquoted(memberOf(object, "x-spillway"));
  return isObject(extension) ? extension : {};
}

/** An object without some of its members. */
export function without(object: Foreign, names: readonly string[]): Foreign {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
