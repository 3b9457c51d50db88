// Findings about a pair of JSON Schemas: each has the level that the policy gives its rule, and its places in both texts.

import type { CompatibilityPolicy, FindingDetail } from "../change.ts";
import { addFinding, type Collector } from "../pairWalk.ts";
import { isBreakingRule } from "./jsonRules.ts";
import type { SchemaNode } from "./schemaNode.ts";

/** Collects what is found about a pair of JSON Schemas. */
export interface JsonCollector extends Collector<SchemaNode> {
  readonly policy: CompatibilityPolicy;
}

/** Adds a difference at `path` below the pair. */
export function find(
  at: JsonCollector,
  rule: string,
  path: string,
  detail: FindingDetail = {},
): void {
  const level = isBreakingRule(rule, at.policy) ? "breaking" : "forgiven";
  addFinding(at, { rule, path, level, detail, places: placesOf(at, path) });
}

/** Adds something that registries do not look at. */
export function warn(
  at: JsonCollector,
  rule: string,
  path: string,
  detail: FindingDetail = {},
): void {
  addFinding(at, { rule, path, level: "warning", detail, places: placesOf(at, path) });
}

function placesOf({ writer, reader }: JsonCollector, path: string) {
  const [, keyword = ""] = path.split("/");
  const placeIn = (node: SchemaNode) =>
    Object.hasOwn(node.schema, keyword) ? node.pointer + path : node.pointer;
  return { writer: placeIn(writer), reader: placeIn(reader) };
}
