// Arrays: the first items one by one, and the rest by content model – open (anything may follow), closed (nothing), or
// partially open (what follows has a schema).

import { isEqual } from "../../model/equal.ts";
import { compareLimit } from "./compareLimits.ts";
import { comparePair, include, spend } from "../pairWalk.ts";
import { find, type JsonCollector, warn } from "./jsonWalk.ts";
import { childOf, type SchemaNode } from "./schemaNode.ts";

/** What an array says about its items. */
interface Items {
  /** Keyword of the first items, if they have schemas of their own, and how many there are. */
  readonly first: "items" | "prefixItems";
  readonly count: number;
  /** Keyword under which the rest has its schema: all items, where none has its own. */
  readonly restKeyword: "items" | "additionalItems" | "unevaluatedItems";
  readonly rest: SchemaNode | undefined;
}

/** Compares two arrays. */
export function compareArrays(at: JsonCollector): void {
  compareLimit(at, { keyword: "maxItems", rule: "MAX_ITEMS" });
  compareLimit(at, { keyword: "minItems", rule: "MIN_ITEMS", unwritten: 0 });
  compareUniqueness(at);
  compareContained(at);
  const [writer, reader] = [itemsOf(at.writer), itemsOf(at.reader)];
  const isUniform = (items: Items) => items.count === 0 && items.restKeyword === "items";
  if (isUniform(writer) && isUniform(reader)) return compareAll(at, writer.rest, reader.rest);
  compareFirst(at, writer, reader);
  compareRest(at, writer, reader);
}

function itemsOf(node: SchemaNode): Items {
  const { items, prefixItems } = node.schema;
  const first = Array.isArray(prefixItems) || !Array.isArray(items) ? "prefixItems" : "items";
  const list = node.schema[first];
  const restKeyword = restKeywordOf(node, first);
  return {
    first,
    count: Array.isArray(list) ? list.length : 0,
    restKeyword,
    rest: meaningful(node, restKeyword),
  };
}

function restKeywordOf(node: SchemaNode, first: Items["first"]): Items["restKeyword"] {
  const has = (keyword: string) => Object.hasOwn(node.schema, keyword);
  if (first === "prefixItems" && has("items")) return "items";
  if (has("additionalItems")) return "additionalItems";
  if (has("unevaluatedItems")) return "unevaluatedItems";
  return first === "items" ? "additionalItems" : "items";
}

// A schema that takes everything says nothing.
function meaningful(node: SchemaNode, keyword: string): SchemaNode | undefined {
  if (!Object.hasOwn(node.schema, keyword)) return undefined;
  const child = childOf(node, keyword);
  return child.kind === "any" ? undefined : child;
}

function compareAll(at: JsonCollector, writer?: SchemaNode, reader?: SchemaNode): void {
  if (writer !== undefined && reader !== undefined)
    include(at, comparePair(at.walk, writer, reader), "/items");
  else if (writer === undefined && reader !== undefined) find(at, "SCHEMA_ADDED", "/items");
  else if (writer !== undefined) find(at, "SCHEMA_REMOVED", "/items");
}

function compareFirst(at: JsonCollector, writer: Items, reader: Items): void {
  const count = Math.max(writer.count, reader.count);
  for (let index = 0; index < count && spend(at.walk, 1); index++) {
    if (index >= writer.count) compareAdded(at, { index, reader, writer });
    else if (index >= reader.count) compareRemoved(at, { index, reader, writer });
    else {
      const [mine, theirs] = [
        childOf(at.writer, writer.first, index),
        childOf(at.reader, reader.first, index),
      ];
      include(at, comparePair(at.walk, mine, theirs), `/${reader.first}/${index}`);
    }
  }
}

interface Position {
  readonly index: number;
  readonly writer: Items;
  readonly reader: Items;
}

function compareAdded(at: JsonCollector, { index, writer, reader }: Position): void {
  const path = `/${reader.first}/${index}`;
  const item = childOf(at.reader, reader.first, index);
  const detail = { name: String(index) };
  if (writer.rest === undefined) {
    const kind = item.kind === "any" ? "ITEM_WITH_EMPTY_SCHEMA_ADDED" : "ITEM_ADDED";
    find(at, `${kind}_TO_OPEN_CONTENT_MODEL`, path, detail);
  } else if (writer.rest.kind === "never") {
    find(at, "ITEM_ADDED_TO_CLOSED_CONTENT_MODEL", path, detail);
  } else {
    const outcome = comparePair(at.walk, writer.rest, item);
    include(at, outcome, path);
    const covered = outcome.isCompatible ? "IS_COVERED" : "NOT_COVERED";
    find(at, `ITEM_ADDED_${covered}_BY_PARTIALLY_OPEN_CONTENT_MODEL`, path, detail);
  }
}

function compareRemoved(at: JsonCollector, { index, writer, reader }: Position): void {
  const path = `/${writer.first}/${index}`;
  const item = childOf(at.writer, writer.first, index);
  const detail = { name: String(index) };
  if (reader.rest === undefined) {
    find(at, "ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL", path, detail);
  } else if (reader.rest.kind === "never") {
    const kind = item.kind === "never" ? "ITEM_WITH_FALSE_REMOVED" : "ITEM_REMOVED";
    find(at, `${kind}_FROM_CLOSED_CONTENT_MODEL`, path, detail);
  } else {
    const outcome = comparePair(at.walk, item, reader.rest);
    include(at, outcome, path);
    const covered = outcome.isCompatible ? "IS_COVERED" : "NOT_COVERED";
    find(at, `ITEM_REMOVED_${covered}_BY_PARTIALLY_OPEN_CONTENT_MODEL`, path, detail);
  }
}

function compareRest(at: JsonCollector, writer: Items, reader: Items): void {
  const { restKeyword } = reader.rest === undefined ? writer : reader;
  const path = `/${restKeyword}`;
  const name = restKeyword === "unevaluatedItems" ? "UNEVALUATED_ITEMS" : "ADDITIONAL_ITEMS";
  const isClosed = (items: Items) => items.rest?.kind === "never";
  if (isClosed(writer) && isClosed(reader)) return;
  if (isClosed(writer)) return find(at, `${name}_ADDED`, path);
  if (isClosed(reader)) return find(at, `${name}_REMOVED`, path);
  if (writer.rest !== undefined && reader.rest !== undefined)
    return include(at, comparePair(at.walk, writer.rest, reader.rest), path);
  if (reader.rest !== undefined) find(at, `${name}_NARROWED`, path);
  else if (writer.rest !== undefined) find(at, `${name}_EXTENDED`, path);
}

function compareUniqueness(at: JsonCollector): void {
  const [writer, reader] = [at.writer, at.reader].map(
    ({ schema }) => schema["uniqueItems"] === true,
  );
  if (writer !== reader)
    find(at, `UNIQUE_ITEMS_${reader === true ? "ADDED" : "REMOVED"}`, "/uniqueItems");
}

/** How many items must be of a kind; of which kind, registries do not look at. */
function compareContained(at: JsonCollector): void {
  const [writer, reader] = [at.writer.schema["contains"], at.reader.schema["contains"]];
  if (reader !== undefined && !isEqual(writer, reader))
    warn(at, "CONTAINS_CHANGED", "/contains", { writer, reader });
  if (writer === undefined || reader === undefined) return;
  compareLimit(at, { keyword: "maxContains", rule: "MAX_CONTAINS" });
  compareLimit(at, { keyword: "minContains", rule: "MIN_CONTAINS", unwritten: 1 });
}
