// Objects: properties and content models. An object is open where anything may stand beside its properties, closed where
// nothing may, and partially open where what may stand there has a schema or a pattern for its name.

import { pathTo } from "../../base/problem.ts";
import { isEqual } from "../../model/equal.ts";
import { compareDependencies } from "./compareDependencies.ts";
import { compareLimit } from "./compareLimits.ts";
import { comparePair, include, type Outcome, spend } from "../pairWalk.ts";
import { find, type JsonCollector, warn } from "./jsonWalk.ts";
import { matchesName } from "./namePattern.ts";
import { childOf, type SchemaNode } from "./schemaNode.ts";
import { isRecord } from "./schemaWalk.ts";

/** Compares two objects. */
export function compareObjects(at: JsonCollector): void {
  compareRequired(at);
  compareProperties(at);
  compareLimit(at, { keyword: "maxProperties", rule: "MAX_PROPERTIES" });
  compareLimit(at, { keyword: "minProperties", rule: "MIN_PROPERTIES", unwritten: 0 });
  compareDependencies(at);
  compareOthers(at, "additionalProperties", "ADDITIONAL_PROPERTIES");
  compareOthers(at, "unevaluatedProperties", "UNEVALUATED_PROPERTIES");
  for (const [keyword, rule] of [
    ["patternProperties", "PATTERN_PROPERTIES_CHANGED"],
    ["propertyNames", "PROPERTY_NAMES_CHANGED"],
  ] as const) {
    const [writer, reader] = [at.writer.schema[keyword], at.reader.schema[keyword]];
    if (reader !== undefined && !isEqual(writer, reader))
      warn(at, rule, `/${keyword}`, { writer, reader });
  }
}

function namesIn(node: SchemaNode, keyword: string): ReadonlySet<string> {
  const held = node.schema[keyword];
  if (Array.isArray(held)) return new Set(held.map(String));
  return new Set(isRecord(held) ? Object.keys(held) : []);
}

// A property that only one side knows is judged by the content model of the other, required or not.
function compareRequired(at: JsonCollector): void {
  const [before, after] = [namesIn(at.writer, "required"), namesIn(at.reader, "required")];
  const [known, declared] = [namesIn(at.writer, "properties"), namesIn(at.reader, "properties")];
  const isOneSided = (name: string) => known.has(name) !== declared.has(name);
  for (const name of after) {
    if (before.has(name) || (isOneSided(name) && declared.has(name))) continue;
    const isFilled = declared.has(name) && hasDefault(at.reader, name);
    const rule = isFilled ? "REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED" : "REQUIRED_ATTRIBUTE_ADDED";
    find(at, rule, pathTo("/required", name), { name });
  }
  for (const name of before)
    if (!after.has(name) && !(isOneSided(name) && known.has(name)))
      find(at, "REQUIRED_ATTRIBUTE_REMOVED", pathTo("/required", name), { name });
}

function hasDefault(node: SchemaNode, name: string): boolean {
  const held = node.schema["properties"];
  const written: unknown = isRecord(held)
    ? Object.getOwnPropertyDescriptor(held, name)?.value
    : undefined;
  if (isRecord(written) && Object.hasOwn(written, "default")) return true;
  return Object.hasOwn(childOf(node, "properties", name).schema, "default");
}

function compareProperties(at: JsonCollector): void {
  const [before, after] = [namesIn(at.writer, "properties"), namesIn(at.reader, "properties")];
  for (const name of new Set([...before, ...after])) {
    if (!spend(at.walk, 1)) return;
    if (!after.has(name)) compareRemoved(at, name);
    else if (!before.has(name)) compareAdded(at, name);
    else include(at, compareProperty(at, name), pathTo("/properties", name));
  }
}

function compareProperty(at: JsonCollector, name: string): Outcome {
  const [writer, reader] = [at.writer, at.reader].map((node) => childOf(node, "properties", name));
  return writer === undefined || reader === undefined
    ? { isCompatible: true, findings: [] }
    : comparePair(at.walk, writer, reader);
}

/** What a schema says about a property that it does not declare: a schema, or that it may be there or not. */
type Coverage = "open" | "closed" | SchemaNode;

function coverageOf(node: SchemaNode, name: string): Coverage {
  for (const pattern of namesIn(node, "patternProperties"))
    if (matchesName(pattern, name)) return childOf(node, "patternProperties", pattern);
  for (const keyword of ["additionalProperties", "unevaluatedProperties"]) {
    if (!Object.hasOwn(node.schema, keyword)) continue;
    const others = childOf(node, keyword);
    if (others.kind === "never") return "closed";
    if (others.kind !== "any") return others;
  }
  return "open";
}

// What the reader names for the first time, the writer may have sent already: as it liked (open), never (closed), or
// with the schema that it has for such names.
function compareAdded(at: JsonCollector, name: string): void {
  const path = pathTo("/properties", name);
  const property = childOf(at.reader, "properties", name);
  const coverage = coverageOf(at.writer, name);
  if (coverage === "open" && property.kind === "any")
    return find(at, "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", path, { name });
  if (coverage !== "open" && coverage !== "closed") {
    const outcome = comparePair(at.walk, coverage, property);
    include(at, outcome, path);
    const covered = outcome.isCompatible ? "IS_COVERED" : "NOT_COVERED";
    find(at, `PROPERTY_ADDED_${covered}_BY_PARTIALLY_OPEN_CONTENT_MODEL`, path, { name });
  }
  const isRequired = namesIn(at.reader, "required").has(name);
  const filled = hasDefault(at.reader, name)
    ? "REQUIRED_PROPERTY_WITH_DEFAULT"
    : "REQUIRED_PROPERTY";
  const kind = isRequired ? filled : "OPTIONAL_PROPERTY";
  find(at, `${kind}_ADDED_TO_${coverage === "open" ? "OPEN" : "UNOPEN"}_CONTENT_MODEL`, path, {
    name,
  });
}

// What the reader no longer names, it still meets: it takes it (open), refuses it (closed), or asks what it asks of
// such names.
function compareRemoved(at: JsonCollector, name: string): void {
  const path = pathTo("/properties", name);
  const property = childOf(at.writer, "properties", name);
  const coverage = coverageOf(at.reader, name);
  if (coverage === "open")
    return find(at, "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL", path, { name });
  if (coverage === "closed") {
    const kind = property.kind === "never" ? "PROPERTY_WITH_FALSE" : "PROPERTY";
    return find(at, `${kind}_REMOVED_FROM_CLOSED_CONTENT_MODEL`, path, { name });
  }
  const outcome = comparePair(at.walk, property, coverage);
  include(at, outcome, path);
  const covered = outcome.isCompatible ? "IS_COVERED" : "NOT_COVERED";
  find(at, `PROPERTY_REMOVED_${covered}_BY_PARTIALLY_OPEN_CONTENT_MODEL`, path, { name });
}

/** What may stand beside the properties: nothing, anything, or what has a schema. */
function compareOthers(at: JsonCollector, keyword: string, rule: string): void {
  const path = `/${keyword}`;
  const [writer, reader] = [at.writer, at.reader].map((node) =>
    Object.hasOwn(node.schema, keyword) ? childOf(node, keyword) : undefined,
  );
  const [before, after] = [modelOf(writer), modelOf(reader)];
  if (before === "closed" && after === "closed") return;
  if (before === "closed") return find(at, `${rule}_ADDED`, path);
  if (after === "closed") return find(at, `${rule}_REMOVED`, path);
  if (before === "open" && after === "partial") return find(at, `${rule}_NARROWED`, path);
  if (before === "partial" && after === "open") return find(at, `${rule}_EXTENDED`, path);
  if (before === "partial" && writer !== undefined && reader !== undefined)
    include(at, comparePair(at.walk, writer, reader), path);
}

function modelOf(others: SchemaNode | undefined): "open" | "closed" | "partial" {
  if (others === undefined || others.kind === "any") return "open";
  return others.kind === "never" ? "closed" : "partial";
}
