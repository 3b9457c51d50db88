// What an object asks for when a certain property is there: other properties, or a schema. Draft 7 keeps both under one
// keyword, later drafts under two.

import { pathTo } from "../../base/problem.ts";
import { comparePair, include, spend } from "../pairWalk.ts";
import { find, type JsonCollector } from "./jsonWalk.ts";
import { nodeOf, type SchemaNode } from "./schemaNode.ts";
import { isRecord } from "./schemaWalk.ts";

/** A dependency, and where it stands. */
interface Dependency {
  readonly path: string;
  readonly asked: unknown;
}

type Dependencies = ReadonlyMap<string, Dependency>;

/** Compares dependencies of both kinds. */
export function compareDependencies(at: JsonCollector): void {
  compareNames(at);
  compareSchemas(at);
}

function dependenciesOf(node: SchemaNode, keywords: readonly string[]): Dependencies {
  const found = new Map<string, Dependency>();
  for (const keyword of keywords) {
    const held = node.schema[keyword];
    if (!isRecord(held)) continue;
    for (const [name, asked] of Object.entries(held))
      found.set(name, { path: pathTo(`/${keyword}`, name), asked });
  }
  return found;
}

function only(dependencies: Dependencies, isWanted: (asked: unknown) => boolean): Dependencies {
  return new Map([...dependencies].filter(([, { asked }]) => isWanted(asked)));
}

function compareNames(at: JsonCollector): void {
  const [before, after] = [at.writer, at.reader].map((node) =>
    only(dependenciesOf(node, ["dependencies", "dependentRequired"]), Array.isArray),
  );
  if (before === undefined || after === undefined) return;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (!spend(at.walk, 1)) return;
    const [old, now] = [before.get(name), after.get(name)];
    const path = now?.path ?? old?.path ?? "";
    const kind = changeOf(old?.asked, now?.asked);
    if (kind !== undefined)
      find(at, `DEPENDENCY_ARRAY_${kind}`, path, { name, writer: old?.asked, reader: now?.asked });
  }
}

function changeOf(before: unknown, after: unknown): string | undefined {
  if (!Array.isArray(before)) return "ADDED";
  if (!Array.isArray(after)) return "REMOVED";
  const [old, now] = [new Set(before.map(String)), new Set(after.map(String))];
  const keepsAll = [...old].every((name) => now.has(name));
  const addsNone = [...now].every((name) => old.has(name));
  if (keepsAll && addsNone) return undefined;
  if (keepsAll) return "EXTENDED";
  return addsNone ? "NARROWED" : "CHANGED";
}

function compareSchemas(at: JsonCollector): void {
  const isSchema = (asked: unknown) => isRecord(asked) || typeof asked === "boolean";
  const [before, after] = [at.writer, at.reader].map((node) =>
    only(dependenciesOf(node, ["dependencies", "dependentSchemas"]), isSchema),
  );
  if (before === undefined || after === undefined) return;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (!spend(at.walk, 1)) return;
    const [old, now] = [before.get(name), after.get(name)];
    if (old !== undefined && now !== undefined) {
      const writer = nodeOf(at.writer.document, old.asked, at.writer.pointer + old.path);
      const reader = nodeOf(at.reader.document, now.asked, at.reader.pointer + now.path);
      include(at, comparePair(at.walk, writer, reader), now.path);
    } else if (now !== undefined) find(at, "DEPENDENCY_SCHEMA_ADDED", now.path, { name });
    else if (old !== undefined) find(at, "DEPENDENCY_SCHEMA_REMOVED", old.path, { name });
  }
}
